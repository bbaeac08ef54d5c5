using System.Text.Json;
using System.Text.Json.Serialization;

namespace EligibilityGateway.Gateway.Decide;

/// <summary>One line of <c>gateway decide --json</c>: a household, a service date, and the bills of one calendar month. docs/decide.md explains each field.</summary>
internal sealed record DecideRequest(JsonElement Id, DateOnly? ServiceDate, MemberIn?[]? Members, BillIn?[]? Bills);

internal sealed record MemberIn(
    JsonElement Id,
    DateOnly? BirthDate,
    string? Relation,
    CoverageIn?[]? Coverages,
    RatioIn?[]? BurdenRatios,
    LimitClassIn?[]? LimitClasses,
    DiseaseIn?[]? SpecificDiseases,
    string?[]? HighCostMonths,
    YearToDateIn? AnnualToDate);

internal sealed record CoverageIn(
    JsonElement Id, string? InsurerNumber, string? Symbol, string? Number, string? Branch, string? CardClass, DateOnly? AcquiredOn, DateOnly? LostOn, JsonElement LossReason);

internal sealed record RatioIn(int? Percent, DateOnly? From, DateOnly? To);

internal sealed record LimitClassIn(string? Class, DateOnly? From, DateOnly? To);

internal sealed record DiseaseIn(int? Category, DateOnly? From, DateOnly? To);

internal sealed record YearToDateIn(long? Outpatient, long? All);

internal sealed record BillIn(
    JsonElement Member, DateOnly? Date, string? Institution, string? Table, string? Prescriber, string? Setting, long? TotalCost, bool? SpecificDisease);

[JsonSerializable(typeof(DecideRequest))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class DecideJson : JsonSerializerContext;
