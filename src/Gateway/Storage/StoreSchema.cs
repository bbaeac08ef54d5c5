namespace EligibilityGateway.Gateway.Storage;

/// <summary>Names that the SQL files and the program must agree on.</summary>
internal static class StoreSchema
{
    /// <summary>The schema that holds everything.</summary>
    public const string Name = "eligibility";

    /// <summary>The table of applied migrations.</summary>
    public const string JournalTable = "schema_version";
}
