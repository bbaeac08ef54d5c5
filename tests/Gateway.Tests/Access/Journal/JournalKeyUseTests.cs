using System.Text.Json;
using EligibilityGateway.Gateway.Access.Journal;
using EligibilityGateway.Gateway.Keys;

namespace EligibilityGateway.Gateway.Tests.Access.Journal;

/// <summary>What the journal's keys have sealed, counted beside the journal.</summary>
public sealed class JournalKeyUseTests : IDisposable
{
    private readonly JournalFolderFixture _fixture = new();

    private string CountFile => Path.Combine(_fixture.Folder, JournalKeyUse.FileName);

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Entries_are_counted_over_all_openings_and_a_block_is_reserved_while_it_is_open()
    {
        for (var opening = 1; opening <= 3; opening++)
        {
            await using (var journal = _fixture.Open())
            {
                for (var entry = 0; entry < 5; entry++) await journal.AppendDurablyAsync("entry");
                Assert.Equal((5 * (opening - 1)) + 1 + KeyUse.Block, Counted(1));
            }
            Assert.Equal(5 * opening, Counted(1));
        }
    }

    [Fact]
    public async Task What_was_reserved_counts_as_used_after_a_crash()
    {
        await using (var journal = _fixture.Open()) await journal.AppendDurablyAsync("entry");
        File.WriteAllText(CountFile, JsonSerializer.Serialize(new Dictionary<string, long> { [Name(1)] = KeyUse.Block }));
        await using (var journal = _fixture.Open()) await journal.AppendDurablyAsync("entry");
        Assert.Equal(KeyUse.Block + 1, Counted(1));
    }

    [Fact]
    public async Task Each_key_is_counted_by_itself_and_one_of_the_same_id_and_other_bytes_too()
    {
        await using (var journal = _fixture.Open()) await journal.AppendDurablyAsync("entry");
        _fixture.Keys = JournalFolderFixture.KeyRing(2, 1, 2);
        await using (var journal = _fixture.Open())
        {
            await journal.AppendDurablyAsync("entry");
            await journal.AppendDurablyAsync("entry");
        }
        Assert.Equal((1, 2), (Counted(1), Counted(2)));

        _fixture.Keys = new KeyRing(1, new Dictionary<byte, byte[]> { [1] = JournalFolderFixture.Key(7), [2] = JournalFolderFixture.Key(2) });
        await using (var journal = _fixture.Open()) await journal.AppendDurablyAsync("entry");
        Assert.Equal((1, 2), (Counted(1), Counted(2)));
        Assert.Equal(3, JournalKeyUse.Read(CountFile)!.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{\"1 00\": -1}")]
    [InlineData("{\"1 00\": \"many\"}")]
    public async Task A_count_that_is_damaged_begins_anew_and_stops_nothing(string content)
    {
        Directory.CreateDirectory(_fixture.Folder);
        File.WriteAllText(CountFile, content);
        Assert.Null(JournalKeyUse.Read(CountFile));
        await using (var journal = _fixture.Open()) await journal.AppendDurablyAsync("entry");
        Assert.Equal(1, Counted(1));
    }

    [Fact]
    public async Task A_count_that_can_t_be_written_stops_nothing()
    {
        // A folder where the file beside it should be.
        Directory.CreateDirectory(CountFile + ".new");
        await using (var journal = _fixture.Open())
        {
            for (var entry = 0; entry < 5; entry++) await journal.AppendDurablyAsync("entry");
        }
        Assert.False(File.Exists(CountFile));
    }

    [Fact]
    public void The_bound_is_told_of_once_at_each_level()
    {
        Directory.CreateDirectory(_fixture.Folder);
        File.WriteAllText(CountFile, JsonSerializer.Serialize(new Dictionary<string, long> { [Name(1)] = (3L << 30) - 1 }));
        using var folder = JournalFolder.Open(_fixture.Folder);
        var use = JournalKeyUse.Open(folder, _fixture.Keys, out var isDamaged);
        Assert.False(isDamaged);
        Assert.Equal(KeyUseLevel.Near, use.Add(1, 1)?.Level);
        Assert.Null(use.Add(1, 1_000_000));
        Assert.Equal(KeyUseLevel.Over, use.Add(1, 1 << 30)?.Level);
        Assert.Null(use.Add(1, 1));
    }

    private static string Name(byte id) => JournalKeyUse.NameOf(id, Convert.ToHexStringLower(KeyUse.NameOf(JournalFolderFixture.Key(id))));

    private long Counted(byte id) => JournalKeyUse.Read(CountFile)!.GetValueOrDefault(Name(id));
}
