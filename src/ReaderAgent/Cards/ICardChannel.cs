namespace EligibilityGateway.ReaderAgent.Cards;

/// <summary>
/// The seam between the card's steps and whatever carries them: a reader's exclusive transaction, or a card made of software.
/// </summary>
internal interface ICardChannel
{
    /// <summary>
    /// Sends one command APDU (ISO 7816-4) and returns the response APDU, whose last two bytes are the status word. Fewer than
    /// two bytes mean that the card is gone: a card pulled out may come back as success with nothing.
    /// </summary>
    byte[] Transmit(ReadOnlySpan<byte> command);
}
