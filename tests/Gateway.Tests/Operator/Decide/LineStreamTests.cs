using System.Text;
using System.Text.Json.Nodes;
using EligibilityGateway.Common;
using EligibilityGateway.Gateway.Operator.Decide;
using static EligibilityGateway.Gateway.Tests.Operator.Decide.Lines;

namespace EligibilityGateway.Gateway.Tests.Operator.Decide;

/// <summary>How the lines come and go: in pieces, slowly, and over streams that fail.</summary>
public sealed class LineStreamTests
{
    // Only a hang reaches it.
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    private static readonly byte[] Good = Encoding.UTF8.GetBytes(Line("2026-08-10", [Member()], Bill(10_000, "2026-08-10")).ToJsonString() + "\n");

    [Fact]
    public async Task A_write_that_fails_ends_it_though_input_never_ends()
    {
        using var output = new Sink(failsAt: 3);
        var fault = await Assert.ThrowsAsync<SettingsException>(() => RunAsync(new Source(() => Good), output));
        Assert.StartsWith("Standard output", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_write_that_fails_ends_it_though_no_more_input_comes()
    {
        using var output = new Sink(failsAt: 1);
        await Assert.ThrowsAsync<SettingsException>(() => RunAsync(Silent(after: Good), output));
    }

    [Fact]
    public async Task A_read_that_fails_is_told_after_the_answers_to_what_came()
    {
        using var output = new Sink();
        var reads = 0;
        var fault = await Assert.ThrowsAsync<SettingsException>(() => RunAsync(new Source(() => ++reads > 3 ? throw new IOException("The disk is gone.") : Good), output));
        Assert.StartsWith("Standard input", fault.Message, StringComparison.Ordinal);
        Assert.Equal(3, output.Answers().Count);
    }

    [Fact]
    public async Task A_stop_ends_it_between_two_lines_though_no_more_input_comes()
    {
        using var output = new Sink();
        using var stop = new CancellationTokenSource();
        var running = RunAsync(Silent(after: Good), output, stop.Token);
        await output.Written.WaitAsync(Deadline, TestContext.Current.CancellationToken);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Single(output.Answers());
    }

    [Fact]
    public async Task A_stop_lets_the_write_that_is_under_way_come_to_its_end()
    {
        using var stop = new CancellationTokenSource();
        var reads = 0;
        var full = new TaskCompletionSource();
        using var output = new Sink(taken: full.Task);
        // More than waits between reader and writer.
        var running = RunAsync(new Source(() => ++reads == 100 ? [] : Good), output, stop.Token);
        await output.Written.WaitAsync(Deadline, TestContext.Current.CancellationToken);
        await stop.CancelAsync();
        full.SetResult();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.All(output.Answers(), answer => Assert.Equal("valid", (string?)answer["validity"]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1_000)]
    public async Task Pieces_of_lines_are_put_together(int size)
    {
        byte[] lines = [.. "\uFEFF"u8, .. Good, .. Good[..^1], .. "\r\n"u8, .. "\n"u8, .. "\r\n"u8, .. Good[..^1]];
        var next = 0;
        using var output = new Sink();
        await RunAsync(new Source(() => lines[next..(next = Math.Min(next + size, lines.Length))]), output);
        Assert.Equal(["valid", "valid", null, null, "valid"], output.Answers().Select(answer => (string?)answer["validity"]));
    }

    [Fact]
    public async Task A_line_that_is_too_long_is_skipped_to_its_end()
    {
        var piece = Enumerable.Repeat((byte)'x', 1 << 20).ToArray();
        var pieces = new Queue<byte[]>([Good, .. Enumerable.Repeat(piece, 40), [.. "y\n"u8, .. Good], .. Enumerable.Repeat(piece, 17)]);
        using var output = new Sink();
        await RunAsync(new Source(() => pieces.TryDequeue(out var next) ? next : []), output);
        Assert.Equal(["valid", null, "valid", null], output.Answers().Select(answer => (string?)answer["validity"]));
        Assert.Equal([2, 4], output.Answers().Where(answer => answer["error"] is not null).Select(answer => (int?)answer["line"]));
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("\n", 1)]
    [InlineData("{}", 1)]
    [InlineData("{}\n", 1)]
    [InlineData("\n\n{}\n\n", 4)]
    [InlineData("\uFEFF", 1)]
    [InlineData("\0\n\0", 2)]
    public async Task Each_line_has_one_answer_an_empty_one_too(string lines, int count)
    {
        using var output = new Sink();
        await RunAsync(new MemoryStream(Encoding.UTF8.GetBytes(lines)), output);
        Assert.Equal(Enumerable.Range(1, count), output.Answers().Select(answer => (int)answer["line"]!));
    }

    private static Task RunAsync(Stream input, Stream output, CancellationToken cancellation = default) =>
        LineStream.RunAsync(input, output, inJapanese: false, cancellation).WaitAsync(Deadline, TestContext.Current.CancellationToken);

    /// <summary>A terminal at which nobody types any more.</summary>
    private static Source Silent(byte[] after)
    {
        var reads = 0;
        var never = new TaskCompletionSource();
        return new Source(() => after, () => ++reads > 1 ? never.Task : Task.CompletedTask);
    }

    /// <summary>Gives what <paramref name="next"/> has at each read; nothing is the end. As a console, it knows no cancellation of a read under way.</summary>
    private sealed class Source(Func<byte[]> next, Func<Task>? ready = null) : OneWay
    {
        private byte[] _left = [];

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (ready is not null) await ready();
            if (_left.Length == 0) _left = next();
            var count = Math.Min(_left.Length, buffer.Length);
            _left.AsSpan(0, count).CopyTo(buffer.Span);
            _left = _left[count..];
            return count;
        }
    }

    /// <summary>Takes what is written, or fails at a write.</summary>
    private sealed class Sink(int failsAt = 0, Task? taken = null) : OneWay
    {
        private readonly MemoryStream _written = new();
        private readonly TaskCompletionSource _first = new();
        private int _writes;

        public Task Written => _first.Task;

        public List<JsonNode> Answers()
        {
            var lines = Encoding.UTF8.GetString(_written.ToArray()).Split('\n');
            // The last one has its end too.
            Assert.Equal("", lines[^1]);
            return [.. lines[..^1].Select(line => JsonNode.Parse(line)!)];
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (++_writes == failsAt) throw new IOException("No space left on device");
            _written.Write(buffer.Span);
            _first.TrySetResult();
            if (taken is not null) await taken;
        }
    }

    private abstract class OneWay : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
