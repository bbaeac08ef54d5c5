namespace EligibilityGateway.Rules.Eligibility;

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
