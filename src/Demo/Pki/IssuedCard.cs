namespace EligibilityGateway.Demo.Pki;

/// <summary>A card's user-authentication certificate and the key that the chip would hold.</summary>
/// <param name="Certificate">DER.</param>
/// <param name="PrivateKey">PKCS#8, DER.</param>
public sealed record IssuedCard(byte[] Certificate, byte[] PrivateKey);
