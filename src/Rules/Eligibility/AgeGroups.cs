using EligibilityGateway.Rules.Facts;

namespace EligibilityGateway.Rules.Eligibility;

internal static class AgeGroups
{
    /// <summary>The group on that day. The scheme decides before the age does.</summary>
    public static AgeGroup On(DateOnly day, CoverageFact coverage, DateOnly birthDate)
    {
        if (IsLateElderly(coverage.InsurerNumber)) return AgeGroup.LateElderly;
        if (day <= LegalAge.PreschoolUntil(birthDate)) return AgeGroup.Preschool;
        return day < LegalAge.ElderlyRecipientFrom(birthDate) ? AgeGroup.SchoolTo69 : AgeGroup.ElderlyRecipient;
    }

    // Law number 39 of 8 digits. A 6-digit number that begins with 39 is of a municipality in Kōchi (prefecture 39).
    // InsurerNumber.IsLateElderly says the same of typed text; stored numbers are clean, so that no parsing is needed here.
    public static bool IsLateElderly(string insurerNumber) => insurerNumber is ['3', '9', _, _, _, _, _, _];
}
