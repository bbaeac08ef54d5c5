using EligibilityGateway.Contracts;
using EligibilityGateway.Rules.Eligibility;

namespace EligibilityGateway.Rules.Certificates;

/// <summary>Who is due an eligibility certificate whatever the card is worth: certificates-due.json.</summary>
internal static class CertificateDuePolicy
{
    public static readonly IReadOnlyList<CertificateDueRow> All = PolicyFile<CertificateDueRow>.RowsOf("certificates-due.json");

    public static bool Holds(InsurerNumber insurer, DateOnly birthDate, DateOnly day)
    {
        foreach (var row in All)
            if (row.IsOf(insurer.ToString()) && row.Counts(day) && row.HoldsFor(birthDate, day)) return true;
        return false;
    }
}

/// <summary>One row of certificates-due.json.</summary>
/// <param name="LawNumber">Of insurer numbers of 8 digits, those that begin so.</param>
/// <param name="LeastAge">In full years; null: any.</param>
/// <param name="From">First day of a list.</param>
/// <param name="Until">Last day of a list, inclusive; null while open.</param>
/// <param name="Verified">The source says all of it.</param>
/// <param name="Source">Where it was read.</param>
internal sealed record CertificateDueRow(string LawNumber, int? LeastAge, DateOnly From, DateOnly? Until, bool Verified, string Source)
{
    public bool IsOf(string insurerNumber) => insurerNumber.Length == 8 && insurerNumber.StartsWith(LawNumber, StringComparison.Ordinal);

    public bool Counts(DateOnly day) => From <= day && (Until is null || day <= Until);

    /// <summary>Of the age from the birthday on, as this scheme counts its 75.</summary>
    public bool HoldsFor(DateOnly birthDate, DateOnly day) => LeastAge is not { } age || LegalAge.ReachedOn(birthDate, age) < day;
}
