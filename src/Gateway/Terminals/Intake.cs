using System.Diagnostics;
using EligibilityGateway.Gateway.Access;

namespace EligibilityGateway.Gateway.Terminals;

/// <summary>
/// How many look-ups a gateway takes on at once. Above what it can do it refuses early, before any work, so that those it takes are
/// answered in time; an emergency is refused last. It goes by how long work waits: for its turn on the processors, which is measured all
/// the while, and for its turn to be recorded. A store that is slow by itself makes no queue here, and takes away from nobody.
/// </summary>
/// <remarks>
/// The number under way is what is steered: a look-up that is under way has bounded work left, so a bound on them bounds how long the
/// next one waits. It is lowered by a part of itself while work keeps waiting, and raised by a little while none does (as TCP does with
/// its window). A moment in which the machine stood still makes a queue that is gone a moment later, and lowers nothing.
/// </remarks>
public sealed class Intake(AccessLog records) : BackgroundService
{
    /// <summary>What a gateway takes at once before it has learnt anything; a stall of half a second at the peak leaves about so many.</summary>
    internal const int FirstLimit = 512;

    /// <summary>Enough for groups of records that are worth their statement; with fewer the processors would stand idle between two.</summary>
    internal const int LowestLimit = 64;

    internal const int HighestLimit = 2048;

    /// <summary>Emergencies that are taken on top.</summary>
    private const int ForEmergencies = 256;

    /// <summary>As many as the next group takes: with more, the last of them waits for several groups.</summary>
    private const int MostRecordsWaiting = 256;

    /// <summary>An answer takes its turn on the processors some ten times: where work waits this long each time, it is late.</summary>
    internal static readonly TimeSpan TooLong = TimeSpan.FromMilliseconds(8);

    private static readonly TimeSpan SampleEvery = TimeSpan.FromMilliseconds(10);

    /// <summary>Between two samples of a gateway that nobody asks.</summary>
    private static readonly TimeSpan AtRest = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan ShortestDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(2);

    /// <summary>Told where twice as many are refused as are taken.</summary>
    private static readonly TimeSpan DelayFarAbove = 3 * ShortestDelay;

    /// <summary>A sixth of what a desk is told to wait then, and short enough that few have more than it waits for meanwhile.</summary>
    private static readonly TimeSpan RestOfStreams = TimeSpan.FromMilliseconds(100);

    private readonly IntakeLimit _limit = new();
    private int _underWay;
    private int _taken;
    private int _refused;
    private int _askedSince;
    private volatile bool _isFarAbove;

    /// <summary>Look-ups under way.</summary>
    public int UnderWay => Volatile.Read(ref _underWay);

    /// <summary>How many may be under way now.</summary>
    public int Limit => _limit.Value;

    /// <summary>Whether a look-up is taken on; whoever is told so calls <see cref="Leave"/> once it has ended.</summary>
    public bool TryEnter(bool isEmergency)
    {
        Volatile.Write(ref _askedSince, 1);
        var most = isEmergency ? _limit.Value + ForEmergencies : _limit.Value;
        if (Interlocked.Increment(ref _underWay) <= most && (isEmergency || records.Waiting <= MostRecordsWaiting))
        {
            Interlocked.Increment(ref _taken);
            return true;
        }
        Interlocked.Decrement(ref _underWay);
        Interlocked.Increment(ref _refused);
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _underWay);

    /// <summary>Refuses one that came while its stream rested; when it may come again.</summary>
    public TimeSpan Refuse()
    {
        Interlocked.Increment(ref _refused);
        return RetryAfter;
    }

    /// <summary>
    /// How long a desk's stream rests after a refusal: zero but where the last second was one of far more than can be answered. What came to
    /// it meanwhile is refused with one write.
    /// </summary>
    public TimeSpan Rest => _isFarAbove ? RestOfStreams : TimeSpan.Zero;

    /// <summary>When one that was refused may come again: the later the more come for each that is taken.</summary>
    public TimeSpan RetryAfter
    {
        get
        {
            var taken = Math.Max(1, Volatile.Read(ref _taken));
            var delay = ShortestDelay * (1 + ((double)Volatile.Read(ref _refused) / taken));
            return delay < LongestDelay ? delay : LongestDelay;
        }
    }

    /// <summary>A thread of its own measures: on the pool it would stand in the queue that it measures.</summary>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Factory.StartNew(
        () => Measure(stoppingToken), stoppingToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Measure(CancellationToken stop)
    {
        var sample = new LagSample();
        var halved = Stopwatch.GetTimestamp();
        while (!stop.IsCancellationRequested)
        {
            sample.Begin();
            stop.WaitHandle.WaitOne(Interlocked.Exchange(ref _askedSince, 0) == 0 ? AtRest : SampleEvery);
            _limit.Learn(sample.Lag, UnderWay);
            if (Stopwatch.GetElapsedTime(halved) < TimeSpan.FromSeconds(1)) continue;
            halved = Stopwatch.GetTimestamp();
            _isFarAbove = RetryAfter >= DelayFarAbove;
            Volatile.Write(ref _taken, Volatile.Read(ref _taken) / 2);
            Volatile.Write(ref _refused, Volatile.Read(ref _refused) / 2);
        }
    }

    /// <summary>How long a piece of work waits for the pool now.</summary>
    private sealed class LagSample : IThreadPoolWorkItem
    {
        private long _begun;
        private long _lag;
        private int _isWaiting;

        /// <summary>Puts one behind what waits; one that still waits is left where it is.</summary>
        public void Begin()
        {
            if (Interlocked.Exchange(ref _isWaiting, 1) == 1) return;
            Volatile.Write(ref _begun, Stopwatch.GetTimestamp());
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        /// <summary>Of the last one; of one that still waits, how long it does so far.</summary>
        public TimeSpan Lag => Volatile.Read(ref _isWaiting) == 1 ? Stopwatch.GetElapsedTime(Volatile.Read(ref _begun)) : TimeSpan.FromTicks(Volatile.Read(ref _lag));

        public void Execute()
        {
            Volatile.Write(ref _lag, Stopwatch.GetElapsedTime(Volatile.Read(ref _begun)).Ticks);
            Volatile.Write(ref _isWaiting, 0);
        }
    }
}
