using EligibilityGateway.Rules.Eligibility.Policies;
using EligibilityGateway.Rules.Facts;

namespace EligibilityGateway.Rules.Eligibility;

/// <summary>Eligibility certificates (資格確認書) on a coverage.</summary>
public static class EligibilityCertificateRule
{
    /// <summary>One counts on the day: in its dates, and no longer than the law lets it.</summary>
    internal static bool CountsOn(DateOnly day, PersonSnapshot person, CoverageFact coverage)
    {
        foreach (var certificate in person.EligibilityCertificates)
            if (certificate.CoverageId == coverage.CoverageId && certificate.Counts(day) && day <= EligibilityCertificatePolicy.LongestUntil(certificate.IssuedOn)) return true;
        return false;
    }

    /// <summary>The latest issued on or before the day, ended or not; of two of one day, the longer. Null where there is none.</summary>
    public static EligibilityCertificateFact? LatestOn(DateOnly day, PersonSnapshot person, CoverageFact coverage)
    {
        EligibilityCertificateFact? found = null;
        foreach (var certificate in person.EligibilityCertificates)
        {
            if (certificate.CoverageId != coverage.CoverageId || certificate.IssuedOn > day) continue;
            if (found is null || (certificate.IssuedOn, certificate.ValidUntil).CompareTo((found.IssuedOn, found.ValidUntil)) > 0) found = certificate;
        }
        return found;
    }
}
