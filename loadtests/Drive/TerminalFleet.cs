using Grpc.Core;

namespace EligibilityGateway.LoadTests.Drive;

/// <summary>The streams of all terminals of a measurement.</summary>
public sealed class TerminalFleet : IAsyncDisposable
{
    /// <summary>Handshakes at once: enough to keep two cores busy, few enough that none runs into a server's handshake time-out.</summary>
    private const int OpenedAtOnce = 16;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    private readonly TerminalStream[] _streams;

    private TerminalFleet(TerminalStream[] streams) => _streams = streams;

    public IReadOnlyList<TerminalStream> Streams => _streams;

    /// <summary>How many streams have broken.</summary>
    public int Broken => _streams.Count(stream => stream.Completion.IsFaulted);

    public static async Task<TerminalFleet> OpenAsync(
        Uri gateway, IReadOnlyList<TerminalCredentials> terminals, int window, TimeSpan deadline, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(deadline);
        var streams = new TerminalStream?[terminals.Count];
        try
        {
            await Parallel.ForAsync(
                0,
                terminals.Count,
                new ParallelOptions { MaxDegreeOfParallelism = OpenedAtOnce, CancellationToken = limit.Token },
                async (i, token) => streams[i] = await OpenPatientlyAsync(gateway, terminals[i], window, token));
            return new TerminalFleet(streams!);
        }
        catch (Exception e)
        {
            foreach (var stream in streams)
                if (stream is not null) await stream.DisposeAsync();
            cancellation.ThrowIfCancellationRequested();
            throw new MeasurementException($"The {terminals.Count} terminals' streams could not all be opened within {deadline.TotalSeconds:0} s: {e.Message}");
        }
    }

    /// <summary>As an agent does: "unavailable" means to try again in a moment.</summary>
    private static async Task<TerminalStream> OpenPatientlyAsync(Uri gateway, TerminalCredentials terminal, int window, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return await TerminalStream.OpenAsync(gateway, terminal, window, cancellation);
            }
            catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable)
            {
                await Task.Delay(RetryDelay, cancellation);
            }
        }
    }

    public async ValueTask DisposeAsync() =>
        await Parallel.ForEachAsync(
            _streams, new ParallelOptions { MaxDegreeOfParallelism = OpenedAtOnce }, async (stream, _) => await stream.DisposeAsync());
}
