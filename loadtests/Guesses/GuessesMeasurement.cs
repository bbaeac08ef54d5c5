using System.Diagnostics;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.LoadTests.Drive;
using EligibilityGateway.LoadTests.Figures;
using EligibilityGateway.LoadTests.Idle;
using EligibilityGateway.LoadTests.PeakHour;
using EligibilityGateway.LoadTests.Stand;
using EligibilityGateway.LoadTests.Wire;
using Google.Protobuf;

namespace EligibilityGateway.LoadTests.Guesses;

/// <summary>One terminal guesses, each time at another document, so that no bound on misses but the terminal's own is met; that one is set aside.</summary>
public static class GuessesMeasurement
{
    public static async Task<GuessesFigures> RunAsync(int pairs, long people, string folder, CancellationToken cancellation)
    {
        await using var stand = await TestStand.OpenAsync(folder, cancellation);
        await StandPeople.LoadAsync(stand, people, cancellation);
        var documents = await StandPeople.DocumentsAsync(stand, 2 * pairs, cancellation);
        var terminal = (await StandTerminals.EnsureAsync(stand, IdleMeasurement.Identities(1), cancellation))[0];
        var (gateway, address) = await stand.StartGatewayAsync(stand.Settings with { MissBudget = int.MaxValue }, cancellation);
        await using var _ = gateway;
        await using var stream = await TerminalStream.WelcomedAsync(address, terminal, cancellation);

        Progress.Tell($"{pairs:N0} pairs, one look-up after the other");
        List<long> unknown = [], wrong = [];
        for (var pair = 0; pair < pairs; pair++)
        {
            var isUnknownFirst = Random.Shared.Next(2) == 0;
            for (var of = 0; of < 2; of++)
            {
                var isUnknown = of == 0 == isUnknownFirst;
                (isUnknown ? unknown : wrong).Add(await TimeAsync(stream, Guess(documents[(2 * pair) + of], isUnknown, pair, stand.Clock), cancellation));
            }
        }
        return new GuessesFigures(pairs, MedianOf(unknown), MedianOf(wrong));
    }

    private static LookUp Guess(StandDocument document, bool isUnknown, int pair, TimeProvider clock) => new()
    {
        EventId = EventId.New(clock).ToString(),
        Purpose = Purpose.Care,
        Document = TapRequests.Typed(isUnknown ? document with { Number = $"0000{pair:000000}" } : document with { BirthDate = document.BirthDate.AddDays(-1) }),
    };

    private static async Task<long> TimeAsync(GrpcStream stream, LookUp lookUp, CancellationToken cancellation)
    {
        var message = new TerminalMessage { LookUp = lookUp }.ToByteArray();
        var begin = Stopwatch.GetTimestamp();
        await stream.WriteAsync(message);
        if (!await stream.ReadAsync(cancellation)) throw new MeasurementException("The gateway ended the stream.");
        var time = Stopwatch.GetElapsedTime(begin);
        if (GatewayMessage.Parser.ParseFrom(stream.Message).Answer is not { Validity: Validity.NotFound }) throw new MeasurementException("A guess was answered otherwise than that nobody was found.");
        return (long)time.TotalMicroseconds;
    }

    private static long MedianOf(List<long> times)
    {
        times.Sort();
        return times[times.Count / 2];
    }
}
