namespace EligibilityGateway.Rules.Eligibility.Policies;

/// <summary>What a bill's special codes (レセプト特記事項) say of limits: receipt-codes.json. A code that no source says is told to nobody: a wrong one sends the bill back.</summary>
internal static class ReceiptCodePolicy
{
    public static readonly IReadOnlyList<ReceiptCodeRow> All = PolicyFile<ReceiptCodeRow>.RowsOf("receipt-codes.json");

    private static readonly ReceiptCodeRow[] Told = [.. All.Where(row => row.Verified)];

    /// <summary>Of a limit class; null where none was in force on the day, or none is known.</summary>
    public static ReceiptCodeRow? OfClass(string limitClass, DateOnly day)
    {
        foreach (var row in Told)
            if (row.LimitClass == limitClass && row.Counts(day)) return row;
        return null;
    }

    /// <summary>Of a specific disease with that monthly limit.</summary>
    public static ReceiptCodeRow? OfSpecificDisease(int monthlyLimitYen, DateOnly day)
    {
        foreach (var row in Told)
            if (row.SpecificDiseaseYen == monthlyLimitYen && row.Counts(day)) return row;
        return null;
    }
}

/// <summary>One row of receipt-codes.json.</summary>
/// <param name="LimitClass">A01–A06, B01–B10; null for a specific disease.</param>
/// <param name="SpecificDiseaseYen">A specific disease's monthly limit; null for a class.</param>
/// <param name="Code">Two digits.</param>
/// <param name="Label">As it is written after the code.</param>
/// <param name="From">First day; null where not known.</param>
/// <param name="Until">Last day, inclusive; null while open.</param>
/// <param name="Verified">The source says all of it.</param>
/// <param name="Source">Where it was read.</param>
internal sealed record ReceiptCodeRow(
    string? LimitClass, int? SpecificDiseaseYen, string Code, string Label, DateOnly? From, DateOnly? Until, bool Verified, string Source)
{
    public bool Counts(DateOnly day) => (From is null || From <= day) && (Until is null || day <= Until);
}
