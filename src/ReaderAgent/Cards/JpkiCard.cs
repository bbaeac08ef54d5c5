using System.Buffers.Binary;
using System.Security.Cryptography;

namespace EligibilityGateway.ReaderAgent.Cards;

/// <summary>
/// The steps of the card's public key application, in the order in which a tap takes them: select, certificate, PIN, signature.
/// The channel must be held exclusively from the first step to the last, since a verified PIN serves whoever talks to the card.
/// </summary>
internal sealed class JpkiCard(ICardChannel channel)
{
    /// <summary>The longest certificate that the gateway takes.</summary>
    public const int MaxCertificateLength = 4096;

    /// <summary>Never the last try: a terminal must not be what locks somebody's card.</summary>
    public const int FewestTries = 2;

    // 0xE0 fits the buffer of every reader seen; larger ones save one command in a certificate of 1.5 KB.
    private const int ChunkLength = 0xE0;

    private const int DerHeaderLength = 4;

    public CardFault? SelectApplication()
    {
        Span<byte> command = stackalloc byte[5 + JpkiFiles.ApplicationId.Length];
        command[0] = 0x00;
        command[1] = 0xA4;
        command[2] = 0x04;
        command[3] = 0x0C;
        command[4] = (byte)JpkiFiles.ApplicationId.Length;
        JpkiFiles.ApplicationId.CopyTo(command[5..]);
        if (Send(command).IsFault(out var fault, out var response)) return fault;
        if (response.Status == StatusWord.Success) return null;
        return response.Status == StatusWord.FileNotFound ? new CardFault(CardFaultKind.NotThisKindOfCard, Status: response.Status) : Unexpected(response);
    }

    /// <summary>The user-authentication certificate in DER, without what may follow it in the file.</summary>
    public CardResult<byte[]> ReadCertificate()
    {
        if (SelectFile(JpkiFiles.AuthenticationCertificate, CardFaultKind.NoCertificate) is { } missing) return missing;
        var certificate = new byte[MaxCertificateLength];
        var length = 0;
        var total = DerHeaderLength;
        while (length < total)
        {
            // The length stands in the first 4 bytes; asking for a whole chunk at once saves a command.
            var wanted = length == 0 ? ChunkLength : Math.Min(ChunkLength, total - length);
            if (Send([0x00, 0xB0, (byte)(length >> 8), (byte)length, (byte)wanted]).IsFault(out var fault, out var response)) return fault;
            if (response.Status == StatusWord.SecurityNotSatisfied) return new CardFault(CardFaultKind.CertificateNeedsPin, Status: response.Status);
            if (response.Status != StatusWord.Success && response.Status != StatusWord.EndOfFile) return Unexpected(response);
            var chunk = response.Data.Span;
            if (chunk.Length == 0 || chunk.Length > wanted || chunk.Length > certificate.Length - length)
                return new CardFault(CardFaultKind.CertificateUnreadable, Status: response.Status);
            chunk.CopyTo(certificate.AsSpan(length));
            length += chunk.Length;
            if (length < DerHeaderLength) continue;
            if (TotalLength(certificate) is not { } announced) return new CardFault(CardFaultKind.CertificateUnreadable);
            total = announced;
        }
        return certificate[..total];
    }

    /// <summary>How many PIN tries are left; asking costs none.</summary>
    public CardResult<int> PinTriesLeft()
    {
        if (SelectFile(JpkiFiles.AuthenticationPin, CardFaultKind.UnexpectedStatus) is { } missing) return missing;
        if (Send([0x00, 0x20, 0x00, 0x80]).IsFault(out var fault, out var response)) return fault;
        if (response.Status == StatusWord.Success) return new CardFault(CardFaultKind.AlreadyUnlocked, Status: response.Status);
        if (response.Status.IsPinBlocked) return new CardFault(CardFaultKind.PinLocked, 0, response.Status);
        return response.Status.Tries is { } tries ? tries : Unexpected(response);
    }

    /// <summary>
    /// Verifies the PIN once, after asking for the counter. A VERIFY whose answer is lost is never sent again: it may have cost a try.
    /// </summary>
    public CardFault? VerifyPin(ReadOnlySpan<char> pin)
    {
        if (pin.Length != JpkiFiles.PinLength || pin.ContainsAnyExceptInRange('0', '9')) return new CardFault(CardFaultKind.PinNotFourDigits);
        if (PinTriesLeft().IsFault(out var counterFault, out var tries)) return counterFault;
        if (tries < FewestTries) return new CardFault(CardFaultKind.PinTriesTooFew, tries);
        Span<byte> command = [0x00, 0x20, 0x00, 0x80, JpkiFiles.PinLength, (byte)pin[0], (byte)pin[1], (byte)pin[2], (byte)pin[3]];
        var sent = Send(command);
        CryptographicOperations.ZeroMemory(command);
        if (sent.IsFault(out var fault, out var response)) return fault;
        if (response.Status == StatusWord.Success) return null;
        if (response.Status.IsPinBlocked) return new CardFault(CardFaultKind.PinLocked, 0, response.Status);
        return response.Status.Tries is { } left ? new CardFault(CardFaultKind.PinWrong, left, response.Status) : Unexpected(response);
    }

    /// <summary>The signature (RSA-2048, PKCS#1 v1.5) over a SHA-256 digest, by the user-authentication key.</summary>
    public CardResult<byte[]> Sign(ReadOnlySpan<byte> digest)
    {
        if (SelectFile(JpkiFiles.AuthenticationKey, CardFaultKind.UnexpectedStatus) is { } missing) return missing;
        var prefix = JpkiFiles.Sha256DigestInfoPrefix;
        Span<byte> command = stackalloc byte[5 + prefix.Length + SHA256.HashSizeInBytes + 1];
        command[0] = 0x80;
        command[1] = 0x2A;
        command[2] = 0x00;
        command[3] = 0x80;
        command[4] = (byte)(prefix.Length + SHA256.HashSizeInBytes);
        prefix.CopyTo(command[5..]);
        digest.CopyTo(command[(5 + prefix.Length)..]);
        command[^1] = 0x00;
        if (Send(command).IsFault(out var fault, out var response)) return fault;
        if (response.Status != StatusWord.Success || response.Data.Length != JpkiFiles.SignatureLength) return Unexpected(response);
        return response.Data.ToArray();
    }

    // A DER certificate of 256 to 65,535 bytes begins 30 82 LL LL.
    private static int? TotalLength(ReadOnlySpan<byte> header)
    {
        if (header[0] != 0x30 || header[1] != 0x82) return null;
        var total = BinaryPrimitives.ReadUInt16BigEndian(header[2..]) + DerHeaderLength;
        return total <= MaxCertificateLength ? total : null;
    }

    private CardFault? SelectFile(ushort file, CardFaultKind whenMissing)
    {
        if (Send([0x00, 0xA4, 0x02, 0x0C, 0x02, (byte)(file >> 8), (byte)file]).IsFault(out var fault, out var response)) return fault;
        if (response.Status == StatusWord.Success) return null;
        return response.Status == StatusWord.FileNotFound ? new CardFault(whenMissing, Status: response.Status) : Unexpected(response);
    }

    private CardResult<CardResponse> Send(ReadOnlySpan<byte> command) =>
        CardResponse.Parse(channel.Transmit(command)) is { } response ? response : new CardFault(CardFaultKind.CardGone);

    private static CardFault Unexpected(CardResponse response) => new(CardFaultKind.UnexpectedStatus, Status: response.Status);
}
