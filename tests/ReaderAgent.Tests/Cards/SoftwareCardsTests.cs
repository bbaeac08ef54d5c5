using EligibilityGateway.ReaderAgent.Cards;

namespace EligibilityGateway.ReaderAgent.Tests.Cards;

public sealed class SoftwareCardsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SoftwareCards _cards;

    public SoftwareCardsTests()
    {
        _cards = new SoftwareCards(_folder["cards"]);
        TestCards.First.Lay(_folder["cards"], "hanako");
    }

    public void Dispose()
    {
        _cards.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void The_same_card_is_laid_each_time_so_that_its_counter_counts()
    {
        var card = _cards.Lay("hanako").Value!;
        Assert.Equal(2, CardTap.Sign(card, "0000", new byte[32]).Fault!.TriesLeft);
        Assert.Equal(1, CardTap.Sign(_cards.Lay("hanako").Value!, "0000", new byte[32]).Fault!.TriesLeft);
    }

    [Theory]
    [InlineData("taro")]
    [InlineData("")]
    [InlineData("../cards/hanako")]
    [InlineData("/etc/hostname")]
    [InlineData("hanako\0")]
    public void Another_name_or_a_path_is_no_card(string name) => Assert.Equal(CardFaultKind.NoCard, _cards.Lay(name).Fault!.Kind);

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"pin":"123","token":"JPKIAPICCTOKEN","certificate":null,"privateKey":null}""")]
    [InlineData("""{"pin":"1234","token":"SOMETHING","certificate":null,"privateKey":null}""")]
    [InlineData("""{"pin":"1234","token":"JPKIAPICCTOKEN","certificate":"not base64!","privateKey":null}""")]
    [InlineData("""{"pin":"1234","token":"JPKIAPICCTOKEN","certificate":null,"privateKey":"AAAA"}""")]
    public void A_file_that_is_no_card_is_no_card(string json)
    {
        File.WriteAllText(_folder["cards/broken.json"], json);
        Assert.Equal(CardFaultKind.NoCard, _cards.Lay("broken").Fault!.Kind);
    }

    [Fact]
    public void A_card_file_is_what_the_demonstration_writes()
    {
        File.WriteAllText(_folder["cards/plain.json"], """{"pin":"1234","token":"JPKIAPICCTOKEN","certificate":null,"privateKey":null}""");
        Assert.Equal(CardFaultKind.NoCertificate, CardTap.Read(_cards.Lay("plain").Value!).Fault!.Kind);
    }
}
