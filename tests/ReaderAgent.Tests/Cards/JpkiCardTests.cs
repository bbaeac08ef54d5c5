using System.Buffers.Binary;
using EligibilityGateway.ReaderAgent.Cards;

namespace EligibilityGateway.ReaderAgent.Tests.Cards;

public sealed class JpkiCardTests
{
    private const string AskCounter = "00200080";
    private const string VerifyPrefix = "0020008004";

    [Fact]
    public void Selecting_names_the_public_key_application()
    {
        var channel = new AnsweringChannel(_ => null);
        Assert.Null(new JpkiCard(channel).SelectApplication());
        Assert.Equal(["00A4040C0AD392F000260100000001"], channel.Commands);
    }

    [Theory]
    [InlineData("6A82", CardFaultKind.NotThisKindOfCard)]
    [InlineData("6999", CardFaultKind.UnexpectedStatus)]
    [InlineData("", CardFaultKind.CardGone)]
    [InlineData("90", CardFaultKind.CardGone)]
    internal void A_card_without_the_application_is_told_apart_from_one_that_is_gone(string response, CardFaultKind expected) =>
        Assert.Equal(expected, new JpkiCard(new AnsweringChannel(_ => response)).SelectApplication()!.Kind);

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(223)]
    [InlineData(224)]
    [InlineData(225)]
    [InlineData(447)]
    [InlineData(448)]
    [InlineData(449)]
    [InlineData(1500)]
    [InlineData(4095)]
    [InlineData(4096)]
    public void A_certificate_of_any_length_is_read_whole_and_nothing_after_it(int length)
    {
        var certificate = Der(length);
        // The file goes on after the certificate.
        var channel = new FileChannel([.. certificate, .. new byte[300]], most: 256);
        Assert.Equal(certificate, new JpkiCard(channel).ReadCertificate().Value);
        Assert.Equal(1 + Math.Max(1, (length + 223) / 224), channel.Count);
    }

    [Theory]
    [InlineData(224)]
    [InlineData(225)]
    [InlineData(1500)]
    public void A_certificate_that_fills_its_file_is_read_whole(int length)
    {
        var certificate = Der(length);
        Assert.Equal(certificate, new JpkiCard(new FileChannel(certificate, most: 256)).ReadCertificate().Value);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100)]
    public void A_card_that_gives_less_than_asked_is_asked_on(int most)
    {
        var certificate = Der(777);
        Assert.Equal(certificate, new JpkiCard(new FileChannel(certificate, most)).ReadCertificate().Value);
    }

    [Theory]
    [InlineData("3082FFFF")] // 65,539 bytes
    [InlineData("30820FFD")] // 4,097 bytes
    [InlineData("3081FF00")] // a short form
    [InlineData("00000000")] // an empty file
    [InlineData("FFFFFFFF")]
    public void What_does_not_begin_as_a_certificate_that_the_gateway_takes_is_unreadable(string header)
    {
        var card = new JpkiCard(new FileChannel([.. Convert.FromHexString(header), .. new byte[5000]], most: 256));
        Assert.Equal(CardFaultKind.CertificateUnreadable, card.ReadCertificate().Fault!.Kind);
    }

    [Fact]
    public void A_file_that_ends_before_the_certificate_does_is_no_endless_loop()
    {
        var cut = Der(1000)[..500];
        Assert.Equal(CardFaultKind.UnexpectedStatus, new JpkiCard(new FileChannel(cut, most: 256)).ReadCertificate().Fault!.Kind);
        var silent = new AnsweringChannel(command => command.StartsWith("00B0", StringComparison.Ordinal) ? "9000" : null);
        Assert.Equal(CardFaultKind.CertificateUnreadable, new JpkiCard(silent).ReadCertificate().Fault!.Kind);
    }

    [Fact]
    public void More_bytes_than_asked_for_are_not_taken()
    {
        var channel = new AnsweringChannel(command => command.StartsWith("00B0", StringComparison.Ordinal) ? "30820400" + new string('0', 600) + "9000" : null);
        Assert.Equal(CardFaultKind.CertificateUnreadable, new JpkiCard(channel).ReadCertificate().Fault!.Kind);
    }

    [Fact]
    public void A_missing_certificate_file_means_that_the_holder_asked_for_none()
    {
        var channel = new AnsweringChannel(command => command == "00A4020C02000A" ? "6A82" : null);
        Assert.Equal(CardFaultKind.NoCertificate, new JpkiCard(channel).ReadCertificate().Fault!.Kind);
    }

    [Theory]
    [InlineData("63C3", 3)]
    [InlineData("63C2", 2)]
    [InlineData("63C1", 1)]
    public void Asking_for_the_counter_gives_the_tries_left(string response, int tries)
    {
        var channel = new AnsweringChannel(command => command == AskCounter ? response : null);
        var left = new JpkiCard(channel).PinTriesLeft();
        Assert.Null(left.Fault);
        Assert.Equal(tries, left.Value);
        Assert.Equal(["00A4020C020018", AskCounter], channel.Commands);
    }

    [Theory]
    [InlineData("6983", CardFaultKind.PinLocked)]
    [InlineData("6984", CardFaultKind.PinLocked)]
    [InlineData("63C0", CardFaultKind.PinLocked)]
    [InlineData("63C1", CardFaultKind.PinTriesTooFew)]
    [InlineData("9000", CardFaultKind.AlreadyUnlocked)]
    [InlineData("6A88", CardFaultKind.UnexpectedStatus)]
    [InlineData("6300", CardFaultKind.UnexpectedStatus)]
    [InlineData("", CardFaultKind.CardGone)]
    internal void No_pin_is_sent_unless_two_tries_are_known_to_be_left(string counter, CardFaultKind expected)
    {
        var channel = new AnsweringChannel(command => command == AskCounter ? counter : null);
        Assert.Equal(expected, new JpkiCard(channel).VerifyPin("1234")!.Kind);
        Assert.DoesNotContain(channel.Commands, command => command.StartsWith(VerifyPrefix, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("9000", null, null)]
    [InlineData("63C2", CardFaultKind.PinWrong, 2)]
    [InlineData("63C1", CardFaultKind.PinWrong, 1)]
    [InlineData("63C0", CardFaultKind.PinLocked, 0)]
    [InlineData("6983", CardFaultKind.PinLocked, 0)]
    [InlineData("6984", CardFaultKind.PinLocked, 0)]
    [InlineData("6F00", CardFaultKind.UnexpectedStatus, null)]
    [InlineData("", CardFaultKind.CardGone, null)]
    internal void Verify_is_sent_once_whatever_the_card_says(string response, CardFaultKind? expected, int? triesLeft)
    {
        var channel = new AnsweringChannel(command => command == AskCounter ? "63C3" : command.StartsWith(VerifyPrefix, StringComparison.Ordinal) ? response : null);
        var fault = new JpkiCard(channel).VerifyPin("0007");
        Assert.Equal(expected, fault?.Kind);
        Assert.Equal(triesLeft, fault?.TriesLeft);
        Assert.Equal(["00A4020C020018", AskCounter, "002000800430303037"], channel.Commands);
    }

    [Theory]
    [InlineData("")]
    [InlineData("123")]
    [InlineData("12345")]
    [InlineData("12a4")]
    [InlineData(" 123")]
    [InlineData("１２３４")]
    [InlineData("-123")]
    public void A_pin_that_is_not_four_digits_never_reaches_the_card(string pin)
    {
        var channel = new AnsweringChannel(_ => null);
        Assert.Equal(CardFaultKind.PinNotFourDigits, new JpkiCard(channel).VerifyPin(pin)!.Kind);
        Assert.Empty(channel.Commands);
    }

    [Fact]
    public void The_signature_command_carries_the_digest_info()
    {
        var digest = Enumerable.Range(1, 32).Select(n => (byte)n).ToArray();
        var channel = new AnsweringChannel(command => command.StartsWith("802A", StringComparison.Ordinal) ? new string('5', 512) + "9000" : null);
        Assert.Equal(256, new JpkiCard(channel).Sign(digest).Value!.Length);
        Assert.Equal(["00A4020C020017", "802A0080333031300D060960864801650304020105000420" + Convert.ToHexString(digest) + "00"], channel.Commands);
    }

    [Theory]
    [InlineData("9000")] // success without a signature
    [InlineData("55559000")]
    [InlineData("6982")]
    public void Anything_but_256_bytes_is_no_signature(string response)
    {
        var channel = new AnsweringChannel(command => command.StartsWith("802A", StringComparison.Ordinal) ? response : null);
        Assert.Equal(CardFaultKind.UnexpectedStatus, new JpkiCard(channel).Sign(new byte[32]).Fault!.Kind);
    }

    private static byte[] Der(int length)
    {
        var der = new byte[length];
        new Random(length).NextBytes(der);
        der[0] = 0x30;
        der[1] = 0x82;
        BinaryPrimitives.WriteUInt16BigEndian(der.AsSpan(2), (ushort)(length - 4));
        return der;
    }

    /// <summary>A file that any SELECT finds, read by READ BINARY, at most so many bytes at once.</summary>
    private sealed class FileChannel(byte[] content, int most) : ICardChannel
    {
        public int Count { get; private set; }

        public byte[] Transmit(ReadOnlySpan<byte> command)
        {
            Count++;
            if (command[1] != 0xB0) return [0x90, 0x00];
            var offset = BinaryPrimitives.ReadUInt16BigEndian(command[2..]);
            if (offset >= content.Length) return [0x6B, 0x00];
            var given = Math.Min(Math.Min(most, command[4]), content.Length - offset);
            return [.. content.AsSpan(offset, given), .. given < command[4] && most >= 256 ? (ReadOnlySpan<byte>)[0x62, 0x82] : [0x90, 0x00]];
        }
    }
}
