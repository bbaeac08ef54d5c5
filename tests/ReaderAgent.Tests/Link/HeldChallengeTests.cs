using EligibilityGateway.Contracts.V1;
using EligibilityGateway.ReaderAgent.Link;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace EligibilityGateway.ReaderAgent.Tests.Link;

public sealed class HeldChallengeTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    private readonly WatchedClock _clock = new();
    private readonly HeldChallenge _held;
    private int _asked;

    public HeldChallengeTests() => _held = new HeldChallenge(_clock, () => Interlocked.Increment(ref _asked));

    public void Dispose() => _held.Dispose();

    [Fact]
    public async Task A_living_challenge_is_given_at_once()
    {
        Take(1, TimeSpan.FromMinutes(2));
        Assert.Equal([1], (await Get().Soon())!.Value.ToArray());
        Assert.Equal(0, _asked);
    }

    [Fact]
    public void It_is_renewed_at_half_its_life_and_asked_for_again_while_no_answer_comes()
    {
        Take(1, TimeSpan.FromSeconds(120));
        _clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(0, _asked);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, _asked);
        _clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(2, _asked);
        _clock.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(3, _asked);
        Take(2, TimeSpan.FromSeconds(120));
        _clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(3, _asked);
    }

    [Fact]
    public async Task One_that_ends_within_seconds_is_not_signed_any_more()
    {
        Take(1, TimeSpan.FromSeconds(10));
        _clock.Advance(TimeSpan.FromSeconds(6.9));
        Assert.NotNull(await Get().Soon());
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        var waiting = Get();
        Assert.False(waiting.IsCompleted);
        Take(2, TimeSpan.FromSeconds(10));
        Assert.Equal([2], (await waiting.Soon())!.Value.ToArray());
    }

    [Fact]
    public async Task Where_none_comes_in_time_there_is_none()
    {
        var waiting = Get();
        Assert.Equal(1, _asked);
        _clock.Advance(Deadline);
        Assert.Null(await waiting.Soon());
    }

    [Fact]
    public async Task A_dead_one_that_arrives_is_waited_past_but_not_past_the_deadline()
    {
        // The renewal's own.
        await _clock.NextTimerAsync();
        var waiting = Get();
        await _clock.NextTimerAsync();
        Take(1, TimeSpan.Zero);
        // It asks once more and waits on, for what is left of its time.
        await _clock.NextTimerAsync();
        Assert.Equal(2, _asked);
        Assert.False(waiting.IsCompleted);
        _clock.Advance(Deadline);
        Assert.Null(await waiting.Soon());
    }

    [Fact]
    public void A_gateway_that_gives_dead_challenges_is_not_asked_in_a_storm()
    {
        Take(1, TimeSpan.Zero);
        Assert.Equal(0, _asked);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, _asked);
    }

    [Fact]
    public async Task A_wait_can_be_cancelled()
    {
        using var cancel = new CancellationTokenSource();
        var waiting = _held.GetAsync(Deadline, cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.Soon());
    }

    private Task<ReadOnlyMemory<byte>?> Get() => _held.GetAsync(Deadline, TestContext.Current.CancellationToken);

    private void Take(byte value, TimeSpan livesFor) =>
        _held.Take(new Challenge { Value = ByteString.CopyFrom(value), LivesFor = Duration.FromTimeSpan(livesFor) });
}
