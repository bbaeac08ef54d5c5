using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EligibilityGateway.ReaderAgent.Cards;

/// <summary>One whole tap, from the card's selection to its signature, in one hold of the channel.</summary>
internal static class CardTap
{
    /// <summary>Face and sight: the certificate alone. Reading it proves nothing; the terminal's claim says how the holder was known.</summary>
    public static CardResult<CardProof> Read(ICardChannel channel)
    {
        var card = new JpkiCard(channel);
        if (card.SelectApplication() is { } fault) return fault;
        if (card.ReadCertificate().IsFault(out var unread, out var certificate)) return unread;
        return new CardProof(certificate, []);
    }

    /// <summary>PIN: the certificate, and a signature over the digest that fits it.</summary>
    public static CardResult<CardProof> Sign(ICardChannel channel, ReadOnlySpan<char> pin, ReadOnlySpan<byte> digest)
    {
        var card = new JpkiCard(channel);
        if (card.SelectApplication() is { } fault) return fault;
        var reading = card.ReadCertificate();
        var afterPin = reading.Fault?.Kind is CardFaultKind.CertificateNeedsPin;
        // Without a certificate there is nothing to sign for: no PIN is risked.
        if (reading.Fault is { } unread && !afterPin) return unread;
        if (card.VerifyPin(pin) is { } pinFault) return pinFault;
        if (afterPin) reading = card.ReadCertificate();
        if (reading.IsFault(out var stillUnread, out var certificate)) return stillUnread;
        if (card.Sign(digest).IsFault(out var unsigned, out var signature)) return unsigned;
        return Fits(certificate, digest, signature) is { } misfit ? misfit : new CardProof(certificate, signature);
    }

    // Against a swap in the middle of the tap: the gateway would refuse it too, but can't say that the reader is the place to look.
    private static CardFault? Fits(byte[] certificate, ReadOnlySpan<byte> digest, byte[] signature)
    {
        try
        {
            using var parsed = X509CertificateLoader.LoadCertificate(certificate);
            using var key = parsed.GetRSAPublicKey();
            if (key is null) return new CardFault(CardFaultKind.CertificateUnreadable);
            return key.VerifyHash(digest, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
                ? null
                : new CardFault(CardFaultKind.SignatureDoesNotFit);
        }
        catch (CryptographicException)
        {
            return new CardFault(CardFaultKind.CertificateUnreadable);
        }
    }
}
