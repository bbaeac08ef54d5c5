using EligibilityGateway.ReaderAgent.Cards;

namespace EligibilityGateway.ReaderAgent.Tests.Cards;

public sealed class SoftwareCardTests : IDisposable
{
    private const string SelectApplication = "00A4040C0AD392F000260100000001";
    private const string SelectCertificate = "00A4020C02000A";
    private const string SelectPin = "00A4020C020018";
    private const string SelectKey = "00A4020C020017";
    private const string RightPin = "002000800431323334";
    private const string WrongPin = "002000800439393939";
    private const string AskCounter = "00200080";
    private const string Sign = "802A0080333031300D060960864801650304020105000420000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F00";

    private readonly SoftwareCard _card = TestCards.First.Card();

    public void Dispose() => _card.Dispose();

    [Theory]
    [InlineData("", "6700")] // no header
    [InlineData("00A404", "6700")]
    [InlineData("00A4040C", "6700")] // no name
    [InlineData("00A4040C09D392F000260100000001", "6700")] // Lc says one less
    [InlineData("00A4040C0BD392F000260100000001", "6700")] // Lc says one more
    [InlineData("00A404000AD392F000260100000001", "6A86")] // wants file control information
    [InlineData("00A4040C0AD3921000310001010408", "6A82")] // another application
    [InlineData("00A4020C02000A", "6A82")] // no application yet
    [InlineData("00B00000E0", "6986")] // no file yet
    [InlineData("00200080", "6985")]
    [InlineData("00DA000000", "6D00")]
    [InlineData("A0A40000", "6E00")]
    public void Before_its_application_is_selected_it_refuses_as_a_card_does(string command, string expected) => Assert.Equal(expected, Send(command));

    [Theory]
    [InlineData("00A4020C020001", "6A82")] // the signing certificate: not on this card
    [InlineData("00A4020C0100", "6700")]
    [InlineData("00A4080C02000A", "6A86")]
    [InlineData("00B08A0010", "6A86")] // a short file identifier
    [InlineData("00200081", "6A86")]
    [InlineData("0020008003313233", "6985")] // the PIN file is not selected
    public void Within_its_application_too(string command, string expected)
    {
        Send(SelectApplication);
        Assert.Equal(expected, Send(command));
    }

    [Theory]
    [InlineData("0020008003313233")] // three digits
    [InlineData("002000800331323334")] // Lc says one less
    public void A_pin_of_another_length_costs_no_try(string command)
    {
        Assert.Equal("6700", Verify(command));
        Assert.Equal("63C3", Verify(AskCounter));
    }

    [Fact]
    public void Reading_ends_where_the_file_ends()
    {
        var length = TestCards.First.Certificate!.Length;
        Send(SelectApplication, SelectCertificate);
        Assert.EndsWith("9000", Send($"00B0{length - 16:X4}10"), StringComparison.Ordinal);
        var last = Send($"00B0{length - 16:X4}11");
        Assert.Equal(Convert.ToHexString(TestCards.First.Certificate!.AsSpan(length - 16)) + "6282", last);
        Assert.Equal("6B00", Send($"00B0{length:X4}01"));
        Assert.Equal((256 + 2) * 2, Send("00B0000000").Length);
    }

    [Fact]
    public void The_counter_lives_across_resets_and_is_filled_by_the_right_pin()
    {
        Assert.Equal("63C2", Verify(WrongPin));
        Assert.Equal("63C1", Verify(WrongPin));
        Assert.Equal("63C1", Verify(AskCounter));
        Assert.Equal("9000", Verify(RightPin));
        Assert.Equal("63C3", Verify(AskCounter));
    }

    [Fact]
    public void The_third_wrong_pin_locks_it_for_good()
    {
        Verify(WrongPin);
        Verify(WrongPin);
        Assert.Equal("63C0", Verify(WrongPin));
        Assert.Equal("6983", Verify(AskCounter));
        Assert.Equal("6983", Verify(RightPin));
    }

    [Fact]
    public void It_signs_only_after_its_pin_and_until_it_is_lifted()
    {
        Send(SelectApplication);
        Assert.Equal("6982", SendAfter(SelectKey, Sign));
        SendAfter(SelectPin, RightPin);
        Assert.Equal((256 + 2) * 2, SendAfter(SelectKey, Sign).Length);
        _card.Reset();
        Send(SelectApplication);
        Assert.Equal("6982", SendAfter(SelectKey, Sign));
    }

    [Theory]
    [InlineData("802A00800400010203", "6700")] // Lc says one more
    [InlineData("802A0080040001020300", "6A80")] // no DigestInfo
    [InlineData("802A009E040001020300", "6A86")]
    [InlineData("802A0080", "6700")]
    public void It_signs_nothing_but_the_digest_info_of_a_sha256(string command, string expected)
    {
        Send(SelectApplication, SelectPin, RightPin);
        Assert.Equal(expected, SendAfter(SelectKey, command));
    }

    [Fact]
    public void A_wrong_pin_takes_back_an_earlier_right_one()
    {
        Send(SelectApplication, SelectPin, RightPin, WrongPin);
        Assert.Equal("6982", SendAfter(SelectKey, Sign));
    }

    private string Verify(string command)
    {
        _card.Reset();
        Send(SelectApplication);
        return SendAfter(SelectPin, command);
    }

    private string SendAfter(string first, string command)
    {
        Assert.Equal("9000", Send(first));
        return Send(command);
    }

    private string Send(params string[] commands)
    {
        var last = "";
        foreach (var command in commands) last = Convert.ToHexString(_card.Transmit(Convert.FromHexString(command)));
        return last;
    }
}
