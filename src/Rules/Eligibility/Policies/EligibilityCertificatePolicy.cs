namespace EligibilityGateway.Rules.Eligibility.Policies;

/// <summary>How long an eligibility certificate (資格確認書) may be good: eligibility-certificate.json.</summary>
internal static class EligibilityCertificatePolicy
{
    public static readonly IReadOnlyList<EligibilityCertificateRow> All = PolicyFile<EligibilityCertificateRow>.RowsOf("eligibility-certificate.json");

    /// <summary>Last day, inclusive, that one issued on that day may bear at most; null where none could be issued yet.</summary>
    public static DateOnly? LongestUntil(DateOnly issuedOn)
    {
        EligibilityCertificateRow? found = null;
        foreach (var row in All)
            if (row.IssuedFrom <= issuedOn && (found is null || row.IssuedFrom > found.IssuedFrom)) found = row;
        return found is null ? null : issuedOn.AddYears(found.MostYears);
    }
}

/// <summary>One row of eligibility-certificate.json: certificates issued from that day on.</summary>
internal sealed record EligibilityCertificateRow(int MostYears, DateOnly IssuedFrom, bool Verified, string Source);
