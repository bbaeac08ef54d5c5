namespace EligibilityGateway.ReaderAgent.Cards;

/// <summary>What a card gave in one tap.</summary>
/// <param name="Certificate">DER.</param>
/// <param name="Signature">Over the digest that it was given; empty where no PIN was asked for.</param>
internal sealed record CardProof(byte[] Certificate, byte[] Signature);
