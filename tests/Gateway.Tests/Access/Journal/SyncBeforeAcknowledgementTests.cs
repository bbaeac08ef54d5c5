using System.Buffers.Binary;
using System.Globalization;
using EligibilityGateway.Gateway.Access.Journal;

namespace EligibilityGateway.Gateway.Tests.Access.Journal;

/// <summary>
/// Promise P1 on the system's own calls: a process appends under strace, and each acknowledgement that it writes comes after a
/// sync of the entry's bytes. Where strace or ptrace is not to be had the tests fail: an unproved promise is no promise.
/// </summary>
public sealed class SyncBeforeAcknowledgementTests : IDisposable
{
    private const int Length = 200;
    private const int Frame = Length + 56;

    private readonly JournalFolderFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    public async Task Each_entry_is_synced_before_it_is_acknowledged(int writers)
    {
        // More than one segment's worth, so that a new segment is begun on the way.
        var trace = await TraceAsync(entries: 600, writers);
        var acknowledgements = Acknowledgements(trace);

        Assert.Equal(600, acknowledgements.Count);
        Assert.All(acknowledgements, acknowledged => Assert.Null(WhyUnsafe(trace, acknowledged)));
    }

    [Fact]
    public async Task A_trace_without_the_syncs_does_not_pass()
    {
        var trace = await TraceAsync(entries: 20, writers: 1);
        var without = trace.Without(call => call.IsSync && call.Path.Contains("segment-", StringComparison.Ordinal));
        Assert.All(Acknowledgements(without), acknowledged => Assert.NotNull(WhyUnsafe(without, acknowledged)));

        // One missing sync is enough.
        var syncs = trace.Calls.Where(call => call.IsSync && call.Began > Acknowledgements(trace)[0].Call.Ended).ToArray();
        var withoutOne = trace.Without(call => call == syncs[10]);
        Assert.Single(Acknowledgements(withoutOne), acknowledged => WhyUnsafe(withoutOne, acknowledged) is not null);
    }

    [Fact]
    public async Task Those_who_wait_together_share_one_write_and_one_sync()
    {
        var trace = await TraceAsync(entries: 600, writers: 16);
        var first = Acknowledgements(trace)[0].Call;
        Assert.InRange(trace.Calls.Count(call => call.IsSync && call.Began > first.Began), 1, 500);
    }

    [Theory]
    [InlineData("fsync", "EIO")]
    [InlineData("pwrite64", "ENOSPC")]
    [InlineData("pwrite64", "EIO")]
    public async Task After_a_disk_error_nothing_is_acknowledged_and_nothing_acknowledged_is_lost(string call, string error)
    {
        // The files are made beforehand, so that the calls that fail are those of appending.
        await using (_fixture.Open()) { }
        using var probe = JournalProbe.Start(
            _fixture.Folder, 3, entries: 30, Length, writers: 1, [.. Strace(TraceFile), "-e", $"inject={call}:error={error}:when=12+"]);
        var (_, output, errors) = await probe.EndAsync();
        AssertTraced(errors);

        var acknowledged = output.Select(JournalProbe.Acknowledged).OfType<(int Number, JournalPosition Position)>().ToArray();
        Assert.InRange(acknowledged.Length, 1, 20);
        Assert.Equal(30 - acknowledged.Length, output.Count(line => line.StartsWith("Failed ", StringComparison.Ordinal)));
        Assert.Equal(Enumerable.Range(0, acknowledged.Length), acknowledged.Select(entry => entry.Number));

        await using var reopened = _fixture.Open();
        var found = reopened.ReadBatch(100).ToDictionary(
            entry => entry.Position, entry => BinaryPrimitives.ReadInt32LittleEndian(entry.Content.Span));
        Assert.All(acknowledged, entry => Assert.Equal(entry.Number, found[entry.Position]));
        Assert.DoesNotContain(reopened.Damage, damage => damage.Kind == JournalDamageKind.LostEntries);
        await reopened.AppendDurablyAsync("goes on");
    }

