using EligibilityGateway.Gateway.Access.Journal;

namespace EligibilityGateway.Gateway.Tests.Access.Journal;

public sealed class JournalCapacityTests : IDisposable
{
    private const int EntryBytes = 10_000;

    private readonly JournalFolderFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task A_full_journal_says_so_and_keeps_what_it_has()
    {
        await using var journal = _fixture.Open();
        var appended = await FillAsync(journal, emergency: false);

        Assert.Equal(AppendStatus.Full, (await journal.AppendAsync(new byte[EntryBytes], false, default)).Status);
        Assert.Equal(AppendStatus.Full, (await journal.AppendAsync(new byte[EntryBytes], true, default)).Status);
        Assert.Equal(appended, journal.ReadBatch(1000).Count);
        // 3 segments of 128 KiB hold 12 entries of 10,000 bytes each and nothing more.
        Assert.Equal(36, appended);
    }

    [Fact]
    public async Task The_reserve_is_for_the_emergency_lane_alone()
    {
        const long Reserve = JournalFolderFixture.SegmentBytes;
        await using var journal = _fixture.Open(_fixture.Options(segments: 3, Reserve));
        await FillAsync(journal, emergency: false);

        Assert.InRange(journal.FreeBytes, Reserve, Reserve + (2 * EntryBytes));
        Assert.Equal(AppendStatus.Durable, (await journal.AppendAsync(new byte[EntryBytes], true, default)).Status);
        Assert.Equal(AppendStatus.Full, (await journal.AppendAsync(new byte[EntryBytes], false, default)).Status);
        await FillAsync(journal, emergency: true);
        Assert.Equal(36, journal.Pending.Entries);
        Assert.Equal(AppendStatus.Full, (await journal.AppendAsync(new byte[EntryBytes], true, default)).Status);
    }

    [Fact]
    public async Task Drained_segments_are_used_again_many_times_over()
    {
        await using var journal = _fixture.Open();
        for (var round = 0; round < 5; round++)
        {
            var appended = await FillAsync(journal, emergency: false);
            Assert.InRange(appended, 24, 36);
            while (journal.ReadBatch(7) is { Count: > 0 } batch) await journal.MarkAsync(batch[^1].Position);
            Assert.Equal(0, journal.Pending.Entries);
            Assert.Equal(3, _fixture.SegmentFiles().Length);
        }
        Assert.Empty(journal.Damage);
    }

    [Fact]
    public async Task Drained_segments_are_used_again_after_reopening_too()
    {
        for (var round = 0; round < 5; round++)
        {
            await using var journal = _fixture.Open();
            Assert.Empty(journal.Damage);
            Assert.Equal(0, journal.Pending.Entries);
            Assert.InRange(await FillAsync(journal, emergency: false), 24, 36);
            await journal.MarkAsync(journal.ReadBatch(1000)[^1].Position);
        }
    }

    [Fact]
    public async Task Nothing_of_a_drained_segment_stays_in_its_file()
    {
        await using var journal = _fixture.Open();
        await FillAsync(journal, emergency: false);
        await journal.MarkAsync(journal.ReadBatch(1000)[^1].Position);

        // The last segment is still the one that is written.
        Assert.Equal(2, _fixture.SegmentFiles().Count(file => !File.ReadAllBytes(file).AsSpan().ContainsAnyExcept((byte)0)));
    }

    [Fact]
    public async Task A_part_of_the_entries_drained_across_segments_stays_drained_after_reopening()
    {
        byte[] left;
        await using (var journal = _fixture.Open())
        {
            for (byte i = 0; i < 30; i++) await journal.AppendDurablyAsync([.. Enumerable.Repeat(i, EntryBytes)]);
            await journal.MarkAsync(journal.ReadBatch(15)[^1].Position);
            left = [.. journal.ReadBatch(100).Select(entry => entry.Content.Span[0])];
        }

        await using var reopened = _fixture.Open();
        Assert.Equal(left, reopened.ReadBatch(100).Select(entry => entry.Content.Span[0]));
        Assert.Equal(Enumerable.Range(15, 15).Select(i => (byte)i), left);
        Assert.Empty(reopened.Damage);
    }

    [Fact]
    public async Task A_larger_capacity_adds_files_and_a_smaller_one_drops_free_ones()
    {
        await using (var journal = _fixture.Open(_fixture.Options(segments: 2))) await journal.AppendDurablyAsync("kept");
        await using (var journal = _fixture.Open(_fixture.Options(segments: 5)))
        {
            Assert.Equal(5, _fixture.SegmentFiles().Length);
            Assert.Equal(["kept"], journal.ReadBatch(10).Texts());
        }
        await using (var journal = _fixture.Open(_fixture.Options(segments: 2)))
        {
            Assert.Equal(2, _fixture.SegmentFiles().Length);
            Assert.Equal(["kept"], journal.ReadBatch(10).Texts());
        }
    }

    [Fact]
    public async Task Another_segment_size_is_taken_over_when_the_old_segments_are_drained()
    {
        await using (var journal = _fixture.Open()) await journal.AppendDurablyAsync("old size");

        var larger = _fixture.Options() with { SegmentBytes = 2 * JournalFolderFixture.SegmentBytes, CapacityBytes = 6 * JournalFolderFixture.SegmentBytes };
        await using var reopened = _fixture.Open(larger);
        await reopened.AppendDurablyAsync("new size");
        var batch = reopened.ReadBatch(10);
        Assert.Equal(["old size", "new size"], batch.Texts());
        await reopened.MarkAsync(batch[^1].Position);

        Assert.Equal(3, _fixture.SegmentFiles().Length);
        Assert.All(_fixture.SegmentFiles(), file => Assert.Equal(larger.SegmentBytes, new FileInfo(file).Length));
        Assert.Empty(reopened.Damage);
    }

    private static async Task<int> FillAsync(AccessJournal journal, bool emergency)
    {
        for (var appended = 0; ; appended++)
        {
            var outcome = await journal.AppendAsync(new byte[EntryBytes], emergency, TestContext.Current.CancellationToken);
            if (outcome.Status == AppendStatus.Full) return appended;
            Assert.Equal(AppendStatus.Durable, outcome.Status);
        }
    }
}
