using System.Text.Json.Serialization;

namespace EligibilityGateway.Gateway.Decide;

/// <summary>One line of <c>gateway decide --json</c>: a household, a service date, and the bills of one calendar month. docs/decide.md explains each field.</summary>
internal sealed record DecideRequest(SentId Id, DateOnly? ServiceDate, UpTo100<MemberIn?>? Members, UpTo1000<BillIn?>? Bills);

internal sealed record MemberIn(
    SentId Id,
    DateOnly? BirthDate,
    string? Relation,
    UpTo100<CoverageIn?>? Coverages,
    UpTo1000<RatioIn?>? BurdenRatios,
    UpTo1000<LimitClassIn?>? LimitClasses,
    UpTo1000<DiseaseIn?>? SpecificDiseases,
    UpTo1000<string?>? HighCostMonths,
    YearToDateIn? AnnualToDate);

internal sealed record CoverageIn(
    SentId Id, string? InsurerNumber, string? Symbol, string? Number, string? Branch, string? CardClass, DateOnly? AcquiredOn, DateOnly? LostOn,
    DateOnly? HouseholdContinues, [property: JsonPropertyName("insured_turned_75")] DateOnly? InsuredTurned75);

internal sealed record RatioIn(int? Percent, DateOnly? IssuedOn, DateOnly? From, DateOnly? To);

internal sealed record LimitClassIn(string? Class, DateOnly? IssuedOn, DateOnly? From, DateOnly? To);

internal sealed record DiseaseIn(int? Category, DateOnly? IssuedOn, DateOnly? From, DateOnly? To);

internal sealed record YearToDateIn(long? Outpatient, long? All);

internal sealed record BillIn(
    SentId Member, DateOnly? Date, string? Institution, string? Table, string? Prescriber, string? Setting, long? TotalCost, bool? SpecificDisease);

[JsonSerializable(typeof(DecideRequest))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, AllowDuplicateProperties = false)]
internal sealed partial class DecideJson : JsonSerializerContext;
