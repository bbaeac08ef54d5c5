using System.Threading.Channels;
using EligibilityGateway.Common;

namespace EligibilityGateway.Gateway.Operator.Decide;

/// <summary>
/// Lines in, lines out, in the input's order, on all processors. What has come is answered without waiting for more, so that a program
/// may ask line by line.
/// </summary>
internal static class LineStream
{
    /// <summary>A longer line is answered as a fault, and skipped.</summary>
    public const int LongestLine = 16 << 20;

    private const int ChunkBytes = 128 << 10;

    // A few lines are no work to share out.
    private const int LinesOfOneTask = 256;

    /// <summary>Ends with the input, or with the first stream that fails; lines that were read before their stream failed are answered.</summary>
    /// <exception cref="SettingsException">Input can't be read, or output can't be written.</exception>
    /// <exception cref="OperationCanceledException">It was stopped; what was written are whole lines.</exception>
    public static async Task RunAsync(Stream input, Stream output, bool inJapanese, CancellationToken cancellation)
    {
        // Bounded: input is read no faster than its answers are taken.
        var answers = Channel.CreateBounded<Task<ReadOnlyMemory<byte>>>(2 * Environment.ProcessorCount);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var reading = ReadAllAsync(input, answers.Writer, inJapanese, stop.Token);
        var writing = WriteAllAsync(answers.Reader, output, stop.Token);
        // Where writing ends first, nobody makes room for the reader any more.
        if (await Task.WhenAny(reading, writing) == writing) await stop.CancelAsync();
        await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await writing;
        await reading;
    }

    private static async Task ReadAllAsync(Stream input, ChannelWriter<Task<ReadOnlyMemory<byte>>> answers, bool inJapanese, CancellationToken cancellation)
    {
        try
        {
            await ReadAsync(input, batch => answers.WriteAsync(Task.Run(() => Decide(batch, inJapanese), cancellation), cancellation), cancellation);
        }
        finally
        {
            // However it ends: what was read is answered.
            answers.Complete();
        }
    }

    private static async Task WriteAllAsync(ChannelReader<Task<ReadOnlyMemory<byte>>> answers, Stream output, CancellationToken cancellation)
    {
        await foreach (var answer in answers.ReadAllAsync(cancellation))
        {
            var lines = await answer.WaitAsync(cancellation);
            try
            {
                // A stop does not break off a line.
                await output.WriteAsync(lines, CancellationToken.None);
                await output.FlushAsync(CancellationToken.None);
            }
            catch (Exception e)
            {
                throw new SettingsException($"Standard output can't be written ({e.Message}): the answers end there. Make room, or keep its reader open, and ask again.");
            }
        }
    }

    private static ReadOnlyMemory<byte> Decide(Batch batch, bool inJapanese)
    {
        using var writer = new DecisionWriter(inJapanese);
        var number = batch.FirstLine;
        foreach (var line in batch.Lines)
        {
            if (line.Length > LongestLine) writer.WriteError(default, number, "", $"The line is longer than {LongestLine >> 20} MiB, and was skipped.");
            else LineDecider.Decide(line.Span, number, writer);
            number++;
        }
        return writer.Written;
    }

    private static async Task ReadAsync(Stream input, Func<Batch, ValueTask> send, CancellationToken cancellation)
    {
        var buffer = new byte[ChunkBytes];
        // Of what is filled, that much was searched: no line ends there but those that are taken.
        var (filled, searched, number) = (0, 0, 1L);
        var isSkipping = false;
        while (true)
        {
            if (filled == buffer.Length) Array.Resize(ref buffer, 2 * buffer.Length);
            var read = await ReadAsync(input, buffer.AsMemory(filled), cancellation);
            filled += read;

            var lines = new List<ReadOnlyMemory<byte>>();
            var start = 0;
            while (buffer.AsSpan(searched, filled - searched).IndexOf((byte)'\n') is var length and >= 0)
            {
                Take(searched + length);
                start = searched = searched + length + 1;
            }
            searched = filled;
            var isEnd = read == 0;
            if (isEnd && start < filled) Take(filled);
            if (!isEnd && filled - start > LongestLine)
            {
                Take(filled);
                (start, isSkipping) = (filled, true);
            }

            for (var first = 0; first < lines.Count; first += LinesOfOneTask)
            {
                var some = lines.GetRange(first, Math.Min(LinesOfOneTask, lines.Count - first));
                await send(new Batch(number, some));
                number += some.Count;
            }
            if (isEnd) return;

            // The rest begins the next chunk; the lines keep this one. A line that has no end yet stays where it is.
            if (start == 0) continue;
            var rest = buffer.AsSpan(start, filled - start);
            var next = lines.Count > 0 ? new byte[Math.Max(ChunkBytes, 2 * rest.Length)] : buffer;
            rest.CopyTo(next);
            (buffer, filled, searched) = (next, rest.Length, rest.Length);

            // Of a line that is skipped only its end is seen.
            void Take(int end)
            {
                var line = buffer.AsMemory(start, end - start);
                if (!isSkipping) lines.Add(number + lines.Count == 1 ? WithoutMark(line) : line);
                isSkipping = false;
            }
        }
    }

    private static async Task<int> ReadAsync(Stream input, Memory<byte> buffer, CancellationToken cancellation)
    {
        try
        {
            // A console's read can't be stopped: it is left behind.
            return await input.ReadAsync(buffer, cancellation).AsTask().WaitAsync(cancellation);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new SettingsException($"Standard input can't be read ({e.Message}): what came before is answered.");
        }
    }

    // A byte order mark is no part of the first line.
    private static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> line) => line.Span.StartsWith("\uFEFF"u8) ? line[3..] : line;

    private sealed record Batch(long FirstLine, List<ReadOnlyMemory<byte>> Lines);
}
