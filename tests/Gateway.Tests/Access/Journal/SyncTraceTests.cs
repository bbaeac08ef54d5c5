namespace EligibilityGateway.Gateway.Tests.Access.Journal;

public sealed class SyncTraceTests
{
    [Fact]
    public void A_sync_between_write_and_acknowledgement_is_safe() => Assert.Null(WhyUnsafe("""
        70 pwrite64(9</j/segment-000.journal>, "\1\2"..., 100, 512) = 100
        70 fsync(9</j/segment-000.journal>)     = 0
        71 write(1<pipe:[5]>, "Durable 0 1:0\n", 14) = 14
        """));

    [Fact]
    public void Interrupted_calls_are_put_together_again() => Assert.Null(WhyUnsafe("""
        70 pwrite64(9</j/segment-000.journal>, "\1\2"..., 100, 512 <unfinished ...>
        71 write(3<socket:[7]>, "x", 1 <unfinished ...>
        70 <... pwrite64 resumed>) = 100
        70 fdatasync(9</j/segment-000.journal> <unfinished ...>
        71 <... write resumed>)                 = 1
        70 <... fdatasync resumed>)             = 0
        71 --- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED} ---
        71 write(1<pipe:[5]>, "Durable 0 1:0\n", 14) = 14
        72 ???( <unfinished ...>
        72 +++ exited with 0 +++
        70 +++ exited with 0 +++
        """));

    [Theory]
    [InlineData("no sync at all", """
        70 pwrite64(9</j/segment-000.journal>, "\1\2"..., 100, 512) = 100
        71 write(1<pipe:[5]>, "Durable 0 1:0\n", 14) = 14
        """)]
    [InlineData("a sync of another file", """
        70 pwrite64(9</j/segment-000.journal>, "\1\2"..., 100, 512) = 100
        70 fsync(8</j/segment-001.journal>) = 0
        71 write(1<pipe:[5]>, "Durable 0 1:0\n", 14) = 14
        """)]
    [InlineData("a sync that failed", """
        70 pwrite64(9</j/segment-000.journal>, "\1\2"..., 100, 512) = 100
        70 fsync(9</j/segment-000.journal>) = -1 EIO (Input/output error)
        71 write(1<pipe:[5]>, "Durable 0 1:0\n", 14) = 14
        """)]
    [InlineData("a sync before the write", """
        70 fsync(9</j/segment-000.journal>) = 0
        70 pwrite64(9</j/segment-000.journal>, "\1\2"..., 100, 512) = 100
        71 write(1<pipe:[5]>, "Durable 0 1:0\n", 14) = 14
        """)]
    [InlineData("a sync that began before the write had returned", """
        70 pwrite64(9</j/segment-000.journal>, "\1\2"..., 100, 512 <unfinished ...>
        72 fsync(9</j/segment-000.journal> <unfinished ...>
        70 <... pwrite64 resumed>) = 100
        72 <... fsync resumed>) = 0
        71 write(1<pipe:[5]>, "Durable 0 1:0\n", 14) = 14
        """)]
    [InlineData("a sync that returned while the acknowledgement was on its way", """
        70 pwrite64(9</j/segment-000.journal>, "\1\2"..., 100, 512) = 100
        70 fsync(9</j/segment-000.journal> <unfinished ...>
        71 write(1<pipe:[5]>, "Durable 0 1:0\n", 14 <unfinished ...>
        70 <... fsync resumed>) = 0
        71 <... write resumed>) = 14
        """)]
    [InlineData("a write that failed", """
        70 pwrite64(9</j/segment-000.journal>, "\1\2"..., 100, 512) = -1 ENOSPC (No space left on device)
        70 fsync(9</j/segment-000.journal>) = 0
        71 write(1<pipe:[5]>, "Durable 0 1:0\n", 14) = 14
        """)]
    [InlineData("a sync that never returned", """
        70 pwrite64(9</j/segment-000.journal>, "\1\2"..., 100, 512) = 100
        70 fsync(9</j/segment-000.journal> <unfinished ...>
        71 write(1<pipe:[5]>, "Durable 0 1:0\n", 14) = 14
        """)]
    public void Anything_else_is_unsafe(string what, string trace) => Assert.True(WhyUnsafe(trace) is not null, what);

    [Fact]
    public void Bytes_written_are_told_by_offset_and_result()
    {
        var trace = Parse("""70 pwrite64(9</j/segment-000.journal>, "a, 5, 6)"..., 100, 512) = 60""");
        Assert.Equal((512, 60), trace.Calls[0].Range());
    }

    [Fact]
    public void A_line_that_is_not_understood_is_no_proof() =>
        Assert.Throws<FormatException>(() => Parse("70 something else"));

    [Fact]
    public void A_resumed_call_that_never_began_is_no_proof() =>
        Assert.Throws<FormatException>(() => Parse("70 <... fsync resumed>) = 0"));

    private static SyncTrace Parse(string trace) => SyncTrace.Parse(trace.Split('\n', StringSplitOptions.TrimEntries));

    private static string? WhyUnsafe(string text)
    {
        var trace = Parse(text);
        var acknowledgement = trace.Calls.Single(call => call.Arguments.Contains("Durable", StringComparison.Ordinal));
        return trace.WhyUnsafe(acknowledgement, call => call.Path.Contains("segment-", StringComparison.Ordinal));
    }
}
