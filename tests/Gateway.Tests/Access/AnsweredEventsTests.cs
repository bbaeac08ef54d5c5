using EligibilityGateway.Gateway.Access;
using Microsoft.Extensions.Time.Testing;

namespace EligibilityGateway.Gateway.Tests.Access;

/// <summary>What a gateway remembers of what it has answered.</summary>
public sealed class AnsweredEventsTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly AnsweredEvents _answered;

    public AnsweredEventsTests() => _answered = new AnsweredEvents(_clock);

    [Fact]
    public void The_latest_answers_are_there_whole()
    {
        var (key, answer) = (Key(), new KeptAnswer([1], [2]));
        Assert.Equal(AnsweredState.NotAnswered, _answered.Find(key).State);
        _answered.Add(key, answer);
        Assert.Equal(new AnsweredLook(AnsweredState.Answered, answer), _answered.Find(key));
        Assert.Equal(AnsweredState.NotAnswered, _answered.Find(key with { TerminalId = Guid.NewGuid() }).State);
    }

    [Fact]
    public void Of_older_ones_it_is_known_that_there_was_an_answer_as_long_as_they_may_be_asked_again()
    {
        var key = Key();
        _answered.Add(key, new KeptAnswer([1], [2]));
        for (var i = 0; i < 100_000; i++) _answered.Add(Key(), new KeptAnswer([], null));
        Assert.Equal(AnsweredState.Unknown, _answered.Find(key).State);
        _clock.Advance(AccessLog.ResendWindow - TimeSpan.FromSeconds(1));
        _answered.Add(Key(), new KeptAnswer([], null));
        Assert.Equal(AnsweredState.Unknown, _answered.Find(key).State);
        // Two windows later nobody may ask for it.
        _clock.Advance(AccessLog.ResendWindow);
        _answered.Add(Key(), new KeptAnswer([], null));
        _clock.Advance(AccessLog.ResendWindow);
        _answered.Add(Key(), new KeptAnswer([], null));
        Assert.Equal(AnsweredState.NotAnswered, _answered.Find(key).State);
    }

    private static EventKey Key() => new(Guid.CreateVersion7(), Guid.NewGuid());
}
