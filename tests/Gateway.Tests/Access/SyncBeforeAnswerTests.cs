using EligibilityGateway.Contracts;
using EligibilityGateway.Gateway.Access.Journal;
using EligibilityGateway.Gateway.Hosting;
using EligibilityGateway.Gateway.Tests.Access.Journal;

namespace EligibilityGateway.Gateway.Tests.Access;

/// <summary>
/// Promise P1 on the system calls of a whole gateway with Postgres away: nothing goes to the desk's socket between the write of a
/// journal's entry and the end of its sync. Where strace or ptrace is not to be had the tests fail: an unproved promise is no promise.
/// </summary>
public sealed class SyncBeforeAnswerTests(TestStores stores) : IAsyncLifetime
{
    private const int Taps = 5;

    private TestTown _town = null!;

    public async ValueTask InitializeAsync() => _town = await TestTown.OpenAsync(stores);

    public async ValueTask DisposeAsync() => await _town.DisposeAsync();

    [Fact]
    public async Task Each_journalled_answer_leaves_after_its_sync_and_a_trace_without_the_sync_does_not_pass()
    {
        var (trace, port) = await TraceAsync();
        var sends = trace.Calls.Where(call => call.IsWrite && call.Path.StartsWith($"TCP:[127.0.0.1:{port}-", StringComparison.Ordinal)).ToList();
        // The journal's files are made before the gateway listens.
        bool IsEntry(TracedCall call) => call.Began > sends[0].Began && IsInEntries(call);
        var entries = trace.Calls.Where(IsEntry).ToList();

        // One after the other, so each tap has its own write.
        Assert.Equal(Taps, entries.Count);
        var answers = entries.ConvertAll(entry => sends.First(send => send.Began > entry.Began));
        Assert.Equal(Taps, answers.Distinct().Count());
        Assert.All(sends.Where(send => send.Began > entries[0].Began), send => Assert.Null(trace.WhyUnsafe(send, IsEntry)));

        var without = trace.Without(call => call.IsSync && IsOfSegment(call));
        Assert.All(answers, answer => Assert.NotNull(without.WhyUnsafe(answer, IsEntry)));

        // One missing sync is enough.
        var third = trace.Without(call => call.IsSync && IsOfSegment(call) && call.Began > entries[2].Ended && call.Began < answers[2].Began);
        Assert.Equal([answers[2]], answers.Where(answer => third.WhyUnsafe(answer, IsEntry) is not null));
    }

    private static bool IsOfSegment(TracedCall call) => call.Path.Contains("/segment-", StringComparison.Ordinal);

    /// <summary>Between the two headers.</summary>
    private bool IsInEntries(TracedCall call) =>
        call.Name == "pwrite64" && IsOfSegment(call) && call.Range().Offset is var offset
        && offset >= JournalFormat.EntriesStart && offset < GatewayHost.JournalSize(_town.Settings()).SegmentBytes - JournalFormat.SectorBytes;

    /// <summary>One desk taps, with Postgres away, one tap after the other; then the gateway is killed.</summary>
    private async Task<(SyncTrace Trace, int Port)> TraceAsync()
    {
        var file = Path.Combine(_town.Folder, "calls.trace");
        var card = await _town.AddCardAsync(await _town.AddPersonAsync());
        var terminal = await _town.AddTerminalAsync(TerminalRole.Reception);
        int port;
        // With -D the tracer is not the gateway's parent, and ends when the gateway does; -yy tells sockets by their ends.
        await using (var gateway = await GatewayProcess.StartAsync(_town.Settings("traced"), ["strace", "-D", .. SyncTrace.StraceOptions, "-yy", "-o", file]))
        {
            port = gateway.Address.Port;
            using var desk = new TestDesk(gateway.Address, terminal);
            var challenge = await desk.ChallengeAsync();
            await using var away = await PostgresAway.BeginAsync(stores, _town);
            for (var i = 0; i < Taps; i++) Assert.False((await desk.AskAsync(desk.Tap(card, challenge))).Answer.Freshness.Proved);
        }
        return (SyncTrace.Parse(await File.ReadAllLinesAsync(file)), port);
    }
}
