using System.Diagnostics;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.LoadTests.Drive;
using Google.Protobuf;

namespace EligibilityGateway.LoadTests.Tests.Drive;

/// <summary>Ledgers of runs whose requests, all meant to start at once, became what a test wants.</summary>
internal static class Ledgers
{
    /// <summary>A moment that is not the beginning of time.</summary>
    private const long Start = 1_000_000_000;

    public static RunLedger Of(params Became[] outcomes)
    {
        var ledger = new RunLedger([.. outcomes.Select((_, n) => new PlannedRequest(TimeSpan.Zero, 0, $"event-{n}", [], Measured: true))]);
        ledger.Begin(Start);
        foreach (var (n, outcome) in outcomes.Index())
        {
            ledger.Write(n, At(outcome.WrittenAfter));
            if (outcome.Message($"event-{n}") is { } message) ledger.Enter(MessageGlance.Of(message.ToByteArray()), At(outcome.After));
        }
        return ledger;
    }

    public static Became Proved(double afterMilliseconds) => new(
        afterMilliseconds, 0, id => new GatewayMessage { Answer = new Answer { EventId = id, Validity = Validity.Valid, Freshness = new Freshness { Proved = true } } });

    public static Became Unconfirmed(double afterMilliseconds) =>
        new(afterMilliseconds, 0, id => new GatewayMessage { Answer = new Answer { EventId = id, Validity = Validity.Unconfirmed } });

    public static Became Busy(double afterMilliseconds, double writtenAfter = 0) =>
        new(afterMilliseconds, writtenAfter, id => new GatewayMessage { Busy = new Busy { EventId = id } });

    public static Became Nothing() => new(0, 0, _ => null);

    private static long At(double milliseconds) => Start + (long)(milliseconds / 1000 * Stopwatch.Frequency);

    /// <summary>What became of a request, in milliseconds from its intended start.</summary>
    internal sealed record Became(double After, double WrittenAfter, Func<string, GatewayMessage?> Message);
}
