using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EligibilityGateway.Gateway.Operator.Decide;

namespace EligibilityGateway.Gateway.Tests.Operator.Decide;

/// <summary>Lines for <c>gateway decide --json</c>, and what it answers to them.</summary>
internal static class Lines
{
    public const string Clinic = "1310000019";
    public const string OtherClinic = "1310000027";
    public const string Pharmacy = "1340000015";
    public const string Employees = "06139992";
    public const string Late = "39131156";

    public static JsonObject Coverage(string from, string? lost = null, string insurer = Employees, string id = "c", string cardClass = "01") => new()
    {
        ["id"] = id,
        ["insurer_number"] = insurer,
        ["symbol"] = "12",
        ["number"] = "0034",
        ["branch"] = "00",
        ["card_class"] = cardClass,
        ["acquired_on"] = from,
        ["lost_on"] = lost,
        ["loss_reason"] = null,
    };

    /// <summary>Who is 45 in 2026, with a class of the limit, unless said otherwise.</summary>
    public static JsonObject Member(string? limitClass = "A03", string born = "1981-02-03", string id = "p", int? percent = null, JsonArray? coverages = null)
    {
        var member = new JsonObject { ["id"] = id, ["birth_date"] = born, ["relation"] = id == "p" ? "self" : "family", ["coverages"] = coverages ?? [Coverage("2015-04-01")] };
        if (limitClass is not null) member["limit_classes"] = new JsonArray(new JsonObject { ["class"] = limitClass, ["from"] = "2016-08-01", ["to"] = null });
        if (percent is not null) member["burden_ratios"] = new JsonArray(new JsonObject { ["percent"] = percent, ["from"] = "2016-08-01", ["to"] = null });
        return member;
    }

    public static JsonObject Bill(
        long cost, string date, bool inpatient = false, string at = Clinic, string table = "medical", string member = "p", string? prescriber = null, bool specific = false) => new()
        {
            ["member"] = member,
            ["date"] = date,
            ["institution"] = at,
            ["table"] = table,
            ["prescriber"] = prescriber,
            ["setting"] = inpatient ? "inpatient" : "outpatient",
            ["total_cost"] = cost,
            ["specific_disease"] = specific,
        };

    public static JsonObject Line(string serviceDate, JsonArray members, params JsonObject[] bills) =>
        new() { ["id"] = "line", ["service_date"] = serviceDate, ["members"] = members, ["bills"] = new JsonArray([.. bills]) };

    public static Answer Ask(JsonObject line) => Ask(line.ToJsonString());

    public static Answer Ask(string line)
    {
        using var writer = new DecisionWriter(inJapanese: false);
        LineDecider.Decide(Encoding.UTF8.GetBytes(line), 1, writer);
        return new Answer(JsonNode.Parse(writer.Written.Span)!.AsObject());
    }

    /// <summary>An answer's fields.</summary>
    internal sealed record Answer(JsonObject Json)
    {
        public string? Validity => (string?)Json["validity"];

        public int? Percent => (int?)Json["burden_percent"];

        public string? LimitClass => (string?)Json["limit_class"];

        public string? Reason => (string?)Json["reason"];

        public long? Shares => (long?)Json["month"]?["shares"];

        public long? Charged => (long?)Json["month"]?["charged"];

        public long? Refund => (long?)Json["month"]?["refund_expected"];

        public long? Final => (long?)Json["month"]?["final_burden"];

        public long?[] Windows => [.. Json["charges"]!.AsArray().Select(charge => (long?)charge!["charged"])];

        public long?[] Left => [.. Json["charges"]!.AsArray().Select(charge => (long?)charge!["left_to_limit"])];

        public string? Field => (string?)Json["error"]?["field"];

        public string Rest()
        {
            var copy = Json.DeepClone().AsObject();
            copy.Remove("coverage_id");
            return copy.ToJsonString(JsonSerializerOptions.Default);
        }
    }
}
