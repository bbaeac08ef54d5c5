using MemoryPack;

namespace EligibilityGateway.Rules.Facts;

/// <summary>
/// All that is needed to decide about one person, each fact dated: what the store held at <see cref="Version"/>. Immutable.
/// </summary>
[MemoryPackable]
public sealed partial record PersonSnapshot(
    long PersonId,
    long Version,
    PersonDetail[] Details,
    CoverageFact[] Coverages,
    BurdenFact[] Burdens,
    LimitFact[] Limits,
    SpecificDiseaseFact[] SpecificDiseases,
    EligibilityCertificateFact[] EligibilityCertificates,
    ChargeFact[] Charges)
{
    public WithheldLimitFact[] WithheldLimits { get; init; } = [];

    public MedicalTicketFact[] MedicalTickets { get; init; } = [];

    /// <summary>
    /// Name, sex, birth date and address as that insurer says they were on that day: the latest of its statements that began on or before
    /// it, else its first. What another insurer says counts only where this one has said nothing.
    /// </summary>
    /// <param name="day">The day.</param>
    /// <param name="insurer">The coverage's insurer number; null where no coverage is known.</param>
    public PersonDetail DetailOn(DateOnly day, string? insurer)
    {
        var found = Details[0];
        foreach (var detail in Details.AsSpan(1))
        {
            var (its, foundIts) = (detail.IsOf(insurer), found.IsOf(insurer));
            if (its != foundIts ? its : detail.ValidFrom <= day && (detail.ValidFrom >= found.ValidFrom || found.ValidFrom > day)) found = detail;
        }
        return found;
    }
}

/// <summary>
/// A person's name, sex, birth date and address, from a day on. Ordered by that day; the later revision of a day wins. Insurer: whose
/// statement it is, by its number; null where it came with no insurer's, and counts for each.
/// </summary>
[MemoryPackable]
public sealed partial record PersonDetail(
    DateOnly ValidFrom, string Name, string NameKana, string OtherName, Sex Sex, DateOnly BirthDate,
    string Address = "", string PostCode = "", string OtherNameKana = "", Sex? SexOnDocument = null, string? Insurer = null)
{
    /// <summary>Whether it counts for a coverage of that insurer.</summary>
    public bool IsOf(string? insurer) => insurer is null || Insurer is null || Insurer == insurer;
}

/// <summary>Sex as the insurer knows it: the codes of the official interface.</summary>
public enum Sex : short
{
    Male = 1,
    Female = 2,
    NotSet = 3,
}

/// <summary>
/// Coverage in force from <see cref="AcquiredOn"/> until the day before <see cref="LostOn"/> (資格取得日, 資格喪失日). HouseholdContinuesOn: the
/// household moved here within the prefecture on that day and goes on (世帯の継続). InsuredTurned75On: on that day the insured person turned
/// 75, by which this dependant changed insurers. Each null where nothing of the sort is stated.
/// </summary>
[MemoryPackable]
public sealed partial record CoverageFact(
    long CoverageId,
    string InsurerNumber,
    string InsurerName,
    string Classification,
    string Symbol,
    string Number,
    string? Branch,
    Relation Relation,
    DateOnly AcquiredOn,
    DateOnly? LostOn,
    string InsuredName = "",
    short? LossReason = null,
    DateOnly? HouseholdContinuesOn = null,
    DateOnly? InsuredTurned75On = null)
{
    /// <summary>The loss date itself is no longer covered.</summary>
    public bool Covers(DateOnly day) => AcquiredOn <= day && (LostOn is null || day < LostOn);
}

/// <summary>Insured person (本人) or dependant (家族).</summary>
public enum Relation : short
{
    Insured = 1,
    Dependant = 2,
}

/// <summary>Burden ratio set by the insurer for those of 70 and over. <see cref="ValidUntil"/> is the last day, inclusive.</summary>
[MemoryPackable]
public sealed partial record BurdenFact(long CoverageId, short Percent, DateOnly ValidFrom, DateOnly? ValidUntil, DateOnly IssuedOn = default)
{
    public bool Counts(DateOnly day) => ValidFrom <= day && (ValidUntil is null || day <= ValidUntil);
}

/// <summary>Limit class (適用区分), A01–A06 or B01–B10. <see cref="ValidUntil"/> is the last day, inclusive.</summary>
[MemoryPackable]
public sealed partial record LimitFact(
    long CoverageId, string CertificateClass, string LimitClass, DateOnly ValidFrom, DateOnly? ValidUntil, DateOnly? LongTermOn, DateOnly IssuedOn = default)
{
    public bool Counts(DateOnly day) => ValidFrom <= day && (ValidUntil is null || day <= ValidUntil);
}

/// <summary>Specific long-term disease (特定疾病): 1 dialysis, 2 haemophilia, 3 HIV from blood products.</summary>
[MemoryPackable]
public sealed partial record SpecificDiseaseFact(
    long CoverageId, short Category, int MonthlyLimitYen, DateOnly ValidFrom, DateOnly? ValidUntil, DateOnly IssuedOn = default)
{
    public bool Counts(DateOnly day) => ValidFrom <= day && (ValidUntil is null || day <= ValidUntil);
}

/// <summary>Eligibility certificate (資格確認書). <see cref="ValidUntil"/> is the last day, inclusive.</summary>
[MemoryPackable]
public sealed partial record EligibilityCertificateFact(long CoverageId, DateOnly IssuedOn, DateOnly ValidUntil)
{
    public bool Counts(DateOnly day) => IssuedOn <= day && day <= ValidUntil;
}

/// <summary>A charge that a site has reported and not taken back. <see cref="CountsUntil"/> is the last day, inclusive.</summary>
[MemoryPackable]
public sealed partial record ChargeFact(
    string Institution,
    DateOnly ServiceDate,
    bool IsCollected,
    bool IsInpatient,
    bool IsSpecificDisease,
    string? Prescriber,
    int TotalCostYen,
    int ChargedYen,
    DateOnly CountsUntil);

/// <summary>The insurer withholds the limit of a person under 70: premiums are not paid. <see cref="ValidUntil"/> is the last day, inclusive.</summary>
[MemoryPackable]
public sealed partial record WithheldLimitFact(long CoverageId, DateOnly ValidFrom, DateOnly? ValidUntil)
{
    public bool Counts(DateOnly day) => ValidFrom <= day && (ValidUntil is null || day <= ValidUntil);
}

/// <summary>
/// A medical ticket (医療券) for one calendar month at one institution, 10 digits. <see cref="ValidUntil"/> is the last day, inclusive.
/// </summary>
[MemoryPackable]
public sealed partial record MedicalTicketFact(
    long CoverageId,
    DateOnly ValidFrom,
    DateOnly ValidUntil,
    DateOnly TreatmentMonth,
    string Institution,
    string? Prescriber,
    int SelfPayYen,
    TicketDetails Details)
{
    public bool Counts(DateOnly day) => ValidFrom <= day && day <= ValidUntil && (day.Year, day.Month) == (TreatmentMonth.Year, TreatmentMonth.Month);
}

/// <summary>One line of a person's medical history.</summary>
[MemoryPackable]
public sealed partial record ClinicalFact(ClinicalKind Kind, DateOnly HappenedOn, string What, string Institution);

public enum ClinicalKind : short
{
    Visit = 1,
    EPrescription = 2,
    Medicine = 3,
    Operation = 4,
    Treatment = 5,
    Dialysis = 6,
    HealthCheck = 7,
}
