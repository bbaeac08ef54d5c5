using System.Text;
using System.Text.Json;
using EligibilityGateway.ReaderAgent.Cards;

namespace EligibilityGateway.ReaderAgent.Tests.Cards;

public sealed class CardFileTests
{
    [Fact]
    public void What_was_written_is_read_back()
    {
        var read = CardFile.Parse(TestCards.First.ToJson());
        Assert.Equal((TestCards.First.Pin, TestCards.First.Token), (read.Pin, read.Token));
        Assert.Equal(TestCards.First.Certificate, read.Certificate);
        Assert.Equal(TestCards.First.PrivateKey, read.PrivateKey);
    }

    [Fact]
    public void No_certificate_and_no_key_are_written_as_null()
    {
        using var written = JsonDocument.Parse(TestCards.WithoutCertificate.ToJson());
        Assert.Equal(JsonValueKind.Null, written.RootElement.GetProperty("certificate").ValueKind);
        Assert.Equal(JsonValueKind.Null, written.RootElement.GetProperty("privateKey").ValueKind);
    }

    [Theory]
    [InlineData("""{"pin":"1234","token":"JPKIAPICCTOKEN","certificate":null,"privateKey":null}""")]
    [InlineData("""{"pin":"1234","token":"JPKIAPICCTOKEN","certificate":"","privateKey":""}""")]
    [InlineData("""{"pin":"1234","token":"JPKIAPICCTOKEN"}""")]
    public void Null_empty_and_left_out_mean_that_there_is_none(string json)
    {
        var file = CardFile.Parse(Encoding.UTF8.GetBytes(json));
        Assert.Null(file.Certificate);
        Assert.Null(file.PrivateKey);
        using var card = file.Card();
        Assert.Equal(CardFaultKind.NoCertificate, CardTap.Sign(card, TestCards.Pin, new byte[32]).Fault!.Kind);
    }
}
