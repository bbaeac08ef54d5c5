namespace EligibilityGateway.Rules.Eligibility.Policies;

/// <summary>Which scheme is billed before which: billing-order.json.</summary>
internal static class BillingOrderPolicy
{
    public static readonly IReadOnlyList<BillingOrderRow> All = PolicyFile<BillingOrderRow>.RowsOf("billing-order.json");

    /// <summary>The lowest is billed first.</summary>
    public static int PlaceOf(string insurerNumber, string classification)
    {
        foreach (var row in All)
            if ((row.Classification ?? classification) == classification && (row.LawNumber is null || (insurerNumber.Length == 8 && insurerNumber.StartsWith(row.LawNumber, StringComparison.Ordinal)))) return row.Place;
        throw new InvalidOperationException("billing-order.json ends without a row for every coverage.");
    }
}

/// <summary>One row of billing-order.json.</summary>
internal sealed record BillingOrderRow(int Place, string? Classification, string? LawNumber, bool Verified, string Source);
