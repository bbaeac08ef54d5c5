using System.Text;
using System.Text.Json.Nodes;
using EligibilityGateway.Gateway.Decide;
using static EligibilityGateway.Gateway.Tests.Decide.Lines;

namespace EligibilityGateway.Gateway.Tests.Decide;

/// <summary>What can't be decided on is answered with the field at fault, and the next line is read.</summary>
public sealed class BadLineTests
{
    public static TheoryData<string, string> Faults => new()
    {
        { """{"service_date":"2026-02-31"}""", "service_date" },
        { """{"service_date":"1921-12-31"}""", "service_date" },
        { """{"service_date":"3026-01-01"}""", "service_date" },
        { """{"members":[]}""", "members" },
        { """{"members":[null]}""", "members[0]" },
        { """{"members":[{"id":"p"}]}""", "members[0].birth_date" },
        { """{"members":[{"id":"p","birth_date":"2000-01-01","relation":"friend"}]}""", "members[0].relation" },
        { """{"members":[{"id":"p","birth_date":"2000-01-01","coverages":[{"acquired_on":"2026-05-01","lost_on":"2026-04-30"}]}]}""", "members[0].coverages[0].lost_on" },
        { """{"members":[{"id":"p","birth_date":"2000-01-01","coverages":[{"acquired_on":"2026-05-01","card_class":"08"}]}]}""", "members[0].coverages[0].card_class" },
        { """{"members":[{"id":"p","birth_date":"2000-01-01","burden_ratios":[{"percent":15,"from":"2026-01-01"}]}]}""", "members[0].burden_ratios[0].percent" },
        { """{"members":[{"id":"p","birth_date":"2000-01-01","limit_classes":[{"class":"C01","from":"2026-01-01"}]}]}""", "members[0].limit_classes[0].class" },
        { """{"members":[{"id":"p","birth_date":"2000-01-01","limit_classes":[{"class":"A01","from":"2026-01-02","to":"2026-01-01"}]}]}""", "members[0].limit_classes[0].to" },
        { """{"members":[{"id":"p","birth_date":"2000-01-01","specific_diseases":[{"category":4,"from":"2026-01-01"}]}]}""", "members[0].specific_diseases[0].category" },
        { """{"members":[{"id":"p","birth_date":"2000-01-01","high_cost_months":["2026-13"]}]}""", "members[0].high_cost_months[0]" },
        { """{"bills":[{"member":"q"}]}""", "bills[0].date" },
        { """{"bills":[{"member":"q","date":"2026-08-01","institution":"1310000019","table":"medical","setting":"outpatient","total_cost":1}]}""", "bills[0].member" },
        { """{"bills":[{"member":"p","date":"2026-08-01","institution":"131000001","table":"medical","setting":"outpatient","total_cost":1}]}""", "bills[0].institution" },
        { """{"bills":[{"member":"p","date":"2026-08-01","institution":"1340000015","table":"pharmacy","total_cost":1}]}""", "bills[0].prescriber" },
        { """{"bills":[{"member":"p","date":"2026-08-01","institution":"1310000019","table":"medical","setting":"outpatient","total_cost":-1}]}""", "bills[0].total_cost" },
        { """{"bills":[{"member":"p","date":"2026-08-01","institution":"1310000019","table":"medical","setting":"outpatient","total_cost":99999999999}]}""", "bills[0].total_cost" },
        { """{"bills":[{"member":"p","date":"2026-08-01","institution":"1310000019","table":"medical","setting":"outpatient","total_cost":1.5}]}""", "bills[0].total_cost" },
        { """{"bills":[{"member":"p","date":"2026-08-01","institution":"1310000019","table":"surgery","setting":"outpatient","total_cost":1}]}""", "bills[0].table" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_fault_is_named_by_its_field(string change, string field)
    {
        var line = Line("2026-08-10", [Member()]);
        foreach (var (name, value) in JsonNode.Parse(change)!.AsObject()) line[name] = value?.DeepClone();
        var answer = Ask(line);
        Assert.Equal(("line", field), ((string?)answer.Json["id"], answer.Field));
        Assert.NotEqual("", (string?)answer.Json["error"]!["message"]);
    }

    [Fact]
    public void Bills_of_two_months_are_refused() =>
        Assert.Equal("bills[1].date", Ask(Line("2026-08-10", [Member()], Bill(10, "2026-08-31"), Bill(10, "2026-09-01"))).Field);

    [Theory]
    [InlineData("nonsense")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"id\":{}}")]
    [InlineData("{\"id\":null,\"service_date\":5}")]
    [InlineData("{\"id\":\"p\"")]
    [InlineData("\uFEFF{\"id\":\"p\"}")]
    public void An_id_that_cannot_be_read_is_null_with_the_lines_number(string line)
    {
        var answer = Ask(line);
        Assert.Null(answer.Json["id"]);
        Assert.Equal(1, (int?)answer.Json["line"]);
        Assert.NotNull(answer.Json["error"]);
    }

    [Fact]
    public void No_error_repeats_what_was_sent()
    {
        var line = Line("2026-08-10", [Member()]);
        line["members"]![0]!["birth_date"] = "secret";
        Assert.DoesNotContain("secret", Ask(line).Json.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_are_answered_in_their_order_whatever_is_between_them()
    {
        var good = Line("2026-08-10", [Member()], Bill(10_000, "2026-08-10")).ToJsonString();
        byte[][] parts =
        [
            "\uFEFF"u8.ToArray(), Bytes(good), "\n"u8.ToArray(), [0xFF, 0xFE, (byte)'\n'], "\n"u8.ToArray(), new byte[LineStream.LongestLine + 5], "\n"u8.ToArray(),
            .. Enumerable.Range(0, 2_000).Select(n => Bytes($$"""{"id":{{n}},"service_date":"2026-08-10","members":[{"id":1,"birth_date":"1981-02-03","coverages":[{"acquired_on":"2020-04-01"}]}]}""" + "\r\n")),
            Bytes(good),
        ];
        using var input = new MemoryStream([.. parts.SelectMany(part => part)]);
        using var output = new MemoryStream();
        await LineStream.RunAsync(input, output, inJapanese: true, TestContext.Current.CancellationToken);
        var answers = Encoding.UTF8.GetString(output.ToArray()).TrimEnd('\n').Split('\n').Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal("valid", (string?)answers[0]["validity"]);
        Assert.Equal([2, 3, 4], answers[1..4].Select(answer => (int?)answer["line"]));
        Assert.Equal(Enumerable.Range(0, 2_000), answers[4..^1].Select(answer => (int)answer["id"]!));
        Assert.All(answers[4..], answer => Assert.Equal("valid", (string?)answer["validity"]));
        Assert.Equal(2_005, answers.Count);

        static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
    }
}
