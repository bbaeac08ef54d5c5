using System.Collections.Concurrent;
using System.Security.Cryptography;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Access;
using EligibilityGateway.Rules.Emergency;

namespace EligibilityGateway.Gateway.Terminals;

/// <summary>
/// Refusals that looked for nobody, of a terminal that has very many of them: a loop at the terminal, or somebody who tries. The first
/// sixty of a minute have a record each, as every other look-up has; of those above, the first has one before its answer leaves, and one
/// record follows at the minute's end that says how many more there were.
/// </summary>
public sealed partial class RefusalCounts(AccessLog access, AdmittedTerminals terminals, TimeProvider clock, ILogger<RefusalCounts> logger) : BackgroundService
{
    /// <summary>Of one terminal in one minute; a desk at its busiest has a few.</summary>
    public const int MostOneByOne = 60;

    private const int MostRounds = 5;

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<Guid, TerminalMinute> _minutes = new();

    // Counts whose minute is over, until they are durable. At most one for each terminal and reason in a minute.
    private readonly ConcurrentQueue<RefusalCount> _ended = new();

    private long MinuteNow => clock.GetUtcNow().ToUnixTimeSeconds() / 60;

    /// <summary>Whether a refusal has a record of its own; one that has none is counted here.</summary>
    public bool IsRecordedAlone(Terminal terminal, Reason reason)
    {
        var minute = MinuteNow;
        while (true)
        {
            var counting = _minutes.GetOrAdd(terminal.Id, static (_, args) => new TerminalMinute(args.terminal, args.minute), (terminal, minute));
            if (counting.Minute < minute)
            {
                End(counting);
                continue;
            }
            if (counting.TryCount(reason) is { } isAlone) return isAlone;
        }
    }

    /// <summary>Records what was counted in minutes that are over, or in all.</summary>
    public async Task RecordAsync(bool all)
    {
        var minute = MinuteNow;
        foreach (var counting in _minutes.Values)
            if (all || counting.Minute < minute) End(counting);
        for (var left = _ended.Count; left > 0 && _ended.TryDequeue(out var count); left--)
            if (!await TryRecordAsync(count)) _ended.Enqueue(count);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await RecordAsync(all: true);
        if (!_ended.IsEmpty) LogLost(logger, _ended.Sum(count => count.Refusals));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await RecordAsync(all: false);
        }
        catch (OperationCanceledException)
        {
            // The gateway stops.
        }
    }

    private void End(TerminalMinute counting)
    {
        if (!_minutes.TryRemove(KeyValuePair.Create(counting.Terminal.Id, counting))) return;
        foreach (var (reason, refusals) in counting.End()) _ended.Enqueue(new RefusalCount(EventId.New(clock), counting.Terminal, reason, refusals, clock.GetUtcNow()));
    }

    private async Task<bool> TryRecordAsync(RefusalCount count)
    {
        var version = count.Terminal.Version;
        for (var round = 0; round < MostRounds; round++)
        {
            var outcome = await access.RecordAsync(EntryOf(count, version, journalled: false), count.Terminal.Identity.Institution);
            switch (outcome.State)
            {
                case RecordState.Recorded or RecordState.AnsweredBefore:
                    return true;
                case RecordState.OutOfReach:
                    return (await access.JournalAsync(EntryOf(count, version, journalled: true), emergency: false)).State is RecordState.Recorded or RecordState.AnsweredBefore;
                case RecordState.Overtaken:
                    // The terminal's own entry has changed; the count is recorded all the same.
                    version = (await terminals.LookAgainAsync(count.Terminal)).Version;
                    continue;
                default:
                    return false;
            }
        }
        return false;
    }

    private static Entry EntryOf(RefusalCount count, long terminalVersion, bool journalled)
    {
        var terminal = count.Terminal;
        var reliedUpon = new ReliedUpon(terminalVersion, null, 0, null, 0, null, 0);
        var record = new AccessRecord
        {
            EventId = count.EventId,
            TerminalId = terminal.Id,
            Institution = terminal.Identity.Institution,
            Role = terminal.Identity.Role,
            Purpose = Purpose.Unspecified,
            ServiceDate = JapanTime.DateOf(count.At),
            Assurance = Assurance.None,
            Ground = EmergencyBasis.None,
            Note = "",
            Validity = Validity.Unspecified,
            Reason = count.Reason,
            PersonId = null,
            ReliedUpon = reliedUpon,
            Source = Source.Unspecified,
            AsOf = count.At,
            DecidedAt = count.At,
            RequestHash = new byte[SHA256.HashSizeInBytes],
            RegistersCard = false,
            Journalled = journalled,
            RefusalsCounted = count.Refusals,
        };
        return new Entry(
            count.EventId.Value, terminal.Id, PersonId: null, (short)Validity.Unspecified, (short)count.Reason, record.RequestHash, CanonicalRecord.Of(record),
            RandomNumberGenerator.GetBytes(16), SealedAnswer: null, reliedUpon, RegistersCard: false, count.At);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The number of {Count} refusals that looked for nobody could not be recorded before the gateway stopped.")]
    private static partial void LogLost(ILogger logger, int count);

    /// <summary>What one terminal was refused in one minute.</summary>
    private sealed class TerminalMinute(Terminal terminal, long minute)
    {
        private readonly Lock _gate = new();
        private readonly Dictionary<Reason, int> _counted = [];
        private int _seen;
        private bool _isOver;

        public Terminal Terminal => terminal;

        public long Minute => minute;

        /// <summary>Whether it is recorded alone; null where the minute was ended meanwhile.</summary>
        public bool? TryCount(Reason reason)
        {
            lock (_gate)
            {
                if (_isOver) return null;
                if (_seen++ <= MostOneByOne) return true;
                _counted[reason] = _counted.GetValueOrDefault(reason) + 1;
                return false;
            }
        }

        public Dictionary<Reason, int> End()
        {
            lock (_gate)
            {
                _isOver = true;
                return _counted;
            }
        }
    }

    private sealed record RefusalCount(EventId EventId, Terminal Terminal, Reason Reason, int Refusals, DateTimeOffset At);
}
