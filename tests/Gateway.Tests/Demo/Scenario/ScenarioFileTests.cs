using System.Text.Json;
using EligibilityGateway.Demo.Scenario;

namespace EligibilityGateway.Gateway.Tests.Demo.Scenario;

public sealed class ScenarioFileTests
{
    private const string Frame = """
        { "clock": "2026-10-15T09:00:00+09:00",
          "insurers": [ { "number": "06139000", "name": "a" } ],
          "terminals": [ { "name": "reception", "nameJa": "受付", "identity": "urn:eligibility-gateway:terminal:1319990014:reception:reception:face" } ],
          "persons": [ PERSONS ],
          "steps": [ STEPS ] }
        """;

    [Theory]
    [InlineData("Employee, insured")]
    [InlineData("Job changed last week")]
    [InlineData("Leaves the job today")]
    [InlineData("Gap between two insurers")]
    [InlineData("Two coverages overlap")]
    [InlineData("Dependent child below school age")]
    [InlineData("Aged 72")]
    [InlineData("Aged 80")]
    [InlineData("Dialysis")]
    [InlineData("Card never registered")]
    [InlineData("… registered at the reader")]
    [InlineData("The lost card is tapped")]
    [InlineData("Reissued card")]
    [InlineData("Certificate expired, within the grace")]
    [InlineData("Certificate expired, after the grace")]
    [InlineData("Old paper insurance card")]
    [InlineData("Eligibility certificate")]
    [InlineData("Foreign resident with a long Latin name")]
    [InlineData("Newcomer whose card is not made yet")]
    [InlineData("Started a job last week")]
    [InlineData("Card without a user-authentication certificate")]
    [InlineData("Short-stay visitor")]
    [InlineData("Ambulance, with spoken consent")]
    [InlineData("Ambulance, unconscious")]
    [InlineData("The same event sent twice")]
    [InlineData("Pharmacy right after reception")]
    public void Each_case_has_a_step(string title) =>
        Assert.Contains(ScenarioFile.Embedded().Steps, step => step.Title.StartsWith(title, StringComparison.Ordinal));

    [Fact]
    public void Its_clock_starts_on_the_morning_of_15_October_2026() =>
        Assert.Equal(new DateTimeOffset(2026, 10, 15, 9, 0, 0, TimeSpan.FromHours(9)), ScenarioFile.Embedded().Clock);

    [Fact]
    public void Each_step_and_place_has_its_name_in_both_languages()
    {
        var scenario = ScenarioFile.Embedded();
        Assert.All(scenario.Steps, step =>
        {
            var ((title, at), (titleJa, atJa)) = (scenario.HeadlineOf(step, inJapanese: false), scenario.HeadlineOf(step, inJapanese: true));
            Assert.All([title, at], text => Assert.DoesNotContain(text, IsJapanese));
            Assert.All([titleJa, atJa], text => Assert.Contains(text, IsJapanese));
        });
        Assert.Equal(scenario.Steps.Count, scenario.Steps.Select(step => step.TitleJa).Distinct().Count());
    }

    private static bool IsJapanese(char c) => c is >= '\u3040' and <= '\u9FFF';

    [Fact]
    public void Each_step_that_asks_says_what_is_expected_of_the_answer() =>
        Assert.All(ScenarioFile.Embedded().Steps.Where(step => step.ReportLost is null), step => Assert.NotNull(step.Expect));

    [Theory]
    [InlineData("", "{ \"title\": \"t\", \"titleJa\": \"題\", \"at\": \"nowhere\", \"command\": {}, \"expect\": {} }", "step \"t\": there is no terminal nowhere")]
    [InlineData("", "{ \"title\": \"t\", \"titleJa\": \"題\", \"at\": \"reception\", \"command\": {} }", "step \"t\": it says nothing of the answer")]
    [InlineData("", "{ \"title\": \"t\", \"titleJa\": \"題\", \"at\": \"reception\", \"expect\": {} }", "step \"t\": it must have one of")]
    [InlineData("", "{ \"title\": \"t\", \"titleJa\": \"題\", \"at\": \"reception\", \"command\": { \"card\": \"x\" }, \"expect\": {} }", "step \"t\": there is no card x")]
    [InlineData("", "{ \"title\": \"t\", \"titleJa\": \"題\", \"at\": \"card-office\", \"reportLost\": \"x\" }", "step \"t\": there is no card x")]
    [InlineData("", "{ \"title\": \"t\", \"titleJa\": \"題\", \"at\": \"reception\", \"sendAgain\": \"x\", \"expect\": {} }", "there is no earlier step \"x\"")]
    [InlineData("", "{ \"title\": \"t\", \"titleJa\": \"題\", \"at\": \"reception\", \"expectt\": {} }", "$.steps[0].expectt")]
    [InlineData("{ \"key\": \"p\", \"name\": \"n\", \"nameKana\": \"k\", \"sex\": \"male\", \"born\": \"1980-01-01\", \"coverages\": [] }", "", "person \"p\": it has no coverage")]
    [InlineData("{ \"key\": \"p\", \"name\": \"n\", \"nameKana\": \"k\", \"sex\": \"male\", \"born\": \"1980-13-01\", \"coverages\": [] }", "", "$.persons[0].born")]
    public void What_is_wrong_is_told_with_its_place(string persons, string steps, string said)
    {
        var text = Frame.Replace("PERSONS", persons, StringComparison.Ordinal).Replace("STEPS", steps, StringComparison.Ordinal);
        Assert.Contains(said, Assert.Throws<ScenarioException>(() => ScenarioFile.Parse(text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_expectation_finds_each_difference()
    {
        var result = JsonDocument.Parse("""
            { "kind": "answer", "message": { "validity": "VALIDITY_INVALID", "burdenPercent": 30, "remedy": { "reason": "REASON_COVERAGE_ENDED" } } }
            """).RootElement;
        Assert.Empty(new ExpectedAnswer(Validity: "invalid", Reason: "coverage-ended", Burden: 30).Differences(result));
        Assert.Equal(2, new ExpectedAnswer(Validity: "valid").Differences(result).Count);
        Assert.Single(new ExpectedAnswer(Reason: "coverage-ended", Burden: 20).Differences(result));
        Assert.Single(new ExpectedAnswer(Reason: "coverage-ended", Notices: ["card-in-grace"]).Differences(result));
        Assert.Single(new ExpectedAnswer(Reason: "coverage-ended", Shows: ["x"]).Differences(result));
    }

    [Fact]
    public void No_answer_is_as_expected_where_there_was_none() =>
        Assert.Single(new ExpectedAnswer().Differences(JsonDocument.Parse("""{ "kind": "problem" }""").RootElement));
}