    [Theory]
    [InlineData("fsync", 11)]
    [InlineData("fsync", 12)]
    [InlineData("pwrite64", 11)]
    [InlineData("pwrite64", 12)]
    [InlineData("pwrite64", 13)]
    public async Task A_disk_that_is_well_again_takes_entries_in_a_new_segment_and_nothing_acknowledged_is_lost(string call, int failing)
    {
        await using (_fixture.Open()) { }
        using var probe = JournalProbe.Start(
            _fixture.Folder, 3, entries: 30, Length, writers: 1, [.. Strace(TraceFile), "-e", $"inject={call}:error=EIO:when={failing}"]);
        var (_, output, errors) = await probe.EndAsync();
        AssertTraced(errors);

        var acknowledged = output.Select(JournalProbe.Acknowledged).OfType<(int Number, JournalPosition Position)>().ToArray();
        var failed = Assert.Single(output, line => line.StartsWith("Failed ", StringComparison.Ordinal));
        var unlucky = int.Parse(failed.Split(' ')[1], CultureInfo.InvariantCulture);
        Assert.Equal(Enumerable.Range(0, 30).Where(number => number != unlucky), acknowledged.Select(entry => entry.Number));
        // Nothing is added to the segment where the error came.
        Assert.True(acknowledged.Where(entry => entry.Number > unlucky).Select(entry => entry.Position.Segment).Min()
            > acknowledged.Where(entry => entry.Number < unlucky).Select(entry => entry.Position.Segment).Append(0).Max());

        await using var reopened = _fixture.Open();
        var found = reopened.ReadBatch(100).ToDictionary(
            entry => entry.Position, entry => BinaryPrimitives.ReadInt32LittleEndian(entry.Content.Span));
        Assert.All(acknowledged, entry => Assert.Equal(entry.Number, found[entry.Position]));
        Assert.DoesNotContain(reopened.Damage, damage => damage.Kind == JournalDamageKind.LostEntries);
    }

    [Theory]
    [InlineData("fallocate:error=ENOSPC:when=3+")]
    [InlineData("pwrite64:error=ENOSPC:when=3+")]
    public async Task A_disk_without_room_for_the_whole_capacity_gives_a_smaller_journal(string fault)
    {
        using var probe = JournalProbe.Start(
            _fixture.Folder, 5, entries: 0, Length, writers: 1,
            "strace", "-f", "-o", TraceFile, "-e", "trace=fallocate,pwrite64", "-e", $"inject={fault}");
        var (exitCode, output, errors) = await probe.EndAsync();
        AssertTraced(errors);

        Assert.Equal(0, exitCode);
        // The first call is for the progress file, the second for the one segment that there is room for.
        Assert.Equal([$"opened {JournalFolderFixture.SegmentBytes - 1024}"], output);
        Assert.Single(_fixture.SegmentFiles());

        await using var reopened = _fixture.Open(_fixture.Options(segments: 5));
        Assert.Equal(5, _fixture.SegmentFiles().Length);
        Assert.Empty(reopened.Damage);
    }

    private string TraceFile => _fixture.Folder + ".trace";

    private static string[] Strace(string file) => ["strace", .. SyncTrace.StraceOptions, "-o", file];

    private async Task<SyncTrace> TraceAsync(int entries, int writers)
    {
        using var probe = JournalProbe.Start(_fixture.Folder, 3, entries, Length, writers, Strace(TraceFile));
        var (exitCode, _, errors) = await probe.EndAsync();
        AssertTraced(errors);
        Assert.Equal((0, ""), (exitCode, errors));
        return SyncTrace.Parse(await File.ReadAllLinesAsync(TraceFile));
    }

    private static void AssertTraced(string errors) => Assert.False(
        errors.Contains("ptrace", StringComparison.OrdinalIgnoreCase),
        $"The proof of promise P1 needs strace and the right to trace a child (ptrace): {errors}");

    private static IReadOnlyList<(TracedCall Call, JournalPosition Position)> Acknowledgements(SyncTrace trace) =>
        [.. from call in trace.Calls
            where call.Name == "write" && call.Arguments.StartsWith("\"Durable ", StringComparison.Ordinal)
            select (call, JournalProbe.Acknowledged(call.Arguments.Split('"')[1].Replace("\\n", "", StringComparison.Ordinal))!.Value.Position)];

    /// <summary>All entries have one length, so an entry's index tells its bytes; a new journal begins its files in order.</summary>
    private static string? WhyUnsafe(SyncTrace trace, (TracedCall Call, JournalPosition Position) acknowledged)
    {
        var file = $"segment-{acknowledged.Position.Segment - 1:000}.journal";
        var offset = 512 + ((long)acknowledged.Position.Index * Frame);
        return trace.WhyUnsafe(acknowledged.Call, call =>
            call.Path.EndsWith(file, StringComparison.Ordinal) && call.Name == "pwrite64"
            && call.Range() is var range && range.Offset <= offset && offset + Frame <= range.Offset + range.Length);
    }
}
