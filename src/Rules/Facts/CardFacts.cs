using MemoryPack;

namespace EligibilityGateway.Rules.Facts;

/// <summary>
/// What the store knows of one card: its certificate, verified in full when the card office bound it to a person, and the state of
/// the card. A tap of a known card therefore parses no certificate and builds no chain.
/// </summary>
/// <param name="CardKey">First 16 bytes of the certificate's SHA-256.</param>
/// <param name="Version">Raised by every change of the card's state; a phone's also by every change of the holder's plastic cards.</param>
/// <param name="PersonId">Whose card it is.</param>
/// <param name="Fingerprint">SHA-256 of the certificate, 32 bytes.</param>
/// <param name="Serial">Serial number, big-endian, without leading zeros.</param>
/// <param name="Anchor">SHA-256 of the trust anchor's certificate that the chain led to, 32 bytes.</param>
/// <param name="Modulus">RSA-2048 modulus, big-endian, 256 bytes.</param>
/// <param name="Exponent">RSA public exponent.</param>
/// <param name="NotBefore">Start of validity.</param>
/// <param name="NotAfter">End of validity.</param>
/// <param name="Carrier">Plastic or phone.</param>
/// <param name="Status">In use, lost, revoked, replaced.</param>
/// <param name="StatusSince">When it came to that.</param>
/// <param name="Registered">Registered for use as insurance card (利用登録).</param>
/// <param name="LastDay">The card's own last day, inclusive, which its certificate may outlast; null where the card office told none.</param>
/// <param name="Term">How long the card lasts by its kind; only with a last day.</param>
/// <param name="Plastic">Only of a phone: the plastic card that it hangs on; null where the card office has told of none.</param>
[MemoryPackable]
public sealed partial record CardFacts(
    Guid CardKey,
    long Version,
    long PersonId,
    byte[] Fingerprint,
    byte[] Serial,
    byte[] Anchor,
    byte[] Modulus,
    int Exponent,
    DateTimeOffset NotBefore,
    DateTimeOffset NotAfter,
    CardCarrier Carrier,
    CardStatus Status,
    DateTimeOffset StatusSince,
    bool Registered,
    DateOnly? LastDay = null,
    CardTerm? Term = null,
    PlasticCard? Plastic = null);

/// <summary>
/// The plastic card that a phone's certificate was made with: the holder's latest that is no younger than it. Where none is on record, one
/// that came later.
/// </summary>
/// <param name="NotBefore">Start of its certificate's validity.</param>
/// <param name="NotAfter">End of its certificate's validity.</param>
/// <param name="Status">See <see cref="CardFacts"/>.</param>
/// <param name="LastDay">See <see cref="CardFacts"/>.</param>
[MemoryPackable]
public sealed partial record PlasticCard(DateTimeOffset NotBefore, DateTimeOffset NotAfter, CardStatus Status, DateOnly? LastDay);

public enum CardCarrier : short
{
    Plastic = 1,
    Phone = 2,
}

public enum CardStatus : short
{
    InUse = 1,
    Lost = 2,
    Revoked = 3,
    Replaced = 4,

    /// <summary>Its holder died.</summary>
    HolderDied = 5,
}
