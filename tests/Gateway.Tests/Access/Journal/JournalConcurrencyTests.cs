using System.Buffers.Binary;
using EligibilityGateway.Gateway.Access.Journal;

namespace EligibilityGateway.Gateway.Tests.Access.Journal;

public sealed class JournalConcurrencyTests : IDisposable
{
    private readonly JournalFolderFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Appending_and_draining_at_once_gives_each_entry_once()
    {
        const int Writers = 8, Each = 300;
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await using var journal = _fixture.Open(_fixture.Options(segments: 6));

        var appending = Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            var positions = new List<JournalPosition>();
            for (var i = 0; i < Each; i++)
            {
                var content = new byte[100 + (i % 50)];
                BinaryPrimitives.WriteInt32LittleEndian(content, (writer * Each) + i);
                positions.Add(await journal.AppendDurablyAsync(content, emergency: writer == 0));
            }
            return positions;
        })));
        var drained = new List<(int Number, JournalPosition Position)>();
        while (drained.Count < Writers * Each)
        {
            deadline.Token.ThrowIfCancellationRequested();
            var batch = journal.ReadBatch(64);
            if (batch.Count == 0)
            {
                await Task.Yield();
                continue;
            }
            drained.AddRange(batch.Select(entry => (BinaryPrimitives.ReadInt32LittleEndian(entry.Content.Span), entry.Position)));
            await journal.MarkDrainedAsync(batch[^1].Position, deadline.Token);
        }

        var positions = await appending;
        Assert.Equal(Enumerable.Range(0, Writers * Each), drained.Select(entry => entry.Number).Order());
        Assert.Equal(drained.Select(entry => entry.Position).Order(), drained.Select(entry => entry.Position));
        var byNumber = drained.ToDictionary(entry => entry.Number, entry => entry.Position);
        for (var writer = 0; writer < Writers; writer++)
            for (var i = 0; i < Each; i++) Assert.Equal(positions[writer][i], byNumber[(writer * Each) + i]);
        Assert.Empty(journal.Damage);
        Assert.Equal(0, journal.Pending.Entries);
    }

    [Fact]
    public async Task Closing_writes_what_waits()
    {
        Task<AppendOutcome>[] waiting;
        var journal = _fixture.Open();
        waiting = [.. Enumerable.Range(0, 100).Select(i => journal.AppendAsync(new byte[50], false, CancellationToken.None).AsTask())];
        await journal.DisposeAsync();

        Assert.All(await Task.WhenAll(waiting), outcome => Assert.Equal(AppendStatus.Durable, outcome.Status));
        await using var reopened = _fixture.Open();
        Assert.Equal(100, reopened.Pending.Entries);
    }
}
