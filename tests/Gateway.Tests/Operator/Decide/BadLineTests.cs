using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Operator.Decide;
using EligibilityGateway.Rules.Households;
using static EligibilityGateway.Gateway.Tests.Operator.Decide.Lines;

namespace EligibilityGateway.Gateway.Tests.Operator.Decide;

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
        { """{"members":[{"id":"p","birth_date":"2000-01-01","burden_ratios":[{"percent":10,"issued_on":"1921-12-31","from":"2026-01-01"}]}]}""", "members[0].burden_ratios[0].issued_on" },
        { """{"members":[{"id":"p","birth_date":"2000-01-01","high_cost_months":["2026-13"]}]}""", "members[0].high_cost_months[0]" },
        { """{"bills":[{"member":"q"}]}""", "bills[0].date" },
        { """{"bills":[{"member":"q","date":"2026-08-01","institution":"1310000019","table":"medical","setting":"outpatient","total_cost":1}]}""", "bills[0].member" },
        { """{"bills":[{"member":"p","date":"2026-08-01","institution":"131000001","table":"medical","setting":"outpatient","total_cost":1}]}""", "bills[0].institution" },
        { """{"bills":[{"member":"p","date":"2026-08-01","institution":"1340000015","table":"pharmacy","total_cost":1}]}""", "bills[0].prescriber" },
        { """{"bills":[{"member":"p","date":"2026-08-01","institution":"1310000019","table":"medical","setting":"outpatient","total_cost":-1}]}""", "bills[0].total_cost" },
        { """{"bills":[{"member":"p","date":"2026-08-01","institution":"1310000019","table":"medical","setting":"outpatient","total_cost":99999999999}]}""", "bills[0].total_cost" },
        { """{"bills":[{"member":"p","date":"2026-08-01","institution":"1310000019","table":"medical","setting":"outpatient","total_cost":1.5}]}""", "bills[0].total_cost" },
        { """{"bills":[{"member":"p","date":"2026-08-01","institution":"1310000019","table":"surgery","setting":"outpatient","total_cost":1}]}""", "bills[0].table" },
        { """{"bills":[{"date":"2026-08-01","institution":"1310000019","table":"medical","setting":"outpatient","total_cost":1}]}""", "bills[0].member" },
        { """{"members":[{"birth_date":"2000-01-01"}],"bills":[{"date":"2026-08-01","institution":"1310000019","table":"medical","setting":"outpatient","total_cost":1}]}""", "bills[0].member" },
        { """{"members":[{"birth_date":"2000-01-01"}],"bills":[{"member":"p","date":"2026-08-01","institution":"1310000019","table":"medical","setting":"outpatient","total_cost":1}]}""", "bills[0].member" },
        { """{"members":[{"id":"p","birth_date":"2000-01-01"},{"id":"q","birth_date":"2000-01-01"},{"id":"p","birth_date":"2000-01-01"}]}""", "members[2].id" },
        { """{"members":[{"id":1,"birth_date":"2000-01-01"},{"id":1.0,"birth_date":"2000-01-01"}]}""", "members[1].id" },
        { """{"members":[{"id":["p"],"birth_date":"2000-01-01"}]}""", "members[0].id" },
        { """{"members":[{"id":"p","birth_date":"2026-08-11"}]}""", "members[0].birth_date" },
        { """{"members":[{"id":"p","birth_date":"2000-01-01"},{"id":"q","birth_date":"2026-08-12"}],"bills":[{"member":"q","date":"2026-08-11","institution":"1310000019","table":"medical","setting":"outpatient","total_cost":1}]}""", "members[1].birth_date" },
        { """{"members":[{"id":"p","birth_date":"2000-01-01","annual_to_date":{"outpatient":10000000001,"all":1}}]}""", "members[0].annual_to_date.outpatient" },
        { """{"members":[{"id":"p","birth_date":"2000-01-01","annual_to_date":{"all":9223372036854775807}}]}""", "members[0].annual_to_date.all" },
        { """{"members":[{"id":"p","birth_date":"2000-01-01","coverages":[{"id":true,"acquired_on":"2026-05-01"}]}]}""", "members[0].coverages[0].id" },
        { """{"members":[{"id":"p","birth_date":"2000-01-01","coverages":[null]}]}""", "members[0].coverages[0]" },
        { """{"members":[{"id":"p","birth_date":"2000-01-01","burden_ratios":[null]}]}""", "members[0].burden_ratios[0].percent" },
        { """{"members":[{"id":"p","birth_date":"2000-01-01","high_cost_months":[null]}]}""", "members[0].high_cost_months[0]" },
    };

    /// <summary>Each list with how many it may have, and one of its entries.</summary>
    public static TheoryData<string, int, string> Lists => new()
    {
        { "members", 100, """{"birth_date":"2000-01-01"}""" },
        { "bills", 1_000, """{"member":"p","date":"2026-08-01","institution":"1310000019","table":"medical","setting":"outpatient","total_cost":10000000000}""" },
        { "members[0].coverages", 100, """{"acquired_on":"2026-05-01"}""" },
        { "members[0].burden_ratios", 1_000, """{"percent":30,"from":"2026-01-01"}""" },
        { "members[0].limit_classes", 1_000, """{"class":"A01","from":"2026-01-01"}""" },
        { "members[0].specific_diseases", 1_000, """{"category":1,"from":"2026-01-01"}""" },
        { "members[0].high_cost_months", 1_000, "\"2026-05\"" },
    };

    [Theory]
    [MemberData(nameof(Lists))]
    public void A_list_has_a_bound_that_its_fault_names(string field, int most, string entry)
    {
        var line = Line("2026-08-10", [Member(coverages: [Coverage("2015-04-01")])]);
        var name = field[(field.IndexOf('.', StringComparison.Ordinal) + 1)..];
        var holder = field == name ? line : line["members"]![0]!.AsObject();
        holder[name] = new JsonArray([.. Enumerable.Range(0, most).Select(_ => JsonNode.Parse(entry))]);
        Assert.Null(Ask(line).Field);

        holder[name]!.AsArray().Add(JsonNode.Parse(entry));
        var answer = Ask(line);
        Assert.Equal(field, answer.Field);
        Assert.Contains($"{most:N0}", (string?)answer.Json["error"]!["message"], StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_multiplied_with_anything_at_the_bounds()
    {
        var member = Member(null, coverages: [.. Enumerable.Range(0, 99).Select(_ => Coverage("2015-04-01", "2015-04-02")), Coverage("2020-04-01")]);
        foreach (var (list, entry) in (ReadOnlySpan<(string, string)>)[("burden_ratios", """{"percent":30,"from":"2016-08-01"}"""), ("limit_classes", """{"class":"A03","from":"2016-08-01"}"""), ("specific_diseases", """{"category":1,"from":"2016-08-01"}""")])
            member[list] = new JsonArray([.. Enumerable.Range(0, 1_000).Select(_ => JsonNode.Parse(entry))]);
        var line = Encoding.UTF8.GetBytes(Line("2026-08-10", [member], Bill(10_000, "2026-08-10", specific: true)).ToJsonString());
        using var writer = new DecisionWriter(inJapanese: false);
        LineDecider.Decide(line, 1, writer);

        var before = GC.GetAllocatedBytesForCurrentThread();
        LineDecider.Decide(line, 1, writer);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10 * line.Length);
    }

    [Fact]
    public void A_list_without_end_is_refused_before_it_costs_memory()
    {
        var line = Encoding.UTF8.GetBytes($$"""{"id":"line","service_date":"2026-08-10","members":[{"birth_date":"2000-01-01","coverages":[{{string.Join(',', Enumerable.Repeat("{}", 1_000_000))}}]}]}""");
        using var writer = new DecisionWriter(inJapanese: false);
        var before = GC.GetAllocatedBytesForCurrentThread();
        LineDecider.Decide(line, 1, writer);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, line.Length);
        Assert.Equal(("line", "members[0].coverages"), ((string?)JsonNode.Parse(writer.Written.Span)!["id"], (string?)JsonNode.Parse(writer.Written.Span)!["error"]!["field"]));
    }

    [Theory]
    [InlineData("""{"id":"line","service_date":"2026-08-10","service_date":"2026-08-10"}""", "service_date")]
    [InlineData("""{"id":"line","members":[{"birth_date":"2000-01-01","\u0062irth_date":"2000-01-01"}]}""", "members[0].birth_date")]
    [InlineData("""{"id":"line","bills":[{"total_cost":1,"total_cost":2}]}""", "bills[0].total_cost")]
    [InlineData("""{"id":"line","members":[{"annual_to_date":{"all":1,"all":1}}]}""", "members[0].annual_to_date.all")]
    [InlineData("""{"id":"line","bills":[{"total_cost":1e999}]}""", "bills[0].total_cost")]
    [InlineData("""{"id":"line","bills":[{"institution":"\ud800"}]}""", "bills[0].institution")]
    [InlineData("""{"id":"line","bills":{"secret":1}}""", "bills")]
    public void A_field_that_is_twice_there_or_cannot_be_read_is_named(string line, string field)
    {
        var answer = Ask(line);
        Assert.Equal(("line", field), ((string?)answer.Json["id"], answer.Field));
    }

    [Theory]
    [InlineData("insurer_number")]
    [InlineData("symbol")]
    [InlineData("number")]
    [InlineData("branch")]
    public void A_text_has_a_bound(string field)
    {
        var line = Line("2026-08-10", [Member()]);
        line["members"]![0]!["coverages"]![0]![field] = new string('1', 200);
        Assert.Equal("valid", Ask(line).Validity);
        line["members"]![0]!["coverages"]![0]![field] = new string('1', 201);
        Assert.Equal($"members[0].coverages[0].{field}", Ask(line).Field);
    }

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
    [InlineData("{\"id\":\"p\"} {\"id\":\"q\"}")]
    [InlineData("{\"id\":\"p\",\"id\":\"p\"}")]
    [InlineData("{\"id\":\"\\ud800\"}")]
    [InlineData("{\"id\":\"\\udc00\\ud800\"}")]
    [InlineData("{\"id\":\"p\",\"x\":\"\0\"}")]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("\0{\"id\":\"p\"}")]
    public void An_id_that_cannot_be_read_is_null_with_the_lines_number(string line)
    {
        var answer = Ask(line);
        Assert.Null(answer.Json["id"]);
        Assert.Equal(1, (int?)answer.Json["line"]);
        Assert.NotNull(answer.Json["error"]);
    }

    [Fact]
    public void A_line_as_deep_as_a_well_is_answered_with_its_fault()
    {
        var deep = new string('[', 1_000_000);
        Assert.NotNull(Ask($$"""{"id":"line","members":{{deep}}""").Json["error"]);
        Assert.NotNull(Ask($$"""{"id":{{deep}}{{deep.Replace('[', ']')}}}""").Json["error"]);
    }

    [Theory]
    // Bytes that are no UTF-8: in a field, in one that is not looked at, in a name, in a value that is cut off.
    [InlineData("{\"id\":\"line\",\"service_date\":\"~\"}", "line")]
    [InlineData("{\"id\":\"line\",\"x\":\"~\"}", "line")]
    [InlineData("{\"id\":\"line\",\"~\":1}", "line")]
    [InlineData("{\"id\":\"~\"}", null)]
    [InlineData("{\"id\":\"line\",\"x\":\"~", null)]
    [InlineData("~", null)]
    public void A_line_that_is_not_UTF_8_is_a_fault(string line, string? id)
    {
        foreach (var bytes in (byte[][])[[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xE3, 0x81], [0xF5, 0x80, 0x80, 0x80]])
        {
            using var writer = new DecisionWriter(inJapanese: false);
            LineDecider.Decide([.. line.SelectMany(c => c == '~' ? bytes : [(byte)c])], 1, writer);
            var answer = JsonNode.Parse(writer.Written.Span)!;
            Assert.Equal(id, (string?)answer["id"]);
            Assert.Contains("UTF-8", (string?)answer["error"]!["message"], StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("""{"birth_date":"secret"}""")]
    [InlineData("""{"secret":tru}""")]
    [InlineData("""{"x":[{"secret":tru}]}""")]
    [InlineData("""{"members":[{"secret":tru}]}""")]
    [InlineData("""{"members":[{"a secret":tru}]}""")]
    [InlineData("""{"members":[{"birth_date":"2000-01-01","coverages":[{"secret":{"secret":[tru]}}]}]}""")]
    [InlineData("""{"members":[{"id":"secret","birth_date":"2000-01-01"},{"id":"secret","birth_date":"2000-01-01"}]}""")]
    [InlineData("secret")]
    public void No_error_repeats_what_was_sent(string line)
    {
        var answer = Ask(line).Json;
        Assert.NotNull(answer["error"]);
        Assert.DoesNotContain("secret", answer.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"id":"line","servicedate":"2026-08-10"}""", "servicedate")]
    [InlineData("""{"id":"line","note":1,"note":2}""", "note")]
    [InlineData("""{"id":"line","members":[{"birth_date":"2000-01-01"},{"birth_day":"2000-01-01"}]}""", "members[1].birth_day")]
    [InlineData("""{"id":"line","members":[{"coverages":[{"acquired":"2026-05-01"}]}]}""", "members[0].coverages[0].acquired")]
    [InlineData("""{"id":"line","members":[{"annual_to_date":{"total":1}}]}""", "members[0].annual_to_date.total")]
    [InlineData("""{"id":"line","bills":[{"member":"p","totalCost":1}]}""", "bills[0].totalCost")]
    // What no program would call a field could be anybody's data.
    [InlineData("""{"id":"line","見本　花子":1}""", "?")]
    [InlineData("""{"id":"line","members":[{"123456789018":"x"}]}""", "members[0].?")]
    public void A_field_that_there_is_not_is_named(string line, string field)
    {
        var answer = Ask(line);
        Assert.Equal(("line", field), ((string?)answer.Json["id"], answer.Field));
        Assert.Contains("no such field", (string?)answer.Json["error"]!["message"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"1000000\"")]
    [InlineData("1000000.0")]
    [InlineData("1e6")]
    [InlineData("\"1E+6\"")]
    public void A_number_is_read_as_proto3_allows(string cost)
    {
        var line = Line("2026-08-10", [Member(percent: 30)], Bill(4711, "2026-08-10")).ToJsonString();
        var plain = Ask(line.Replace("4711", "1000000", StringComparison.Ordinal)).Json.ToJsonString();
        Assert.Contains("300000", plain, StringComparison.Ordinal);
        Assert.Equal(plain, Ask(line.Replace("4711", cost, StringComparison.Ordinal).Replace("\"percent\":30", "\"percent\":\"3e1\"", StringComparison.Ordinal)).Json.ToJsonString());
    }

    [Fact]
    public void Null_for_a_list_is_an_empty_one()
    {
        var line = Line("2026-08-10", [Member()]);
        var member = line["members"]![0]!.AsObject();
        string[] lists = ["burden_ratios", "specific_diseases", "high_cost_months"];
        foreach (var list in lists) member[list] = new JsonArray();
        var plain = Ask(line).Json.ToJsonString();
        line["bills"] = null;
        foreach (var list in lists) member[list] = null;
        Assert.Equal(plain, Ask(line).Json.ToJsonString());
    }

    [Fact]
    public void A_fault_of_the_program_costs_its_line_alone()
    {
        using var writer = new DecisionWriter(inJapanese: false);
        var line = Encoding.UTF8.GetBytes(Line("2026-08-10", [Member()]).ToJsonString());
        LineDecider.Decide(line, 1, writer);
        LineDecider.Decide(line, 2, writer, _ => throw new InvalidOperationException("secret"));
        // No rule says so, and the writer knows no word for it: it has written half of the line by then.
        LineDecider.Decide(line, 3, writer, household => HouseholdRules.Decide(household) with { Validity = Validity.Unconfirmed });
        LineDecider.Decide(line, 4, writer);

        var answers = Encoding.UTF8.GetString(writer.Written.Span).TrimEnd('\n').Split('\n').Select(answer => JsonNode.Parse(answer)!).ToList();
        Assert.Equal(["valid", null, null, "valid"], answers.Select(answer => (string?)answer["validity"]));
        Assert.All(answers, answer => Assert.Equal("line", (string?)answer["id"]));
        Assert.Equal(["program", "program"], answers[1..3].Select(answer => ((string?)answer["error"]!["message"])!.Contains("program", StringComparison.Ordinal) ? "program" : null));
        Assert.DoesNotContain("secret", answers[1].ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("th-TH")]
    [InlineData("ar-SA")]
    public void An_answer_hangs_on_no_machines_language(string culture)
    {
        var line = Line("2026-08-10", [Member(coverages: [Coverage("2026-08-05")])], Bill(1_000_000, "2026-08-04"), Bill(1_000_000, "2026-08-05")).ToJsonString();
        var (answer, fault) = (Ask(line).Json.ToJsonString(), Ask("""{"service_date":"1900-01-01"}""").Json.ToJsonString());
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo(culture);
            Assert.Equal(answer, Ask(line).Json.ToJsonString());
            Assert.Equal(fault, Ask("""{"service_date":"1900-01-01"}""").Json.ToJsonString());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
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
