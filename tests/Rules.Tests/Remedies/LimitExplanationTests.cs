using System.Collections;
using System.Globalization;
using System.Resources;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Rules.Remedies;

namespace EligibilityGateway.Rules.Tests.Remedies;

/// <summary>No limit is missing without a word.</summary>
public sealed class LimitExplanationTests
{
    public static TheoryData<LimitAbsence> Absences => [.. Enum.GetValues<LimitAbsence>().Where(absence => absence != LimitAbsence.Unspecified)];

    [Theory, MemberData(nameof(Absences))]
    public void Every_absence_says_why_and_what_follows(LimitAbsence absence) => Assert.All(Audiences.All, audience => AssertReadable(LimitExplanations.Of(absence, audience)));

    [Fact]
    public void So_does_what_is_left_to_do_with_a_limit()
    {
        foreach (var explanation in (LimitExplanation[])[LimitExplanations.FromRatio, LimitExplanations.LongStayPossible, LimitExplanations.LongStayGranted]) AssertReadable(explanation);
        Assert.All(Audiences.All, audience => AssertReadable(LimitExplanations.BesideInsurance(audience)));
        Assert.Null(LimitExplanations.Of(LimitAbsence.Unspecified));
    }

    [Fact]
    public void Resources_have_no_key_that_nothing_uses()
    {
        string[] matters =
        [
            .. Enum.GetNames<LimitAbsence>().Where(name => name != nameof(LimitAbsence.Unspecified)),
            nameof(LimitExplanations.FromRatio), nameof(LimitExplanations.LongStayPossible), nameof(LimitExplanations.LongStayGranted),
            nameof(LimitExplanations.BesideInsurance),
        ];
        foreach (var language in (CultureInfo[])[CultureInfo.InvariantCulture, RemedyTexts.Japanese])
        {
            ResourceSet? texts = LimitExplanations.Texts.GetResourceSet(language, createIfNotExists: true, tryParents: false);
            Assert.Equal(
                matters.SelectMany(matter => (string[])[matter + ".Why", matter + ".Follows"]).Concat(["TicketSays.Why.Pharmacy", "TicketSays.Follows.Pharmacy", "BesideInsurance.Follows.Pharmacy"]).Order(StringComparer.Ordinal),
                texts!.Cast<DictionaryEntry>().Select(text => (string)text.Key).Order(StringComparer.Ordinal));
        }
    }

    private static void AssertReadable(LimitExplanation? explanation)
    {
        Assert.NotNull(explanation);
        foreach (var text in (Text[])[explanation.Why, explanation.Follows])
        {
            Assert.EndsWith(".", text.En, StringComparison.Ordinal);
            Assert.DoesNotContain(text.En, c => c > '\u024F');
            Assert.EndsWith("。", text.Ja, StringComparison.Ordinal);
            Assert.InRange(text.En.Length, 10, 250);
            Assert.InRange(text.Ja.Length, 5, 140);
        }
    }
}
