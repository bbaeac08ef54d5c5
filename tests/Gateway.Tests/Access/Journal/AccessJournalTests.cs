using System.Text;
using EligibilityGateway.Gateway.Access.Journal;

namespace EligibilityGateway.Gateway.Tests.Access.Journal;

public sealed class AccessJournalTests : IDisposable
{
    private readonly JournalFolderFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task A_new_journal_is_empty_and_its_files_have_their_full_length()
    {
        await using var journal = _fixture.Open();

        Assert.Empty(journal.ReadBatch(10));
        Assert.Equal(new JournalBacklog(0, 0, TimeSpan.Zero), journal.Pending);
        Assert.Empty(journal.Damage);
        Assert.Equal(3, _fixture.SegmentFiles().Length);
        Assert.All(_fixture.SegmentFiles(), file => Assert.Equal(JournalFolderFixture.SegmentBytes, new FileInfo(file).Length));
    }

    [Fact]
    public async Task Entries_are_read_back_in_order_with_position_and_time()
    {
        await using var journal = _fixture.Open();
        var first = await journal.AppendDurablyAsync("one");
        _fixture.Clock.Advance(TimeSpan.FromMilliseconds(1500));
        var second = await journal.AppendDurablyAsync("two");

        var batch = journal.ReadBatch(10);

        Assert.Equal(["one", "two"], batch.Texts());
        Assert.Equal([first, second], batch.Select(entry => entry.Position));
        Assert.True(first < second);
        Assert.Equal(TimeSpan.FromMilliseconds(1500), batch[1].AppendedAt - batch[0].AppendedAt);
    }

    [Fact]
    public async Task A_batch_is_no_larger_than_asked_for_and_comes_again_until_it_is_marked()
    {
        await using var journal = _fixture.Open();
        foreach (var text in new[] { "a", "b", "c" }) await journal.AppendDurablyAsync(text);

        Assert.Equal(["a", "b"], journal.ReadBatch(2).Texts());
        Assert.Equal(["a", "b"], journal.ReadBatch(2).Texts());

        await journal.MarkAsync(journal.ReadBatch(2)[^1].Position);
        Assert.Equal(["c"], journal.ReadBatch(2).Texts());
    }

    [Fact]
    public async Task Everything_acknowledged_is_there_after_reopening()
    {
        await using (var journal = _fixture.Open())
        {
            await journal.AppendDurablyAsync("a");
            await journal.AppendDurablyAsync("b");
        }

        await using var reopened = _fixture.Open();
        Assert.Equal(["a", "b"], reopened.ReadBatch(10).Texts());
        await reopened.AppendDurablyAsync("c");
        Assert.Equal(["a", "b", "c"], reopened.ReadBatch(10).Texts());
        Assert.Empty(reopened.Damage);
    }

    [Fact]
    public async Task What_was_marked_stays_drained_after_reopening()
    {
        await using (var journal = _fixture.Open())
        {
            var a = await journal.AppendDurablyAsync("a");
            await journal.AppendDurablyAsync("b");
            await journal.MarkAsync(a);
        }

        await using var reopened = _fixture.Open();
        Assert.Equal(["b"], reopened.ReadBatch(10).Texts());
        Assert.Equal(1, reopened.Pending.Entries);
        Assert.Equal(1, reopened.Pending.Bytes);
    }

    [Fact]
    public async Task Pending_counts_entries_bytes_and_the_oldest_age()
    {
        await using var journal = _fixture.Open();
        var first = await journal.AppendDurablyAsync(new byte[100]);
        _fixture.Clock.Advance(TimeSpan.FromSeconds(10));
        await journal.AppendDurablyAsync(new byte[50]);
        _fixture.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(new JournalBacklog(2, 150, TimeSpan.FromSeconds(11)), journal.Pending);
        await journal.MarkAsync(first);
        Assert.Equal(new JournalBacklog(1, 50, TimeSpan.FromSeconds(1)), journal.Pending);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(AccessJournal.LargestEntryBytes)]
    public async Task The_smallest_and_the_largest_entry_come_back_whole(int length)
    {
        var content = Enumerable.Range(0, length).Select(i => (byte)i).ToArray();
        await using (var journal = _fixture.Open()) await journal.AppendDurablyAsync(content);

        await using var reopened = _fixture.Open();
        Assert.Equal(content, reopened.ReadBatch(1)[0].Content.ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(AccessJournal.LargestEntryBytes + 1)]
    public async Task An_entry_of_another_length_is_refused(int length)
    {
        await using var journal = _fixture.Open();
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await journal.AppendAsync(new byte[length], false, default));
    }

