using System.Text.Json.Nodes;
using static EligibilityGateway.Gateway.Tests.Operator.Decide.Lines;

namespace EligibilityGateway.Gateway.Tests.Operator.Decide;

/// <summary>Ids are the sender's: they come back as they were sent, and mean what JSON means by them.</summary>
public sealed class IdTests
{
    private const string Ten = "0123456789";

    public static TheoryData<string> Good =>
    [
        "\"\"", "\"a\"", "\"見本\"", "\"\\u0000\\n\"", "\"\\ud83d\\ude00\"", "0", "-0", "1", "1.0", "1e0", "1E+2", "-12.50", "12345678901234567890123456789", "0.1000000000000000055511151231257827",
        "1e99999999999999999999", $"\"{new string('x', 200)}\"", $"\"{string.Concat(Enumerable.Repeat("😀", 200))}\"", string.Concat(Enumerable.Repeat("1" + Ten[1..], 20)), "null",
    ];

    public static TheoryData<string> Bad =>
    [
        "true", "[]", "{}", "[[1],{\"id\":2}]", "\"\\ud800\"", "\"a\\udc00b\"", "\"\\ude00\\ud83d\"", $"\"{new string('x', 201)}\"", $"\"{string.Concat(Enumerable.Repeat("😀", 201))}\"",
        $"\"{new string('x', 1 << 20)}\"", $"1{string.Concat(Enumerable.Repeat(Ten, 20))}",
    ];

    [Theory]
    [MemberData(nameof(Good))]
    public void An_id_comes_back_as_it_was_sent(string id)
    {
        var answer = Ask($$"""{"id":{{id}},"service_date":"2026-08-10","members":[{"id":{{id}},"birth_date":"1981-02-03","coverages":[{"id":{{id}},"acquired_on":"2015-04-01"}]}]}""").Json;
        Assert.Equal("valid", (string?)answer["validity"]);
        var sent = JsonNode.Parse(id);
        foreach (var back in (JsonNode?[])[answer["id"], answer["coverage_id"]])
        {
            if (sent is null || id[0] == '"') Assert.Equal((string?)sent, (string?)back);
            else Assert.Equal(id, back!.ToJsonString());
        }
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void What_is_no_id_is_a_fault_of_its_field(string id)
    {
        var line = Ask($$"""{"id":{{id}},"service_date":"2026-08-10","members":[{"birth_date":"1981-02-03"}]}""");
        Assert.Equal(("id", null, 1), (line.Field, line.Json["id"], (int?)line.Json["line"]));
        Assert.Equal("members[0].id", Ask($$"""{"service_date":"2026-08-10","members":[{"id":{{id}},"birth_date":"1981-02-03"}]}""").Field);
        Assert.Equal("members[0].coverages[0].id", Ask($$"""{"service_date":"2026-08-10","members":[{"birth_date":"1981-02-03","coverages":[{"id":{{id}},"acquired_on":"2015-04-01"}]}]}""").Field);
        Assert.Equal("bills[0].member", Ask($$"""{"service_date":"2026-08-10","members":[{"id":"p","birth_date":"1981-02-03"}],"bills":[{"member":{{id}},"date":"2026-08-10","institution":"1310000019","table":"medical","setting":"outpatient","total_cost":1}]}""").Field);
    }

    [Theory]
    [InlineData("1", "1.0", true)]
    [InlineData("1", "1e0", true)]
    [InlineData("100", "1E+2", true)]
    [InlineData("1", "10e-1", true)]
    [InlineData("0", "-0", true)]
    [InlineData("0", "0.000e5", true)]
    [InlineData("0", "0e-99999999999999999999", true)]
    [InlineData("1.50", "15e-1", true)]
    [InlineData("1e99999999999999999999", "10e99999999999999999998", true)]
    [InlineData("\"1\"", "\"\\u0031\"", true)]
    [InlineData("1", "\"1\"", false)]
    [InlineData("1", "-1", false)]
    [InlineData("1", "10", false)]
    [InlineData("1", "0.1", false)]
    // Equal as floating point.
    [InlineData("9007199254740993", "9007199254740992", false)]
    [InlineData("0.1", "0.1000000000000000055511151231257827", false)]
    [InlineData("1e400", "1e401", false)]
    [InlineData("\"a\"", "\"A\"", false)]
    [InlineData("\"é\"", "\"e\\u0301\"", false)]
    public void Two_ids_are_the_same_where_text_or_value_is(string one, string other, bool isSame)
    {
        var bill = $$"""{"member":{{other}},"date":"2026-08-10","institution":"1310000019","table":"medical","setting":"outpatient","total_cost":10000}""";
        Assert.Equal(isSame ? null : "bills[0].member", Ask($$"""{"service_date":"2026-08-10","members":[{"id":{{one}},"birth_date":"1981-02-03"}],"bills":[{{bill}}]}""").Field);
        var members = $$"""[{"id":{{one}},"birth_date":"1981-02-03"},{"id":{{other}},"birth_date":"1981-02-03"}]""";
        Assert.Equal(isSame ? "members[1].id" : null, Ask($$"""{"service_date":"2026-08-10","members":{{members}}}""").Field);
    }

    [Fact]
    public void Members_without_an_id_are_several_and_have_no_bills()
    {
        var line = Line("2026-08-10", [Member(), Member(), Member()], Bill(10_000, "2026-08-10"));
        line["members"]![0]!.AsObject().Remove("id");
        line["members"]![1]!["id"] = null;
        Assert.Equal(("valid", 3_000), (Ask(line).Validity, Ask(line).Charged));
        line["bills"]![0]!["member"] = null;
        Assert.Equal("bills[0].member", Ask(line).Field);
    }

    [Fact]
    public void A_newborn_is_treated_on_the_day_of_birth()
    {
        var line = Line("2026-08-10", [Member(born: "2026-08-10", coverages: [Coverage("2026-08-10")]), Member(born: "2026-08-12", id: "q", coverages: [Coverage("2026-08-12")])], Bill(10_000, "2026-08-10"), Bill(10_000, "2026-08-12", member: "q"));
        Assert.Equal(("valid", 4_000), (Ask(line).Validity, Ask(line).Charged));
        // The other's birth is the patient's affair neither on the service date nor on the patient's bills.
        line["bills"]!.AsArray().RemoveAt(1);
        Assert.Equal("valid", Ask(line).Validity);
    }

    [Fact]
    public void The_sums_of_the_dearest_month_are_right()
    {
        var members = new JsonArray([.. Enumerable.Range(0, 100).Select(n => (JsonNode)Member(id: n == 0 ? "p" : $"m{n}"))]);
        foreach (var member in members) member!["annual_to_date"] = new JsonObject { ["outpatient"] = 10_000_000_000, ["all"] = 10_000_000_000 };
        var answer = Ask(Line("2026-08-10", members, [.. Enumerable.Range(0, 1_000).Select(n => Bill(10_000_000_000, "2026-08-10", inpatient: true, at: $"13{n:00000000}"))]));
        Assert.Equal(3_000_000_000_000, answer.Shares);
        // One limit over all: 85,800 and 1 % of what is above 286,000.
        Assert.Equal(85_800 + ((10_000_000_000_000 - 286_000) / 100), answer.Final);
        Assert.Equal(1_000_000_000_000 + answer.Final - 530_000, (long?)answer.Json["annual"]!["over"]);
    }
}
