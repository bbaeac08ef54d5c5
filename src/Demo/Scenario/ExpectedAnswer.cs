using System.Text.Json;

namespace EligibilityGateway.Demo.Scenario;

/// <summary>What an answer must say; what is absent may be anything. Words are the contract's, in lower case with hyphens.</summary>
public sealed record ExpectedAnswer(
    string? Validity = null,
    string? Reason = null,
    string? SummaryWithheld = null,
    int? Burden = null,
    string? Limit = null,
    string? Insurer = null,
    string? Name = null,
    int? SpecificDiseaseYen = null,
    int? ChargeYen = null,
    int? ElsewhereYen = null,
    int? RefundYen = null,
    string? Charge = null,
    string? LimitAbsence = null,
    int? TicketYen = null,
    IReadOnlyList<string>? Notices = null,
    IReadOnlyList<string>? Shows = null,
    IReadOnlyList<string>? Hides = null)
{
    /// <summary>How a result of a reader agent differs from this; empty where it doesn't.</summary>
    public IReadOnlyList<string> Differences(JsonElement result)
    {
        var differences = new List<string>();
        var kind = Text(result, "kind");
        if (Charge is not null)
        {
            var stage = kind == "charge" ? Word(Text(result.GetProperty("message"), "stage"), "CHARGE_STAGE_") : kind;
            return stage == Charge ? [] : [$"the charge is {stage}, not {Charge}"];
        }
        if (kind is not ("answer" or "refusal") || !result.TryGetProperty("message", out var message)) return [$"there was no answer but \"{kind}\""];

        void Compare(string what, string? expected, string? actual)
        {
            if (expected != actual) differences.Add($"{what} is {actual ?? "absent"}, not {expected ?? "absent"}");
        }

        if (Validity is not null) Compare("validity", Validity, Word(Text(message, "validity"), "VALIDITY_"));
        Compare("reason", Reason, Word(At(message, "remedy") is { } remedy ? Text(remedy, "reason") : null, "REASON_"));
        if (SummaryWithheld is not null)
            Compare("the withheld summary's reason", SummaryWithheld, Word(At(message, "emergencyWithheld") is { } withheld ? Text(withheld, "reason") : null, "REASON_"));
        if (Burden is { } burden) Compare("burden", $"{burden}", message.TryGetProperty("burdenPercent", out var percent) ? percent.ToString() : null);
        if (Limit is not null) Compare("limit", Limit, At(message, "limit") is { } limit ? Text(limit, "code") : null);
        if (Insurer is not null) Compare("insurer", Insurer, First(message, "coverages") is { } coverage ? Text(coverage, "insurerNumber") : null);
        if (Name is not null) Compare("name", Name, At(message, "person") is { } person ? Text(person, "name") : null);
        if (SpecificDiseaseYen is { } yen)
            Compare("specific disease", $"{yen}", First(message, "specificDiseases") is { } disease && disease.TryGetProperty("monthlyLimitYen", out var limitYen) ? limitYen.ToString() : null);
        if (ChargeYen is { } charge)
            Compare("charge", $"{charge}", At(message, "window") is { } window && window.TryGetProperty("chargeYen", out var chargeYen) ? chargeYen.ToString() : null);
        if (ElsewhereYen is { } elsewhere)
            Compare("the month elsewhere", $"{elsewhere}", At(message, "monthElsewhere") is { } month ? Number(month, "chargedYen") : null);
        if (RefundYen is { } refund)
            Compare("the refund to expect", $"{refund}", At(message, "monthElsewhere") is { } month ? Number(month, "refundForecastYen") : null);
        if (LimitAbsence is not null) Compare("why there is no limit", LimitAbsence, Word(Text(message, "limitAbsence"), "LIMIT_ABSENCE_"));
        if (TicketYen is { } pays) Compare("what the ticket says", $"{pays}", First(message, "tickets") is { } ticket ? Number(ticket, "selfPayYen") : null);
        foreach (var notice in Notices ?? [])
        {
            var given = message.TryGetProperty("notices", out var notices)
                && notices.EnumerateArray().Any(candidate => Word(Text(candidate, "reason"), "REASON_") == notice);
            if (!given) differences.Add($"the notice {notice} is missing");
        }
        var emergency = At(message, "emergency") is { } summary ? Strings(summary).ToHashSet() : [];
        differences.AddRange((Shows ?? []).Where(text => !emergency.Contains(text)).Select(text => $"the summary lacks {text}"));
        differences.AddRange((Hides ?? []).Where(emergency.Contains).Select(text => $"the summary shows {text}"));
        return differences;
    }

    private static string? Word(string? value, string prefix) =>
        value?.Replace(prefix, "", StringComparison.Ordinal).Replace('_', '-').ToLowerInvariant();

    private static string? Text(JsonElement element, string property) =>
        element.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    // 0 is left out of the JSON form, but where its presence says something.
    private static string Number(JsonElement element, string property) => element.TryGetProperty(property, out var value) ? value.ToString() : "0";

    private static JsonElement? At(JsonElement element, string property) => element.TryGetProperty(property, out var value) ? value : null;

    private static JsonElement? First(JsonElement element, string property) =>
        element.TryGetProperty(property, out var list) && list.GetArrayLength() > 0 ? list[0] : null;

    private static IEnumerable<string> Strings(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => [element.GetString()!],
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Strings),
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property => Strings(property.Value)),
        _ => [],
    };
}
