namespace EligibilityGateway.Rules.HighCost;

/// <summary>The table of points under which an institution bills: a part of its code.</summary>
public enum CareTable
{
    Medical,
    Dental,
    Pharmacy,
}

internal static class CareTables
{
    private const int Digit = 2;

    /// <summary>Of an institution, by its code of 10 digits; all that is neither dental nor a pharmacy bills as medical.</summary>
    public static CareTable Of(string institution) => institution[Digit] switch
    {
        '3' => CareTable.Dental,
        '4' => CareTable.Pharmacy,
        _ => CareTable.Medical,
    };
}

/// <summary>One bill: what a visit, a stay's part within one month, or a dispensing costs in all.</summary>
/// <param name="Member">Index of the household's member who was treated.</param>
/// <param name="Date">Day of treatment; it picks the rules.</param>
/// <param name="Institution">10 digits.</param>
/// <param name="Table">Medical, dental or pharmacy.</param>
/// <param name="Prescriber">With a pharmacy: the institution that prescribed, 10 digits.</param>
/// <param name="IsInpatient">A stay; otherwise outpatient.</param>
/// <param name="TotalCost">Yen, all that the insurance covers; without meals and what is outside the insurance.</param>
/// <param name="IsSpecificDisease">For a specific long-term disease (特定疾病) of the patient.</param>
public readonly record struct Bill(
    int Member, DateOnly Date, string Institution, CareTable Table, string? Prescriber, bool IsInpatient, long TotalCost, bool IsSpecificDisease)
{
    /// <summary>A dispensing is aggregated with the visit it was prescribed at.</summary>
    internal string AggregatedAt => Prescriber ?? Institution;

    /// <summary>Medical and dental care of one institution are aggregated apart; a dispensing is of its prescriber's kind.</summary>
    internal bool IsDental => Table == CareTable.Dental || (Table == CareTable.Pharmacy && Prescriber is { } prescriber && CareTables.Of(prescriber) == CareTable.Dental);
}

/// <summary>What the rules say of a bill on its own day.</summary>
/// <param name="Pool">Who is aggregated with whom: bills of one household under one insurer have one number. Negative: not covered on that day.</param>
/// <param name="Percent">The patient's share of the cost.</param>
/// <param name="LimitClass">Class of the month's limit; null where there is none.</param>
/// <param name="IsElderly">The rules from 70 on.</param>
/// <param name="Halves">Whether the month's limits are halved, and why.</param>
/// <param name="IsMultipleHit">The fourth month or a later one within twelve (多数回該当).</param>
/// <param name="SpecificDiseaseYen">The month's limit of a specific disease where the bill is for one that counts; else null.</param>
public readonly record struct BillTerms(
    int Pool, int Percent, string? LimitClass, bool IsElderly, LimitHalves Halves, bool IsMultipleHit, int? SpecificDiseaseYen)
{
    public static readonly BillTerms NotCovered = new(-1, 0, null, false, default, false, null);

    public bool IsCovered => Pool >= 0;

    /// <summary>Medical assistance bears the patient's share, up to the limit; without an insurance, where the share is 0, the whole cost.</summary>
    public bool IsAssisted { get; init; }

    /// <summary>With medical assistance: what the patient pays at the window in the month, in yen, as the ticket says; null where that is not known.</summary>
    public long? SelfPayYen { get; init; }
}

/// <summary>What one bill means at the window, in yen.</summary>
/// <param name="Share">The patient's share of the cost; 0 with medical assistance alone.</param>
/// <param name="Charged">What is collected there and then; 0 with medical assistance where the ticket's amount is not known.</param>
/// <param name="LeftToLimit">What the same institution may still collect this month in this setting and table; null without a known limit.</param>
public readonly record struct BillCharge(long Share, long Charged, long? LeftToLimit)
{
    /// <summary>What medical assistance bears of it, in yen; where the ticket's amount is not known, the patient's part included. Null without medical assistance.</summary>
    public long? ToAssistance { get; init; }
}
