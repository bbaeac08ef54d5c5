using EligibilityGateway.Gateway.Access.Journal;
using EligibilityGateway.Gateway.Keys;
using FsCheck;
using FsCheck.Fluent;

namespace EligibilityGateway.Gateway.Tests.Access.Journal;

/// <summary>What a journal still gives after a crash, a rotten disk or somebody's hand in its files.</summary>
public sealed class JournalRecoveryTests : IDisposable
{
    private const int EntriesStart = 512;
    private const int Overhead = 56;

    private readonly JournalFolderFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData(TornAs.ShorterFile)]
    [InlineData(TornAs.Zeros)]
    [InlineData(TornAs.Garbage)]
    public async Task A_write_torn_at_any_byte_costs_nothing_that_was_acknowledged_before(TornAs torn)
    {
        byte[][] contents = [Content(1, 12), Content(2, 30), Content(3, 5)];
        var files = await WriteAsync(contents);
        var ends = Ends(contents);
        for (var cut = ends[0]; cut < ends[2]; cut++)
        {
            Restore(files);
            var before = File.ReadAllBytes(_fixture.SegmentFiles()[0]);
            Tear(_fixture.SegmentFiles()[0], cut, ends[2], torn);
            var after = File.ReadAllBytes(_fixture.SegmentFiles()[0]);
            // Bytes that were zero, or that chance made the same, are not torn.
            var kept = after.AsSpan().CommonPrefixLength(before);
            var whole = contents.Take(ends.Count(end => end <= kept)).ToArray();
            var nothingBehind = !after.AsSpan(..Math.Min(after.Length, ends[2]))[ends[whole.Length - 1]..].ContainsAnyExcept((byte)0);

            await using (var journal = Open())
            {
                AssertHolds(journal, whole);
                Assert.DoesNotContain(journal.Damage, damage => damage.Kind != JournalDamageKind.TornTail);
                Assert.True(journal.Damage.Count == 1 || nothingBehind || whole.Length == 3, $"A cut at byte {cut} was passed over.");
                await journal.AppendDurablyAsync(contents[0]);
            }
            await using (var journal = Open()) AssertHolds(journal, [.. whole, contents[0]]);
        }
    }

    [Fact]
    public async Task A_changed_byte_anywhere_costs_its_own_entry_alone_and_is_reported()
    {
        byte[][] contents = [Content(1, 12), Content(2, 30), Content(3, 5)];
        var files = await WriteAsync(contents);
        var ends = Ends(contents);
        for (var at = EntriesStart; at < ends[2]; at++)
        {
            Restore(files);
            Change(_fixture.SegmentFiles()[0], at);
            var hit = Array.FindIndex(ends, end => at < end);

            await using var journal = Open();
            AssertHolds(journal, [.. contents.Where((_, i) => i != hit)]);
            var damage = Assert.Single(journal.Damage);
            Assert.Equal(hit == 2 ? JournalDamageKind.TornTail : JournalDamageKind.LostEntries, damage.Kind);
            Assert.Equal(hit, damage.FirstIndex);
            Assert.Equal(hit == 0 ? EntriesStart : ends[hit - 1], damage.Offset);
        }
    }

    [Fact]
    public void Nothing_is_invented_and_nothing_unhurt_is_lost_whatever_bytes_change()
    {
        var change = from at in Gen.Choose(0, JournalFolderFixture.SegmentBytes - 1) from length in Gen.Choose(1, 300) select (at, length);
        var near = from at in Gen.Choose(0, 6000) from length in Gen.Choose(1, 300) select (at, length);
        var cases = from lengths in Gen.ListOf(Gen.Choose(1, 700), 8)
                    from changes in Gen.ListOf(Gen.OneOf(change, near), 3)
                    select (lengths: lengths.ToArray(), changes: changes.ToArray());
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(60),
            Prop.ForAll(Arb.From(cases), drawn => HoldsAfterAsync(drawn.lengths, drawn.changes).GetAwaiter().GetResult()));
    }

    [Fact]
    public async Task A_segment_with_lost_entries_is_set_aside_when_the_others_are_drained()
    {
        await WriteAsync([Content(1, 40), Content(2, 40), Content(3, 40)]);
        Change(_fixture.SegmentFiles()[0], EntriesStart + 60);

        await using var journal = Open();
        // Writing goes on in another file.
        await journal.AppendDurablyAsync(Content(4, 40));
        AssertHolds(journal, [Content(2, 40), Content(3, 40), Content(4, 40)]);
        await journal.MarkAsync(journal.ReadBatch(10)[^1].Position);

        Assert.Single(_fixture.SetAside());
        Assert.Equal(2, _fixture.SegmentFiles().Length);
    }

    [Fact]
    public async Task An_entry_that_rots_while_the_journal_is_open_is_reported_once_and_left_out()
    {
        await using var journal = Open();
        foreach (var i in new byte[] { 1, 2, 3 }) await journal.AppendDurablyAsync(Content(i, 40));
        Change(_fixture.SegmentFiles()[0], EntriesStart + 40 + Overhead + 50);

        AssertHolds(journal, [Content(1, 40), Content(3, 40)]);
        AssertHolds(journal, [Content(1, 40), Content(3, 40)]);
        Assert.Equal((JournalDamageKind.LostEntries, 1, 1), journal.Damage.Select(d => (d.Kind, d.FirstIndex, d.Entries)).Single());
        Assert.Equal(2, journal.Pending.Entries);
    }

    [Fact]
    public async Task One_damaged_header_copy_costs_nothing()
    {
        var files = await WriteAsync([Content(1, 40)]);
        foreach (var at in new[] { 0, 8, 9, 20, 30, 511, JournalFolderFixture.SegmentBytes - 512, JournalFolderFixture.SegmentBytes - 1 })
        {
            Restore(files);
            Change(_fixture.SegmentFiles()[0], at);
            await using var journal = Open();
            AssertHolds(journal, [Content(1, 40)]);
        }
    }

    [Fact]
    public async Task A_segment_without_an_intact_header_is_set_aside_and_the_journal_opens()
    {
        await WriteAsync([Content(1, 40)]);
        Change(_fixture.SegmentFiles()[0], 30);
        Change(_fixture.SegmentFiles()[0], JournalFolderFixture.SegmentBytes - 500);

        await using var journal = Open();
        Assert.Equal(JournalDamageKind.DamagedSegment, Assert.Single(journal.Damage).Kind);
        Assert.Single(_fixture.SetAside());
        Assert.Equal(2, _fixture.SegmentFiles().Length);
        await journal.AppendDurablyAsync(Content(2, 40));
        AssertHolds(journal, [Content(2, 40)]);
    }

    [Fact]
    public async Task A_copy_of_an_entry_at_anothers_place_is_not_read_twice()
    {
        await WriteAsync([Content(1, 40), Content(2, 40), Content(3, 40)]);
        Edit(_fixture.SegmentFiles()[0], bytes =>
            bytes.AsSpan(EntriesStart + 40 + Overhead, 40 + Overhead).CopyTo(bytes.AsSpan(EntriesStart)));

        await using var journal = Open();
        AssertHolds(journal, [Content(2, 40), Content(3, 40)]);
        Assert.Contains(journal.Damage, damage => damage is { Kind: JournalDamageKind.LostEntries, FirstIndex: 0, Entries: 1 });
    }

    [Fact]
    public async Task An_entry_repeated_at_the_end_is_not_read_again()
    {
        await WriteAsync([Content(1, 40), Content(2, 40)]);
        Edit(_fixture.SegmentFiles()[0], bytes =>
            bytes.AsSpan(EntriesStart, 40 + Overhead).CopyTo(bytes.AsSpan(EntriesStart + (2 * (40 + Overhead)))));

        await using var journal = Open();
        AssertHolds(journal, [Content(1, 40), Content(2, 40)]);
        Assert.Equal(JournalDamageKind.TornTail, Assert.Single(journal.Damage).Kind);
    }

    [Fact]
    public async Task Entries_of_one_segment_mean_nothing_in_another()
    {
        await WriteAsync([.. Enumerable.Range(0, 3).Select(i => Content((byte)i, 60_000))]);
        var files = _fixture.SegmentFiles();
        var first = File.ReadAllBytes(files[0]);
        Edit(files[1], bytes => first.AsSpan(EntriesStart, 60_000 + Overhead).CopyTo(bytes.AsSpan(EntriesStart)));

        await using var journal = Open();
        AssertHolds(journal, [Content(0, 60_000), Content(1, 60_000)]);
        Assert.NotEmpty(journal.Damage);
    }

    [Fact]
    public async Task Entries_cut_off_the_end_of_a_full_segment_are_missed()
    {
        await WriteAsync([.. Enumerable.Range(0, 3).Select(i => Content((byte)i, 60_000))]);
        Edit(_fixture.SegmentFiles()[0], bytes => bytes.AsSpan(EntriesStart + 60_000 + Overhead, 60_000 + Overhead).Clear());

        await using var journal = Open();
        AssertHolds(journal, [Content(0, 60_000), Content(2, 60_000)]);
        Assert.Contains(journal.Damage, damage => damage is { Kind: JournalDamageKind.LostEntries, Segment: 1, FirstIndex: 1, Entries: 1 });
    }

    [Fact]
    public async Task A_segment_taken_away_from_the_middle_is_missed()
    {
        await using (var journal = _fixture.Open())
            for (byte i = 0; i < 5; i++) await journal.AppendDurablyAsync(Content(i, 60_000));
        File.Delete(_fixture.SegmentFiles()[1]);

        await using var reopened = _fixture.Open();
        AssertHolds(reopened, [Content(0, 60_000), Content(1, 60_000), Content(4, 60_000)]);
        Assert.Equal((JournalDamageKind.MissingSegment, 2, 1), reopened.Damage.Select(d => (d.Kind, d.Segment, d.Length)).Single());
    }

    [Fact]
    public async Task A_segment_of_an_unknown_key_waits_until_the_key_is_back()
    {
        await WriteAsync([Content(1, 40)]);
        _fixture.Keys = JournalFolderFixture.KeyRing(2, 2);
        await using (var journal = Open())
        {
            Assert.Equal((JournalDamageKind.UnknownKey, 1), journal.Damage.Select(d => (d.Kind, d.Segment)).Single());
            AssertHolds(journal, []);
            await journal.AppendDurablyAsync(Content(2, 40));
            await journal.MarkAsync(journal.ReadBatch(10)[^1].Position);
        }

        _fixture.Keys = JournalFolderFixture.KeyRing(2, 1, 2);
        await using var reopened = Open();
        Assert.Empty(reopened.Damage);
        AssertHolds(reopened, [Content(1, 40)]);
    }

    [Fact]
    public async Task A_segment_of_another_key_under_the_same_id_is_kept()
    {
        await WriteAsync([Content(1, 40)]);
        var right = _fixture.Keys;
        _fixture.Keys = new KeyRing(1, new Dictionary<byte, byte[]> { [1] = JournalFolderFixture.Key(9) });
        await using (var journal = Open())
        {
            Assert.Contains(journal.Damage, damage => damage.Kind == JournalDamageKind.UnknownKey);
            AssertHolds(journal, []);
        }

        _fixture.Keys = right;
        await using var reopened = Open();
        AssertHolds(reopened, [Content(1, 40)]);
    }

    [Fact]
    public async Task After_a_change_of_keys_old_entries_are_read_and_new_ones_use_the_new_key()
    {
        await WriteAsync([Content(1, 40)]);
        _fixture.Keys = JournalFolderFixture.KeyRing(2, 1, 2);
        await using (var journal = Open())
        {
            await journal.AppendDurablyAsync(Content(2, 40));
            AssertHolds(journal, [Content(1, 40), Content(2, 40)]);
            await journal.MarkAsync(journal.ReadBatch(1)[0].Position);
        }

        _fixture.Keys = JournalFolderFixture.KeyRing(2, 2);
        await using var reopened = Open();
        AssertHolds(reopened, [Content(2, 40)]);
        Assert.Empty(reopened.Damage);
    }

    [Fact]
    public async Task A_segment_of_a_later_format_is_kept()
    {
        await WriteAsync([Content(1, 40)]);
        var before = File.ReadAllBytes(_fixture.SegmentFiles()[0]);
        Edit(_fixture.SegmentFiles()[0], bytes => bytes[8] = bytes[^504] = 2);

        await using (var journal = Open())
        {
            Assert.Equal(JournalDamageKind.UnknownVersion, Assert.Single(journal.Damage).Kind);
            AssertHolds(journal, []);
        }
        File.WriteAllBytes(_fixture.SegmentFiles()[0], before);
        await using var reopened = Open();
        AssertHolds(reopened, [Content(1, 40)]);
    }

    [Fact]
    public async Task A_torn_mark_falls_back_to_the_mark_before()
    {
        var positions = new List<JournalPosition>();
        await using (var journal = Open())
        {
            for (byte i = 0; i < 4; i++) positions.Add(await journal.AppendDurablyAsync(Content(i, 40)));
            await journal.MarkAsync(positions[0]);
            await journal.MarkAsync(positions[1]);
        }
        // The second mark lies in the first sector.
        Change(Path.Combine(_fixture.Folder, "progress"), 60);

        await using var reopened = Open();
        AssertHolds(reopened, [Content(1, 40), Content(2, 40), Content(3, 40)]);
    }

    [Fact]
    public async Task Unreadable_marks_mean_that_everything_left_is_drained_again()
    {
        await using (var journal = Open())
        {
            for (byte i = 0; i < 3; i++) await journal.AppendDurablyAsync(Content(i, 40));
            await journal.MarkAsync(journal.ReadBatch(1)[0].Position);
        }
        File.WriteAllBytes(Path.Combine(_fixture.Folder, "progress"), Content(9, 1024));

        await using var reopened = Open();
        AssertHolds(reopened, [Content(0, 40), Content(1, 40), Content(2, 40)]);
        Assert.Equal(JournalDamageKind.DamagedProgress, Assert.Single(reopened.Damage).Kind);
        await reopened.MarkAsync(reopened.ReadBatch(10)[^1].Position);
        Assert.Empty(reopened.ReadBatch(10));
    }

    [Fact]
    public async Task Files_left_empty_or_half_made_by_a_crash_are_made_anew()
    {
        await WriteAsync([Content(1, 40)]);
        File.WriteAllBytes(_fixture.SegmentFiles()[1], new byte[1000]);

        await using (var journal = Open())
        {
            Assert.Empty(journal.Damage);
            AssertHolds(journal, [Content(1, 40)]);
        }
        Assert.All(_fixture.SegmentFiles(), file => Assert.Equal(JournalFolderFixture.SegmentBytes, new FileInfo(file).Length));
    }

    [Fact]
    public async Task A_file_that_was_made_free_only_halfway_is_wiped()
    {
        await WriteAsync([Content(1, 40)]);
        Edit(_fixture.SegmentFiles()[0], bytes =>
        {
            bytes.AsSpan(0, 512).Clear();
            bytes.AsSpan(bytes.Length - 512).Clear();
        });

        await using var journal = Open();
        AssertHolds(journal, []);
        Assert.All(_fixture.SegmentFiles(), file => Assert.False(File.ReadAllBytes(file).AsSpan().ContainsAnyExcept((byte)0)));
    }

    public enum TornAs
    {
        ShorterFile = 1,
        Zeros,
        Garbage,
    }

    private async Task HoldsAfterAsync(int[] lengths, (int At, int Length)[] changes)
    {
        var contents = lengths.Select((length, i) => Content((byte)(i + 1), length)).ToArray();
        await WriteAsync(contents);
        var ends = Ends(contents);
        Edit(_fixture.SegmentFiles()[0], bytes =>
        {
            foreach (var (at, length) in changes)
                for (var i = at; i < Math.Min(at + length, bytes.Length); i++) bytes[i] ^= 0x5A;
        });
        var bothHeadersHit = changes.Any(change => change.At < EntriesStart)
            && changes.Any(change => change.At + change.Length > JournalFolderFixture.SegmentBytes - 512);
        var unhurt = contents.Where((_, i) => !changes.Any(
            change => change.At < ends[i] && change.At + change.Length > (i == 0 ? EntriesStart : ends[i - 1])));

        await using var journal = Open();
        AssertHolds(journal, bothHeadersHit ? [] : [.. unhurt]);
    }

    private AccessJournal Open() => _fixture.Open(_fixture.Options(segments: 2));

    /// <summary>Writes a new journal, each entry a group of its own, and returns its files.</summary>
    private async Task<Dictionary<string, byte[]>> WriteAsync(byte[][] contents)
    {
        if (Directory.Exists(_fixture.Folder)) Directory.Delete(_fixture.Folder, recursive: true);
        await using (var journal = Open())
            foreach (var content in contents) await journal.AppendDurablyAsync(content);
        return Directory.GetFiles(_fixture.Folder).ToDictionary(file => file, File.ReadAllBytes);
    }

    private void Restore(Dictionary<string, byte[]> files)
    {
        foreach (var file in Directory.GetFiles(_fixture.Folder)) File.Delete(file);
        foreach (var (file, bytes) in files) File.WriteAllBytes(file, bytes);
    }

    private static void Tear(string file, int cut, int end, TornAs torn)
    {
        var bytes = File.ReadAllBytes(file);
        if (torn == TornAs.ShorterFile) bytes = bytes[..cut];
        else if (torn == TornAs.Zeros) bytes.AsSpan(cut..end).Clear();
        else new Random(cut).NextBytes(bytes.AsSpan(cut..end));
        File.WriteAllBytes(file, bytes);
    }

    private static void Change(string file, int at) => Edit(file, bytes => bytes[at] ^= 0x40);

    private static void Edit(string file, Action<byte[]> edit)
    {
        var bytes = File.ReadAllBytes(file);
        edit(bytes);
        File.WriteAllBytes(file, bytes);
    }

    private static void AssertHolds(AccessJournal journal, byte[][] contents) =>
        Assert.Equal(contents, journal.ReadBatch(1000).Select(entry => entry.Content.ToArray()));

    private static int[] Ends(byte[][] contents)
    {
        var end = EntriesStart;
        return [.. contents.Select(content => end += content.Length + Overhead)];
    }

    private static byte[] Content(byte seed, int length) => [.. Enumerable.Range(0, length).Select(i => (byte)(seed + (3 * i)))];
}
