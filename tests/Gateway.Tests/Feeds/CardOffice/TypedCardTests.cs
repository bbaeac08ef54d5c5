using EligibilityGateway.Gateway.Feeds.CardOffice;

namespace EligibilityGateway.Gateway.Tests.Feeds.CardOffice;

public sealed class TypedCardTests
{
    // 12 digits: My Number Act's ordinance no. 85 of 2014, art. 5. 23 digits: the id on the application form. The zeros are nobody's.
    [Theory]
    [InlineData("000000000000", "My Number")]
    [InlineData("0000 0000 0000", "My Number")]
    [InlineData("0000-0000-0000", "My Number")]
    [InlineData("００００００００００００", "My Number")]
    [InlineData("00000000000000000000000", "application")]
    [InlineData("0000000000", "10 digits")]
    [InlineData("0000000000000000", "16 digits")]
    public void A_number_is_told_apart_and_never_repeated(string text, string said)
    {
        var fault = TypedCard.FaultOf(text);
        Assert.Contains(said, fault, StringComparison.Ordinal);
        Assert.DoesNotContain(text, fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("card.pem")]
    [InlineData("2026-card.der")]
    [InlineData("")]
    [InlineData("-")]
    public void Other_texts_are_no_numbers(string text) => Assert.Null(TypedCard.FaultOf(text));
}
