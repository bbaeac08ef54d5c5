using EligibilityGateway.Contracts;
using EligibilityGateway.Rules.Applications;

namespace EligibilityGateway.Rules.Tests.Applications;

public sealed class ApplicationStandingTests
{
    // Seen two or three days after it came in (not verified); a month until the notice: news.mynavi.jp/article/20210712-1906918.
    [Theory]
    [InlineData(ApplicationStep.Received, "2026-10-01", "2026-10-01", false, false)]
    [InlineData(ApplicationStep.Received, "2026-10-01", "2026-10-02", false, false)]
    [InlineData(ApplicationStep.Received, "2026-10-01", "2026-10-03", true, false)]
    [InlineData(ApplicationStep.Received, "2026-10-01", "2026-11-01", true, false)]
    [InlineData(ApplicationStep.Received, "2026-10-01", "2026-11-02", true, true)]
    [InlineData(ApplicationStep.InProcess, "2026-10-15", "2026-10-15", true, false)]
    [InlineData(ApplicationStep.InProcess, "2026-10-15", "2026-11-15", true, false)]
    [InlineData(ApplicationStep.InProcess, "2026-10-15", "2026-11-16", true, true)]
    [InlineData(ApplicationStep.InProcess, "2026-01-31", "2026-02-28", true, false)]
    [InlineData(ApplicationStep.InProcess, "2026-01-31", "2026-03-01", true, true)]
    [InlineData(ApplicationStep.NoticeSent, "2026-01-31", "2026-10-01", true, false)]
    [InlineData(ApplicationStep.HandedOver, "2026-01-31", "2026-10-01", true, false)]
    public void What_is_seen_of_an_application_and_when_it_takes_too_long(ApplicationStep step, string on, string today, bool visible, bool overdue)
    {
        var report = new ApplicationReport(step, Day(on), step == ApplicationStep.NoticeSent ? "Test city, window 3" : "");
        Assert.Equal(new ApplicationStanding(visible, overdue), ApplicationStanding.Of(report, Day(today)));
    }

    [Fact]
    public void Each_step_and_each_kind_of_number_is_explained_in_both_languages()
    {
        foreach (var text in Enum.GetValues<ApplicationStep>().Select(ApplicationTexts.Of).Concat(Enum.GetValues<TypedNumberKind>().Select(ApplicationTexts.Of)))
        {
            Assert.EndsWith(".", text.En, StringComparison.Ordinal);
            Assert.EndsWith("。", text.Ja, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Each_row_names_its_source() => Assert.All(ApplicationPolicy.All, row => Assert.NotEmpty(row.Source.Trim()));

    private static DateOnly Day(string day) => JapanTime.TryParseDate(day, out var date) ? date : throw new FormatException(day);
}
