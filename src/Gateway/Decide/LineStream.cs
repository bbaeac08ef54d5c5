using System.Threading.Channels;

namespace EligibilityGateway.Gateway.Decide;

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

    public static async Task RunAsync(Stream input, Stream output, bool inJapanese, CancellationToken cancellation)
    {
        // Bounded: input is read no faster than its answers are taken.
        var answers = Channel.CreateBounded<Task<ReadOnlyMemory<byte>>>(2 * Environment.ProcessorCount);
        var writing = WriteAsync(answers.Reader, output, cancellation);
        try
        {
            await ReadAsync(input, batch => answers.Writer.WriteAsync(Task.Run(() => Decide(batch, inJapanese), cancellation), cancellation), cancellation);
            answers.Writer.Complete();
        }
        catch (Exception e)
        {
            answers.Writer.Complete(e);
        }
        await writing;
    }

    private static async Task WriteAsync(ChannelReader<Task<ReadOnlyMemory<byte>>> answers, Stream output, CancellationToken cancellation)
    {
        await foreach (var answer in answers.ReadAllAsync(cancellation))
        {
            await output.WriteAsync(await answer, cancellation);
            await output.FlushAsync(cancellation);
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
        var (filled, number) = (0, 1L);
        var isSkipping = false;
        while (true)
        {
            if (filled == buffer.Length) Array.Resize(ref buffer, 2 * buffer.Length);
            var read = await input.ReadAsync(buffer.AsMemory(filled), cancellation);
            var isEnd = read == 0;
            filled += read;

            var lines = new List<ReadOnlyMemory<byte>>();
            var start = 0;
            while (start < filled)
            {
                var length = buffer.AsSpan(start, filled - start).IndexOf((byte)'\n');
                if (length < 0 && !isEnd) break;
                var line = buffer.AsMemory(start, length < 0 ? filled - start : length);
                start += length < 0 ? line.Length : length + 1;
                // Of a line that is skipped only its end is seen here.
                if (!isSkipping) lines.Add(number + lines.Count == 1 ? WithoutMark(line) : line);
                isSkipping = false;
            }
            // The rest begins the next chunk; the lines keep this one.
            var rest = buffer.AsSpan(start, filled - start);
            if (rest.Length > LongestLine)
            {
                if (!isSkipping) lines.Add(new byte[LongestLine + 1]);
                isSkipping = true;
                rest = [];
            }
            var next = new byte[Math.Max(ChunkBytes, 2 * rest.Length)];
            rest.CopyTo(next);
            (buffer, filled) = (next, rest.Length);

            for (var first = 0; first < lines.Count; first += LinesOfOneTask)
            {
                var some = lines.GetRange(first, Math.Min(LinesOfOneTask, lines.Count - first));
                await send(new Batch(number, some));
                number += some.Count;
            }
            if (isEnd) return;
        }
    }

    // A byte order mark is no part of the first line.
    private static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> line) => line.Span.StartsWith("\uFEFF"u8) ? line[3..] : line;

    private sealed record Batch(long FirstLine, List<ReadOnlyMemory<byte>> Lines);
}