    [Fact]
    public async Task Marking_a_position_that_no_entry_has_is_refused()
    {
        await using var journal = _fixture.Open();
        var position = await journal.AppendDurablyAsync("a");
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => journal.MarkAsync(position with { Index = 1 }));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => journal.MarkAsync(new(position.Segment + 1, 0)));
        Assert.Single(journal.ReadBatch(10));
    }

    [Fact]
    public async Task A_cancelled_append_writes_nothing()
    {
        await using var journal = _fixture.Open();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await journal.AppendAsync(new byte[1], false, new CancellationToken(canceled: true)));
        await journal.AppendDurablyAsync("a");
        Assert.Equal(["a"], journal.ReadBatch(10).Texts());
    }

    [Fact]
    public async Task The_callers_buffer_may_be_used_again_at_once()
    {
        await using var journal = _fixture.Open();
        var buffer = Encoding.UTF8.GetBytes("first");
        var outcome = journal.AppendAsync(buffer, false, TestContext.Current.CancellationToken);
        buffer.AsSpan().Clear();
        Assert.True((await outcome).IsDurable);
        Assert.Equal(["first"], journal.ReadBatch(10).Texts());
    }

    [Fact]
    public async Task A_closed_journal_takes_nothing()
    {
        var journal = _fixture.Open();
        await journal.DisposeAsync();
        Assert.Equal(AppendStatus.Failed, (await journal.AppendAsync(new byte[1], false, default)).Status);
        await journal.DisposeAsync();
    }

    [Fact]
    public async Task A_second_opening_of_the_folder_gets_one_clear_line()
    {
        await using var journal = _fixture.Open();
        var refusal = Assert.Throws<JournalUnavailableException>(() => _fixture.Open());
        Assert.Contains("in use by another process", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(_fixture.Folder, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Fact]
    public void Wrong_options_get_one_clear_line()
    {
        foreach (var wrong in new[]
        {
            _fixture.Options() with { Folder = "" },
            _fixture.Options() with { SegmentBytes = 1000 },
            _fixture.Options() with { SegmentBytes = JournalFolderFixture.SegmentBytes + 1 },
            _fixture.Options() with { CapacityBytes = JournalFolderFixture.SegmentBytes },
            _fixture.Options() with { CapacityBytes = long.MaxValue },
            _fixture.Options() with { EmergencyReserveBytes = -1 },
            _fixture.Options() with { EmergencyReserveBytes = _fixture.Options().CapacityBytes },
        })
        {
            var refusal = Assert.Throws<JournalUnavailableException>(() => _fixture.Open(wrong));
            Assert.DoesNotContain('\n', refusal.Message);
        }
    }

    [Fact]
    public void A_folder_that_cannot_be_made_gets_one_clear_line()
    {
        var file = Path.GetTempFileName();
        try
        {
            var refusal = Assert.Throws<JournalUnavailableException>(
                () => _fixture.Open(_fixture.Options() with { Folder = Path.Combine(file, "journal") }));
            Assert.DoesNotContain('\n', refusal.Message);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task No_content_is_readable_in_any_file()
    {
        var secret = "Nguyen Thi Minh Khai asked at 1312345678"u8.ToArray();
        await using (var journal = _fixture.Open())
        {
            for (var i = 0; i < 50; i++) await journal.AppendDurablyAsync(secret);
            await journal.MarkAsync(journal.ReadBatch(20)[^1].Position);
        }
        foreach (var file in Directory.GetFiles(_fixture.Folder))
            for (var start = 0; start + 8 <= secret.Length; start += 8)
                Assert.Equal(-1, File.ReadAllBytes(file).AsSpan().IndexOf(secret.AsSpan(start, 8)));
    }

    [Fact]
    public async Task Files_are_for_their_owner_only()
    {
        if (OperatingSystem.IsWindows()) return; // there the folder's access list decides
        await using var journal = _fixture.Open();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_fixture.Folder));
        foreach (var file in Directory.GetFiles(_fixture.Folder))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }
}
