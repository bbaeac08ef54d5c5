using System.Collections;
using System.Globalization;
using System.Resources;
using System.Text.RegularExpressions;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.ReaderAgent.Cards;
using EligibilityGateway.ReaderAgent.Link;
using EligibilityGateway.ReaderAgent.Screen;

namespace EligibilityGateway.ReaderAgent.Tests.Screen;

public sealed partial class WordsTests
{
    private static readonly Dictionary<string, string> English = TextsOf(CultureInfo.InvariantCulture);
    private static readonly Dictionary<string, string> Japanese = TextsOf(CultureInfo.GetCultureInfo("ja"));

    [Fact]
    public void Both_languages_have_the_same_keys_and_no_empty_text()
    {
        Assert.NotEmpty(English);
        Assert.Equal(English.Keys.Order(StringComparer.Ordinal), Japanese.Keys.Order(StringComparer.Ordinal));
        Assert.DoesNotContain(English.Values.Concat(Japanese.Values), string.IsNullOrWhiteSpace);
    }

    [Fact]
    public void Each_text_shows_the_same_values_in_both_languages() =>
        Assert.All(English, text => Assert.Equal(PlacesIn(text.Value), PlacesIn(Japanese[text.Key])));

    [Fact]
    public void Each_value_of_a_closed_list_has_its_text()
    {
        Assert.Empty(WithoutText<CardFaultKind>("CardFault"));
        Assert.Empty(WithoutText<LinkState>("Link"));
        Assert.Empty(WithoutText<Sex>("Sex"));
        // What is unspecified is not shown by these lists.
        Assert.Equal(["Validity_Unspecified"], WithoutText<Validity>("Validity"));
        Assert.Equal(["LimitAbsence_Unspecified"], WithoutText<LimitAbsence>("LimitAbsence"));
        Assert.Equal(["Assurance_Unspecified"], WithoutText<Assurance>("Assurance"));
        Assert.Equal(["LimitYenHalved_Unspecified"], WithoutText<HalvedFor>("LimitYenHalved"));
        Assert.Equal(["Mender_Unspecified"], WithoutText<Mender>("Mender"));
    }

    [Fact]
    public void A_value_that_only_a_newer_gateway_knows_is_shown_as_it_came() => Assert.Equal("99", Words.English.Of("Mender", (Mender)99));

    [Fact]
    public void A_text_that_came_in_one_language_is_shown_in_that_one()
    {
        Assert.Equal("無効", Words.Japanese.Of(new Text { Ja = "無効", En = "not valid" }));
        Assert.Equal("not valid", Words.English.Of(new Text { Ja = "無効", En = "not valid" }));
        Assert.Equal("無効", Words.English.Of(new Text { Ja = "無効" }));
        Assert.Equal("not valid", Words.Japanese.Of(new Text { En = "not valid" }));
        Assert.Equal("", Words.English.Of((Text?)null));
    }

    private static Dictionary<string, string> TextsOf(CultureInfo language)
    {
        var texts = new ResourceManager("EligibilityGateway.ReaderAgent.Screen.Words", typeof(Words).Assembly);
        // Of this language's own file: none borrowed from the other.
        var own = texts.GetResourceSet(language, createIfNotExists: true, tryParents: false);
        Assert.NotNull(own);
        return own.Cast<DictionaryEntry>().ToDictionary(text => (string)text.Key, text => (string)text.Value!);
    }

    private static string[] PlacesIn(string text) => [.. Place().Matches(text).Select(place => place.Value).Distinct().Order(StringComparer.Ordinal)];

    private static IEnumerable<string> WithoutText<T>(string list)
        where T : struct, Enum => Enum.GetValues<T>().Select(value => $"{list}_{value}").Where(key => !English.ContainsKey(key));

    [GeneratedRegex(@"\{\d+\}")]
    private static partial Regex Place();
}
