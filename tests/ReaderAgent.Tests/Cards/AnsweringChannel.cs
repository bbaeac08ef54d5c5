using EligibilityGateway.ReaderAgent.Cards;

namespace EligibilityGateway.ReaderAgent.Tests.Cards;

/// <summary>A card that answers each command as the test says; null means 9000.</summary>
internal sealed class AnsweringChannel(Func<string, string?> answer) : ICardChannel
{
    public List<string> Commands { get; } = [];

    public byte[] Transmit(ReadOnlySpan<byte> command)
    {
        var hex = Convert.ToHexString(command);
        Commands.Add(hex);
        return Convert.FromHexString(answer(hex) ?? "9000");
    }
}
