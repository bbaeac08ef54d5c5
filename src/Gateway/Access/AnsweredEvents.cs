using BitFaster.Caching;
using BitFaster.Caching.Lru;

namespace EligibilityGateway.Gateway.Access;

/// <summary>
/// What this gateway has answered of late, for the time when Postgres is away: an event that comes again must not be told something else
/// than the first time. The latest answers are kept whole; of the others, as long as they may be asked again, only that there was one.
/// </summary>
internal sealed class AnsweredEvents(TimeProvider clock)
{
    /// <summary>About 15 s at the peak, and 25 MB: whoever asks again does so within seconds.</summary>
    private const int AnswersKept = 16_384;

    /// <summary>At the peak of a gateway; 16 MB.</summary>
    private const int MostOfOneWindow = 1_000_000;

    private readonly ICache<EventKey, KeptAnswer> _answers = new ConcurrentLruBuilder<EventKey, KeptAnswer>().WithCapacity(AnswersKept).Build();
    private readonly Lock _gate = new();

    // Which events were answered in this window and in the one before: a resend comes within one window's time.
    private HashSet<EventHash> _now = [];
    private HashSet<EventHash> _before = [];
    private DateTimeOffset _since = clock.GetUtcNow();

    /// <summary>An answer that is durable.</summary>
    public void Add(EventKey key, KeptAnswer answer)
    {
        _answers.AddOrUpdate(key, answer);
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            if (now - _since >= AccessLog.ResendWindow || _now.Count >= MostOfOneWindow)
            {
                (_before, _now) = (_now, _before);
                _now.Clear();
                _since = now;
            }
            _now.Add(EventHash.Of(key));
        }
    }

    /// <summary>What was answered to it here.</summary>
    public AnsweredLook Find(EventKey key)
    {
        if (_answers.TryGet(key, out var answer)) return new AnsweredLook(AnsweredState.Answered, answer);
        lock (_gate)
        {
            var hash = EventHash.Of(key);
            return new AnsweredLook(_now.Contains(hash) || _before.Contains(hash) ? AnsweredState.Unknown : AnsweredState.NotAnswered);
        }
    }

    /// <summary>Half of an event's id and half of its terminal's: by chance no two are alike, and both halves are random.</summary>
    private readonly record struct EventHash(long Event, int Terminal)
    {
        public static EventHash Of(EventKey key)
        {
            Span<byte> bytes = stackalloc byte[16];
            key.EventId.TryWriteBytes(bytes, bigEndian: true, out _);
            var ofEvent = BitConverter.ToInt64(bytes[8..]);
            key.TerminalId.TryWriteBytes(bytes, bigEndian: true, out _);
            return new EventHash(ofEvent, BitConverter.ToInt32(bytes));
        }
    }
}

/// <summary>Whether an event was answered.</summary>
/// <param name="State">As far as can be seen now.</param>
/// <param name="Answer">Only where it was answered and the answer is here.</param>
public readonly record struct AnsweredLook(AnsweredState State, KeptAnswer? Answer = null);

public enum AnsweredState
{
    NotAnswered,
    Answered,

    /// <summary>It can't be seen now: the store that knows is away or slow.</summary>
    Unknown,
}
