using EligibilityGateway.ReaderAgent.Cards;

namespace EligibilityGateway.ReaderAgent.Tests.Cards;

/// <summary>Writes down each command on its way to the card.</summary>
internal sealed class RecordingChannel(ICardChannel card) : ICardChannel
{
    public List<string> Commands { get; } = [];

    public byte[] Transmit(ReadOnlySpan<byte> command)
    {
        Commands.Add(Convert.ToHexString(command));
        return card.Transmit(command);
    }
}
