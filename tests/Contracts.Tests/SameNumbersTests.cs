using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace EligibilityGateway.Contracts.Tests;

/// <summary>
/// What is typed matches what the insurer delivered however it was written, and nothing else does. Values as the official interface
/// has them: up to 20 characters, leading zeros kept, full-width characters, padding by spaces.
/// </summary>
public sealed class SameNumbersTests
{
    [Fact]
    public void The_same_numbers_match_however_they_are_written() => Prop.ForAll(Arb.From(Documents()), Arb.From(Seeds()), (document, seed) =>
        Parse(document) == Parse(Written(document, new Random(seed))) && KeyOf(document) == KeyOf(Written(document, new Random(seed)))).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void Other_numbers_do_not_match() => Prop.ForAll(Arb.From(Documents()), Arb.From(Documents()), (one, other) =>
        (Parse(one) == Parse(other)) == (one with { Insurer = "" } == other with { Insurer = "" })
        && (KeyOf(one) == KeyOf(other)) == (one with { Branch = "" } == other with { Branch = "" })).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void A_zero_more_in_front_is_another_number() => Prop.ForAll(Arb.From(Documents()), document =>
        KeyOf(document) != KeyOf(document with { Number = "0" + document.Number })).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    private sealed record Document(string Insurer, string Symbol, string Number, string Branch);

    private static DocumentNumbers Parse(Document document)
    {
        Assert.Null(DocumentNumbers.TryParse(document.Symbol, document.Number, document.Branch, out var numbers));
        return numbers;
    }

    private static Guid KeyOf(Document document)
    {
        Assert.True(InsurerNumber.TryParse(document.Insurer, out var insurer));
        return Parse(document).LookUpKey(insurer);
    }

    // As another hand or program may write it: full-width or not, spaces between and around.
    private static Document Written(Document document, Random random)
    {
        var insurer = document.Insurer.Length == 6 && random.Next(2) == 0 ? "00" + document.Insurer : document.Insurer;
        return new Document(Padded(Widened(insurer)), Spaced(Widened(document.Symbol)), Spaced(Widened(document.Number)), Padded(Widened(document.Branch)));

        string Widened(string text) => string.Concat(text.Select((c, i) => c is > ' ' and <= '~' && random.Next(2) == 0 ? (char)(c + 0xFEE0) : c == '-' ? Hyphen(text, i) : c));

        char Hyphen(string text, int i)
        {
            var hyphens = i > 0 && i + 1 < text.Length && char.IsAsciiDigit(text[i - 1]) && char.IsAsciiDigit(text[i + 1]) ? "-\u2010\u2013\u2212\u2014\u2015\u30FC\uFF70" : "-\u2010\u2013\u2212";
            return hyphens[random.Next(hyphens.Length)];
        }

        string Spaced(string text)
        {
            var spaced = new StringBuilder();
            foreach (var c in text)
            {
                if (random.Next(4) == 0) spaced.Append(random.Next(2) == 0 ? ' ' : '\u3000');
                spaced.Append(c);
            }
            return spaced.ToString();
        }

        string Padded(string text) => new string(random.Next(2) == 0 ? ' ' : '\u3000', random.Next(3)) + text;
    }

    // Few letters, so that two that differ by little are common.
    private static Gen<string> Texts(string letters, int least) =>
        from length in Gen.Choose(least, 5)
        from text in Gen.Elements(letters.ToCharArray()).ArrayOf(length)
        select new string(text);

    private static Gen<Document> Documents() =>
        from insurer in Gen.Elements("138057", "06139992", "01130012")
        from symbol in Texts("01-ア国a", 0)
        from number in Texts("01", 1)
        from branch in Gen.Elements("", "00", "01")
        select new Document(insurer, symbol, number, branch);

    private static Gen<int> Seeds() => Gen.Choose(0, int.MaxValue - 1);
}
