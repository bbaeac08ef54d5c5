using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Security.Cryptography;

namespace EligibilityGateway.Gateway.Cards;

/// <summary>
/// The outer shape that certificates and revocation lists share (SIGNED{} of X.509): what is signed, how, and the signature. It lets
/// an issuer be found by its signature where several bear one name, as the generations of the JPKI root do.
/// </summary>
internal sealed class SignedStructure
{
    private const string Sha256WithRsa = "1.2.840.113549.1.1.11";

    private readonly ReadOnlyMemory<byte> _signed;
    private readonly string _algorithm;
    private readonly byte[] _signature;

    private SignedStructure(ReadOnlyMemory<byte> signed, string algorithm, byte[] signature)
    {
        _signed = signed;
        _algorithm = algorithm;
        _signature = signature;
    }

    /// <summary>RSA with PKCS#1 v1.5 and SHA-256: the one algorithm of card certificates.</summary>
    public bool IsSha256WithRsa => _algorithm == Sha256WithRsa;

    /// <summary>Reads the outer shape of a certificate or revocation list in DER, with nothing after it.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> der, [NotNullWhen(true)] out SignedStructure? structure)
    {
        structure = null;
        try
        {
            var reader = new AsnReader(der, AsnEncodingRules.DER);
            var parts = reader.ReadSequence();
            reader.ThrowIfNotEmpty();
            var signed = parts.ReadEncodedValue();
            var algorithm = parts.ReadSequence().ReadObjectIdentifier();
            var signature = parts.ReadBitString(out var unusedBits);
            parts.ThrowIfNotEmpty();
            if (unusedBits != 0) return false;
            structure = new SignedStructure(signed, algorithm, signature);
            return true;
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    /// <summary>Whether the holder of this key signed it, by an algorithm that authorities may use: RSA with SHA-256 or better.</summary>
    public bool IsSignedBy(RSA key)
    {
        HashAlgorithmName? hash = _algorithm switch
        {
            Sha256WithRsa => HashAlgorithmName.SHA256,
            "1.2.840.113549.1.1.12" => HashAlgorithmName.SHA384,
            "1.2.840.113549.1.1.13" => HashAlgorithmName.SHA512,
            _ => null,
        };
        return hash is { } name && key.VerifyData(_signed.Span, _signature, name, RSASignaturePadding.Pkcs1);
    }
}
