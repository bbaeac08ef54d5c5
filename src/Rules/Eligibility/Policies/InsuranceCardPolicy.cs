namespace EligibilityGateway.Rules.Eligibility.Policies;

/// <summary>Until when old insurance cards (被保険者証) open their own coverage: insurance-card.json.</summary>
internal static class InsuranceCardPolicy
{
    public static readonly IReadOnlyList<InsuranceCardRow> All = PolicyFile<InsuranceCardRow>.RowsOf("insurance-card.json");

    /// <summary>Last day, inclusive, printed or by law, of the last of them.</summary>
    public static readonly DateOnly LastDay = All.Single(row => row is { Applies: true, Tolerated: false }).Until;

    /// <summary>Last day, inclusive, on which one of that insurer is accepted; <see cref="LastDay"/> where none is tolerated longer.</summary>
    public static DateOnly AcceptedUntil(string insurerNumber)
    {
        var until = LastDay;
        foreach (var row in All)
            if (row.Applies && row.Until > until && row.IsOf(insurerNumber)) until = row.Until;
        return until;
    }
}

/// <summary>One row of insurance-card.json.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Until">Last day, inclusive.</param>
/// <param name="LawNumbers">Of insurer numbers of 8 digits, those that begin so; null: all.</param>
/// <param name="SixDigits">Also those of 6 digits: national health insurance (国保).</param>
/// <param name="Tolerated">The card has ended all the same, and the patient is to bring another document.</param>
/// <param name="Applies">The row counts.</param>
/// <param name="Verified">The source says all of it.</param>
/// <param name="Source">Where it was read.</param>
internal sealed record InsuranceCardRow(string Id, DateOnly Until, string[]? LawNumbers, bool SixDigits, bool Tolerated, bool Applies, bool Verified, string Source)
{
    public bool IsOf(string insurerNumber) =>
        insurerNumber.Length == 6 ? SixDigits : LawNumbers is null || Array.IndexOf(LawNumbers, insurerNumber[..2]) >= 0;
}
