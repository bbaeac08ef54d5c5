using System.Diagnostics;

namespace EligibilityGateway.LoadTests.Drive;

/// <summary>
/// Sends each request at its intended start, whether or not earlier ones were answered, and counts latency from that start: a
/// gateway that stalls shows it in every request that came meanwhile.
/// </summary>
public sealed class OpenLoop(IReadOnlyList<TerminalStream> streams)
{
    /// <summary>How long after the last start an answer still counts.</summary>
    private static readonly TimeSpan LastAnswers = TimeSpan.FromSeconds(10);

    /// <summary>Runs all requests, in their order. Ends within ten seconds of the last intended start.</summary>
    /// <param name="requests">In the order of their intended starts.</param>
    /// <param name="begin">Timestamp (<see cref="Stopwatch.GetTimestamp"/>) of the run's start, now or later.</param>
    /// <param name="measuredPartBegins">Called just before the first measured request.</param>
    /// <param name="cancellation">Ends the run at once.</param>
    public async Task<RunLedger> RunAsync(
        IReadOnlyList<PlannedRequest> requests, long begin, Action measuredPartBegins, CancellationToken cancellation)
    {
        var ledger = new RunLedger(requests);
        ledger.Begin(begin);
        foreach (var stream in streams) stream.Begin(ledger);

        // A thread of its own: on the pool, the sender would queue behind the answers that it must not wait for.
        await Task.Factory.StartNew(
            () => SendAll(requests, begin, measuredPartBegins, cancellation), cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        var deadline = Task.Delay(LastAnswers, cancellation);
        await Task.WhenAny(ledger.Complete, deadline);
        cancellation.ThrowIfCancellationRequested();
        return ledger;
    }

    private void SendAll(IReadOnlyList<PlannedRequest> requests, long begin, Action measuredPartBegins, CancellationToken cancellation)
    {
        SenderPriority.Take();
        var measuring = false;
        for (var i = 0; i < requests.Count; i++)
        {
            var request = requests[i];
            cancellation.ThrowIfCancellationRequested();
            MonotonicSleep.Until(begin + (long)(request.At.TotalSeconds * Stopwatch.Frequency));
            if (request.Measured && !measuring)
            {
                measuring = true;
                measuredPartBegins();
            }
            streams[request.Terminal].Send(i, request.Message);
        }
    }
}
