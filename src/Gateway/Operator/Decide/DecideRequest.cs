using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using EligibilityGateway.Contracts;

namespace EligibilityGateway.Gateway.Operator.Decide;

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
    DateOnly? HouseholdContinues, [property: JsonPropertyName("insured_turned_75")] DateOnly? InsuredTurned75,
    // No rule asks for it, so that it may be anything.
    JsonElement? LossReason);

internal sealed record RatioIn(long? Percent, DateOnly? IssuedOn, DateOnly? From, DateOnly? To);

internal sealed record LimitClassIn(string? Class, DateOnly? IssuedOn, DateOnly? From, DateOnly? To);

internal sealed record DiseaseIn(long? Category, DateOnly? IssuedOn, DateOnly? From, DateOnly? To);

internal sealed record YearToDateIn(long? Outpatient, long? All);

internal sealed record BillIn(
    SentId Member, DateOnly? Date, string? Institution, string? Table, string? Prescriber, string? Setting, long? TotalCost, bool? SpecificDisease);

[JsonSerializable(typeof(DecideRequest))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, AllowDuplicateProperties = false, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    Converters = [typeof(WholeNumberConverter)])]
internal sealed partial class DecideJson : JsonSerializerContext;

/// <summary>A whole number, as proto3's JSON may have it.</summary>
internal sealed class WholeNumberConverter : JsonConverter<long>
{
    public override long Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var plain)) return plain;
        var written = reader.TokenType switch
        {
            JsonTokenType.Number => Encoding.ASCII.GetString(reader.ValueSpan),
            JsonTokenType.String => reader.GetString()!,
            _ => throw new JsonException(),
        };
        // The serializer adds where.
        return Proto3Json.TryWholeNumber(written, out var number) && number >= long.MinValue && number <= long.MaxValue ? (long)number : throw new JsonException();
    }

    public override void Write(Utf8JsonWriter writer, long value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
}
