using EligibilityGateway.Contracts.V1;

namespace EligibilityGateway.Gateway.Cards;

/// <summary>What came from a card on a reader, right in form.</summary>
/// <param name="Certificate">DER; empty where the card has none.</param>
/// <param name="Fingerprint">SHA-256 of the certificate, 32 bytes; empty where the card has none.</param>
/// <param name="Proof">How the holder showed to be the holder.</param>
/// <param name="Challenge">Empty but for the PIN.</param>
/// <param name="Signature">256 bytes; empty but for the PIN.</param>
public sealed record CardTap(ReadOnlyMemory<byte> Certificate, byte[] Fingerprint, Proof Proof, ReadOnlyMemory<byte> Challenge, ReadOnlyMemory<byte> Signature)
{
    public bool HasCertificate => !Certificate.IsEmpty;

    public Guid CardKey => Cards.CardKey.OfFingerprint(Fingerprint);
}
