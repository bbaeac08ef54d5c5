namespace EligibilityGateway.Rules.Emergency;

/// <summary>How fast emergency summaries are opened on a claim: claim-rates.json.</summary>
internal static class ClaimRatePolicy
{
    public static readonly IReadOnlyList<ClaimRateRow> All = PolicyFile<ClaimRateRow>.RowsOf("claim-rates.json");

    /// <summary>Null where that day knows no bound.</summary>
    public static ClaimRateRow? Of(ClaimScope scope, DateOnly day)
    {
        foreach (var row in All)
            if (row.Scope == scope && row.From <= day && !(row.Until < day)) return row;
        return null;
    }
}

/// <summary>Whose claims are counted together.</summary>
internal enum ClaimScope
{
    Terminal,

    /// <summary>All terminals of one institution code.</summary>
    Institution,
}

/// <summary>One row of claim-rates.json, both days inclusive; null is open.</summary>
/// <param name="Scope">Whose claims are counted together.</param>
/// <param name="MostAMinute">So many within any minute go through at once.</param>
/// <param name="ApartSeconds">Above that, how long after the one before.</param>
/// <param name="From">First day.</param>
/// <param name="Until">Last day.</param>
/// <param name="Verified">Whether the source says all of it.</param>
/// <param name="Source">Where it stands.</param>
internal sealed record ClaimRateRow(ClaimScope Scope, int MostAMinute, int ApartSeconds, DateOnly From, DateOnly? Until, bool Verified, string Source);
