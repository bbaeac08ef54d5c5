using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EligibilityGateway.ReaderAgent.Cards;

namespace EligibilityGateway.ReaderAgent.Tests.Cards;

public sealed class CardTapTests
{
    private static readonly byte[] Digest = SHA256.HashData("what the card signs"u8);

    [Fact]
    public void A_tap_with_the_pin_gives_the_certificate_and_a_signature_that_it_verifies()
    {
        using var card = TestCards.First.Card();
        var proof = CardTap.Sign(card, TestCards.Pin, Digest).Value!;
        Assert.Equal(TestCards.First.Certificate, proof.Certificate);
        using var certificate = X509CertificateLoader.LoadCertificate(proof.Certificate);
        using var key = certificate.GetRSAPublicKey()!;
        Assert.True(key.VerifyHash(Digest, proof.Signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    [Fact]
    public void The_commands_come_in_the_order_that_the_card_asks_for()
    {
        using var card = TestCards.First.Card();
        var channel = new RecordingChannel(card);
        Assert.NotNull(CardTap.Sign(channel, TestCards.Pin, Digest).Value);
        Assert.Equal("00A4040C0AD392F000260100000001", channel.Commands[0]);
        Assert.Equal("00A4020C02000A", channel.Commands[1]);
        var reads = channel.Commands.Skip(2).TakeWhile(command => command.StartsWith("00B0", StringComparison.Ordinal)).Count();
        Assert.Equal((TestCards.First.Certificate!.Length + 223) / 224, reads);
        Assert.Equal(
            ["00A4020C020018", "00200080", "002000800431323334", "00A4020C020017", "802A0080333031300D060960864801650304020105000420" + Convert.ToHexString(Digest) + "00"],
            channel.Commands.Skip(2 + reads));
    }

    [Fact]
    public void Face_and_sight_read_the_certificate_and_touch_neither_pin_nor_key()
    {
        using var card = TestCards.First.Card();
        var channel = new RecordingChannel(card);
        var proof = CardTap.Read(channel).Value!;
        Assert.Equal(TestCards.First.Certificate, proof.Certificate);
        Assert.Empty(proof.Signature);
        Assert.DoesNotContain("00A4020C020018", channel.Commands);
        Assert.DoesNotContain("00A4020C020017", channel.Commands);
    }

    [Fact]
    public void A_card_without_a_certificate_is_not_asked_for_its_pin()
    {
        using var card = TestCards.WithoutCertificate.Card();
        var channel = new RecordingChannel(card);
        Assert.Equal(CardFaultKind.NoCertificate, CardTap.Sign(channel, TestCards.Pin, Digest).Fault!.Kind);
        Assert.Equal(["00A4040C0AD392F000260100000001", "00A4020C02000A"], channel.Commands);
    }

    [Fact]
    public void A_smartphone_gives_its_certificate_after_the_pin_alone()
    {
        using var phone = TestCards.Smartphone.Card();
        Assert.Equal(CardFaultKind.CertificateNeedsPin, CardTap.Read(phone).Fault!.Kind);
        Assert.Equal(TestCards.First.Certificate, CardTap.Sign(phone, TestCards.Pin, Digest).Value!.Certificate);
    }

    [Fact]
    public void A_smartphone_with_a_wrong_pin_gives_nothing()
    {
        using var phone = TestCards.Smartphone.Card();
        Assert.Equal(CardFaultKind.PinWrong, CardTap.Sign(phone, "9999", Digest).Fault!.Kind);
    }

    [Fact]
    public void Wrong_pins_never_use_up_the_last_try()
    {
        using var card = TestCards.First.Card();
        Assert.Equal((CardFaultKind.PinWrong, 2), Tap(card, "0000"));
        Assert.Equal((CardFaultKind.PinWrong, 1), Tap(card, "0000"));
        Assert.Equal((CardFaultKind.PinTriesTooFew, 1), Tap(card, "0000"));
        // Not even with the right one: who holds the card should go on by face.
        Assert.Equal((CardFaultKind.PinTriesTooFew, 1), Tap(card, TestCards.Pin));
        card.Reset();
        Assert.NotNull(CardTap.Read(card).Value);
    }

    [Fact]
    public void A_pin_that_somebody_left_verified_is_not_used()
    {
        using var card = TestCards.First.Card();
        Assert.NotNull(CardTap.Sign(card, TestCards.Pin, Digest).Value);
        Assert.Equal(CardFaultKind.AlreadyUnlocked, CardTap.Sign(card, TestCards.Pin, Digest).Fault!.Kind);
    }

    [Fact]
    public void A_card_pulled_out_before_any_command_of_the_tap_ends_it_as_gone()
    {
        using var whole = TestCards.First.Card();
        var recorded = new RecordingChannel(whole);
        CardTap.Sign(recorded, TestCards.Pin, Digest);
        for (var commands = 0; commands < recorded.Commands.Count; commands++)
        {
            using var card = TestCards.First.Card();
            var fault = CardTap.Sign(new PulledChannel(card, commands), TestCards.Pin, Digest).Fault;
            Assert.Equal(CardFaultKind.CardGone, fault?.Kind);
        }
    }

    [Fact]
    public void A_card_swapped_in_the_middle_of_the_tap_is_found_out()
    {
        using var first = TestCards.First.Card();
        using var second = TestCards.Second.Card();
        // The second card is asked for all that comes after the certificate.
        var channel = new SwappingChannel(first, second);
        Assert.Equal(CardFaultKind.SignatureDoesNotFit, CardTap.Sign(channel, TestCards.Pin, Digest).Fault!.Kind);
    }

    [Fact]
    public void Bytes_that_only_begin_like_a_certificate_are_unreadable()
    {
        byte[] junk = [0x30, 0x82, 0x00, 0xFC, .. new byte[252]];
        using var card = (TestCards.First with { Certificate = junk }).Card();
        Assert.Equal(CardFaultKind.CertificateUnreadable, CardTap.Sign(card, TestCards.Pin, Digest).Fault!.Kind);
    }

    // A card with a driving licence, one that is a residence card too, a phone: all are read alike. Faces, attributes, licences and stays
    // lie in applications and files that are never selected.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Whatever_else_is_on_the_card_only_the_public_key_application_is_selected(bool isPhone)
    {
        using var card = (isPhone ? TestCards.Smartphone : TestCards.First).Card();
        var channel = new RecordingChannel(new CardOfManyApplications(card));
        Assert.NotNull(CardTap.Sign(channel, TestCards.Pin, Digest).Value);
        card.Reset();
        CardTap.Read(channel);
        var selections = channel.Commands.Where(command => command.StartsWith("00A4", StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(["00A4020C02000A", "00A4020C020017", "00A4020C020018", "00A4040C0AD392F000260100000001"], selections);
    }

    private static (CardFaultKind? Kind, int? TriesLeft) Tap(SoftwareCard card, string pin)
    {
        card.Reset();
        var fault = CardTap.Sign(card, pin, Digest).Fault;
        return (fault?.Kind, fault?.TriesLeft);
    }

    private sealed class PulledChannel(ICardChannel card, int commands) : ICardChannel
    {
        private int _left = commands;

        public byte[] Transmit(ReadOnlySpan<byte> command) => _left-- > 0 ? card.Transmit(command) : [];
    }

    private sealed class SwappingChannel(SoftwareCard first, SoftwareCard second) : ICardChannel
    {
        public byte[] Transmit(ReadOnlySpan<byte> command)
        {
            // Both are in the field for the application's selection.
            if (command[1] == 0xA4 && command[2] == 0x04) second.Transmit(command);
            var readsCertificate = command[1] == 0xB0 || (command[1] == 0xA4 && command[^1] != 0x17 && command[^1] != 0x18);
            return readsCertificate ? first.Transmit(command) : second.Transmit(command);
        }
    }

    /// <summary>Any application is there: it lets itself be selected, and gives 0xEE for each byte that is read.</summary>
    private sealed class CardOfManyApplications(SoftwareCard card) : ICardChannel
    {
        private bool _other;

        public byte[] Transmit(ReadOnlySpan<byte> command)
        {
            if (command[1] == 0xA4 && command[2] == 0x04) _other = !command[5..].SequenceEqual(JpkiFiles.ApplicationId);
            if (!_other) return card.Transmit(command);
            return command[1] == 0xB0 ? [.. Enumerable.Repeat((byte)0xEE, command[4]), 0x90, 0x00] : [0x90, 0x00];
        }
    }
}
