using EligibilityGateway.Rules.Facts;

namespace EligibilityGateway.Rules.Tests.Eligibility;

/// <summary>Facts for the tests of the rules, with what does not matter filled in.</summary>
internal static class Known
{
    public const string EmployeesInsurer = "01130012", Municipality = "138057", LateElderlyScheme = "39131156";

    public static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", null);

    public static DateOnly? DayOrOpen(string? text) => text is null ? null : Day(text);

    public static CoverageFact Coverage(
        string acquired, string? lost = null, long id = 1, string insurer = EmployeesInsurer, string classification = "01") =>
        new(id, insurer, "Test insurer", classification, "12", "3456", "01", Relation.Insured, Day(acquired), DayOrOpen(lost));

    public static BurdenFact Burden(short percent, string from, string? until = null, long coverage = 1) =>
        new(coverage, percent, Day(from), DayOrOpen(until));

    public static LimitFact Limit(string limitClass, string from, string? until = null, long coverage = 1, string certificate = "01") =>
        new(coverage, certificate, limitClass, Day(from), DayOrOpen(until), null);

    public static SpecificDiseaseFact Disease(short category, int yen, string from, string? until = null, long coverage = 1) =>
        new(coverage, category, yen, Day(from), DayOrOpen(until));

    public static EligibilityCertificateFact Certificate(string issued, string until, long coverage = 1) =>
        new(coverage, Day(issued), Day(until));

    public static ChargeFact Charge(
        string institution, string day, int cost, int charged, bool collected = true, bool inpatient = false, bool special = false, string? prescriber = null, string until = "2027-12-31") =>
        new(institution, Day(day), collected, inpatient, special, prescriber, cost, charged, Day(until));

    public static PersonSnapshot Person(
        string born,
        CoverageFact[] coverages,
        BurdenFact[]? burdens = null,
        LimitFact[]? limits = null,
        SpecificDiseaseFact[]? diseases = null,
        EligibilityCertificateFact[]? certificates = null,
        ChargeFact[]? charges = null) =>
        new(
            PersonId: 1,
            Version: 1,
            [new PersonDetail(Day(born), "試験　太郎", "ｼｹﾝ ﾀﾛｳ", "", Sex.Male, Day(born))],
            coverages,
            burdens ?? [],
            limits ?? [],
            diseases ?? [],
            certificates ?? [],
            charges ?? []);
}
