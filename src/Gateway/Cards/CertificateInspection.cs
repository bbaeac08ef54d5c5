using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EligibilityGateway.Rules.Facts;

namespace EligibilityGateway.Gateway.Cards;

/// <summary>
/// The full inspection of a card's user-authentication certificate: form, algorithm, use, chain. It is done when the card office
/// binds a card and when a card comes that nobody has bound; a tap of a known card does without. Dates and revocation are not judged here.
/// </summary>
public abstract record CertificateInspection
{
    /// <summary>Longest certificate that is looked at, in bytes.</summary>
    public const int MaxLength = 4096;

    private CertificateInspection()
    {
    }

    /// <summary>A certificate of a card, issued by a configured authority.</summary>
    public sealed record Passed(CertificateFacts Facts) : CertificateInspection;

    /// <summary>Not that.</summary>
    public sealed record Failed(CertificateFault Fault) : CertificateInspection;

    /// <summary>What is wrong with the outer form, as far as it costs nothing to see; null where nothing is.</summary>
    public static CertificateFault? FaultOfForm(ReadOnlyMemory<byte> der)
    {
        if (der.Length > MaxLength) return CertificateFault.TooLong;
        if (!SignedStructure.TryRead(der, out var structure)) return CertificateFault.NotACertificate;
        return structure.IsSha256WithRsa ? null : CertificateFault.WrongAlgorithm;
    }

    public static CertificateInspection Of(ReadOnlySpan<byte> der, TrustAnchors anchors)
    {
        // 1. Form.
        if (der.Length > MaxLength) return new Failed(CertificateFault.TooLong);
        var bytes = der.ToArray();
        if (!SignedStructure.TryRead(bytes, out var structure)) return new Failed(CertificateFault.NotACertificate);
        X509Certificate2 certificate;
        try
        {
            certificate = X509CertificateLoader.LoadCertificate(bytes);
        }
        catch (CryptographicException)
        {
            return new Failed(CertificateFault.NotACertificate);
        }
        using (certificate)
        {
            try
            {
                return Of(certificate, structure, anchors);
            }
            catch (CryptographicException)
            {
                // Fields are decoded when first asked for: a date, a key or an extension that can't be.
                return new Failed(CertificateFault.NotACertificate);
            }
        }
    }

    private static CertificateInspection Of(X509Certificate2 certificate, SignedStructure structure, TrustAnchors anchors)
    {
        if (!CertificateSerial.TryRead(certificate.SerialNumberBytes.Span, out _)) return new Failed(CertificateFault.NotACertificate);

        // 2. Algorithm.
        if (!structure.IsSha256WithRsa) return new Failed(CertificateFault.WrongAlgorithm);
        using var key = certificate.GetRSAPublicKey();
        if (key is null) return new Failed(CertificateFault.WrongAlgorithm);
        var parameters = key.ExportParameters(includePrivateParameters: false);
        if (!TryReadExponent(parameters.Exponent!, out var exponent) || !CardSignature.IsUsableKey(parameters.Modulus!, exponent))
            return new Failed(CertificateFault.WrongAlgorithm);

        // 3. Use.
        if (!IsForSigning(certificate)) return new Failed(CertificateFault.WrongUse);

        // 4. Chain: the issuer by its signature, then the rules along the way to the root.
        if (anchors.SignerOf(structure, certificate.IssuerName.RawData) is not { } issuer || !issuer.ChainHolds(certificate))
            return new Failed(CertificateFault.NotTrusted);

        var fingerprint = certificate.GetCertHash(HashAlgorithmName.SHA256);
        return new Passed(new CertificateFacts(
            CardKey.OfFingerprint(fingerprint),
            fingerprint,
            certificate.SerialNumberBytes.Span.TrimStart((byte)0).ToArray(),
            [.. issuer.Fingerprint],
            parameters.Modulus!,
            exponent,
            certificate.NotBefore.ToUniversalTime(),
            certificate.NotAfter.ToUniversalTime()));
    }

    private static bool IsForSigning(X509Certificate2 certificate)
    {
        var mayBeUsed = false;
        foreach (var extension in certificate.Extensions)
        {
            if (extension is X509BasicConstraintsExtension { CertificateAuthority: true }) return false;
            if (extension is X509KeyUsageExtension usage) mayBeUsed = (usage.KeyUsages & X509KeyUsageFlags.DigitalSignature) != 0;
        }
        return mayBeUsed;
    }

    private static bool TryReadExponent(byte[] bigEndian, out int exponent)
    {
        exponent = 0;
        var digits = bigEndian.AsSpan().TrimStart((byte)0);
        if (digits.Length > sizeof(int)) return false;
        Span<byte> padded = stackalloc byte[sizeof(int)];
        padded.Clear();
        digits.CopyTo(padded[(sizeof(int) - digits.Length)..]);
        exponent = BinaryPrimitives.ReadInt32BigEndian(padded);
        return exponent > 0;
    }
}
