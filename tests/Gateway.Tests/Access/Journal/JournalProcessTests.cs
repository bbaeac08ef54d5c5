using System.Buffers.Binary;
using EligibilityGateway.Gateway.Access.Journal;

namespace EligibilityGateway.Gateway.Tests.Access.Journal;

public sealed class JournalProcessTests : IDisposable
{
    private const int Segments = 40;

    private readonly JournalFolderFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task A_second_process_gets_one_clear_line_and_leaves()
    {
        await using var journal = _fixture.Open();
        using var second = JournalProbe.Start(_fixture.Folder, segments: 3, entries: 1, length: 10, writers: 1);
        var (exitCode, output, errors) = await second.EndAsync();

        Assert.Equal(1, exitCode);
        Assert.Empty(output);
        Assert.Contains("in use by another process", errors, StringComparison.Ordinal);
        Assert.Equal(1, errors.Count(character => character == '\n'));
    }

    [Fact]
    public async Task After_a_kill_the_folder_opens_at_once_and_holds_everything_acknowledged()
    {
        for (var round = 1; round <= 4; round++)
        {
            using var probe = JournalProbe.Start(_fixture.Folder, Segments, entries: int.MaxValue, length: 300, writers: 8);
            var lines = new List<string>();
            while (lines.Count < 37 * round) lines.Add((await probe.ReadLineAsync())!);
            Assert.Throws<JournalUnavailableException>(() => _fixture.Open(_fixture.Options(Segments)));
            lines.AddRange(await probe.KillAsync());
            // The last line may be cut off by the kill.
            lines.RemoveAt(lines.Count - 1);

            await using var journal = _fixture.Open(_fixture.Options(Segments));
            var found = journal.ReadBatch(int.MaxValue).ToDictionary(
                entry => entry.Position, entry => BinaryPrimitives.ReadInt32LittleEndian(entry.Content.Span));
            foreach (var (number, position) in lines.Select(JournalProbe.Acknowledged).OfType<(int, JournalPosition)>())
                Assert.Equal(number, found[position]);
            Assert.DoesNotContain(journal.Damage, damage => damage.Kind == JournalDamageKind.LostEntries);
            await journal.MarkAsync(found.Keys.Max());
        }
    }
}
