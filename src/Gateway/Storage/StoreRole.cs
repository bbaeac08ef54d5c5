namespace EligibilityGateway.Gateway.Storage;

/// <summary>Who connects to Postgres. Each is a database role with its own rights; none may change to another.</summary>
public enum StoreRole
{
    /// <summary>Owns the schema; migrations and bulk loads of synthetic data only.</summary>
    Owner,

    /// <summary>Serves look-ups: reads what a snapshot needs, inserts access records.</summary>
    Gateway,

    /// <summary>Brings in coverage facts of insurers.</summary>
    InsurerFeed,

    /// <summary>Binds cards to persons and tells their state.</summary>
    CardOffice,

    /// <summary>Lets terminals in and shuts them out.</summary>
    Operator,

    /// <summary>Takes out what a year's medical care cost a person, each time on record.</summary>
    Expenses,

    /// <summary>Looks at what was known of a person at an earlier moment, each time on record.</summary>
    History,

    /// <summary>Reads the access records of a person, a terminal or an institution, each time on record.</summary>
    Auditor,
}

internal static class StoreRoleNames
{
    /// <summary>The role's name in Postgres, as Bootstrap.sql creates it.</summary>
    public static string LoginName(this StoreRole role) => role switch
    {
        StoreRole.Owner => "eg_owner",
        StoreRole.Gateway => "eg_gateway",
        StoreRole.InsurerFeed => "eg_insurer_feed",
        StoreRole.CardOffice => "eg_card_office",
        StoreRole.Operator => "eg_operator",
        StoreRole.Expenses => "eg_expenses",
        StoreRole.History => "eg_history",
        StoreRole.Auditor => "eg_auditor",
        _ => throw new ArgumentOutOfRangeException(nameof(role)),
    };
}
