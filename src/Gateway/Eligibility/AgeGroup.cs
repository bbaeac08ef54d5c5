using EligibilityGateway.Gateway.Snapshots;

namespace EligibilityGateway.Gateway.Eligibility;

/// <summary>Which rules of share and limit apply to a person in a coverage.</summary>
internal enum AgeGroup
{
    /// <summary>Up to the 31 March after the 6th year of life (未就学児).</summary>
    Preschool,

    /// <summary>From school age up to the month in which 70 is reached.</summary>
    SchoolTo69,

    /// <summary>70 to 74 (高齢受給者).</summary>
    ElderlyRecipient,

    /// <summary>In the scheme for those of 75 and over (後期高齢者医療), whatever the age: the disabled may enter it from 65.</summary>
    LateElderly,
}

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
    private static bool IsLateElderly(string insurerNumber) => insurerNumber is ['3', '9', _, _, _, _, _, _];
}
