using EligibilityGateway.Rules.Facts;

namespace EligibilityGateway.Rules.Cards;

/// <summary>One event of a card, as the card office tells it by file or by hand.</summary>
/// <param name="Sequence">The office's own number of the event, ascending over all its files; null where it is reported by hand.</param>
/// <param name="Kind">What happened.</param>
/// <param name="CardKey">To which card.</param>
/// <param name="At">When.</param>
/// <param name="Line">Where it stands in the file; 0 where it is reported by hand.</param>
internal sealed record CardEvent(long? Sequence, CardEventKind Kind, Guid CardKey, DateTimeOffset At, long Line = 0)
{
    /// <summary>Of a card that is issued: whose it is.</summary>
    public long PersonId { get; init; }

    /// <summary>Of a card that is issued.</summary>
    public CertificateFacts? Certificate { get; init; }

    /// <summary>Of a card that is issued.</summary>
    public CardCarrier Carrier { get; init; } = CardCarrier.Plastic;

    /// <summary>Of a registration: where.</summary>
    public RegistrationChannel? Channel { get; init; }

    /// <summary>Of a card that is replaced: by which.</summary>
    public Guid? ReplacedBy { get; init; }

    /// <summary>Of a card that is issued or extended: its own last day.</summary>
    public DateOnly? LastDay { get; init; }

    /// <summary>Of a card that is issued.</summary>
    public CardTerm? Term { get; init; }
}
