using EligibilityGateway.Gateway.Keys;

namespace EligibilityGateway.Gateway.Access.Journal;

/// <summary>
/// Where access records and their answers go, durably, while Postgres is away or slow (promise P1); they are drained into Postgres
/// afterwards. Encrypted, since it says who asked about whom; of a size that is fixed and taken beforehand, so that a full disk does
/// not stop it; the last part of it for the emergency lane alone. Its files are described in <see cref="JournalFormat"/>.
/// </summary>
/// <remarks>
/// One thread writes: it takes all that waits, the emergency lane first, writes it with one write and one sync, and only then completes
/// it. Draining reads from the oldest entry on, and may be repeated: a crash between the commit in Postgres and
/// <see cref="MarkDrainedAsync"/> means that the same entries are read again, and nothing else.
/// </remarks>
public sealed partial class AccessJournal : IAsyncDisposable
{
    private readonly JournalOptions _options;
    private readonly KeyRing _keys;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly JournalFolder _folder;
    private readonly DrainProgress _progress;
    private readonly JournalKeyUse _keyUse;

    /// <summary>Guards all that follows. Never held during a read or write of a file.</summary>
    private readonly object _gate = new();

    private readonly List<Segment> _segments;
    private readonly Queue<FreeSegment> _free;
    private readonly List<JournalDamage> _damage;

    private AccessJournal(
        JournalOptions options, KeyRing keys, TimeProvider clock, ILogger logger,
        JournalFolder folder, DrainProgress progress, JournalKeyUse keyUse, JournalRecovery recovery)
    {
        _options = options;
        _keys = keys;
        _clock = clock;
        _logger = logger;
        _folder = folder;
        _progress = progress;
        _keyUse = keyUse;
        _segments = [.. recovery.Segments];
        _free = recovery.Free;
        _damage = [.. recovery.Damage];
        _current = recovery.Current;
        _lastNumber = recovery.LastNumber;
        _entriesInLast = recovery.EntriesInLast;
        _writer = new Thread(WriteGroups) { IsBackground = true, Name = "access journal" };
    }

    /// <summary>What is not drained yet.</summary>
    public JournalBacklog Pending
    {
        get
        {
            lock (_gate)
            {
                long entries = 0, bytes = 0;
                long? oldest = null;
                foreach (var segment in _segments)
                {
                    if (segment.Pending.IsEmpty) continue;
                    entries += segment.Pending.Length;
                    bytes += segment.PendingBytes;
                    oldest ??= segment.Pending[0].WrittenAtMilliseconds;
                }
                var age = oldest is { } written ? _clock.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(written) : TimeSpan.Zero;
                return new(entries, bytes, age > TimeSpan.Zero ? age : TimeSpan.Zero);
            }
        }
    }

    /// <summary>Disk that entries can still fill, the emergency reserve included.</summary>
    public long FreeBytes
    {
        get
        {
            lock (_gate) return FreeBytesLocked();
        }
    }

    /// <summary>What could not be read, at the opening or since.</summary>
    public IReadOnlyList<JournalDamage> Damage
    {
        get
        {
            lock (_gate) return [.. _damage];
        }
    }

    /// <summary>
    /// Opens the journal, makes its files where they are missing, and finds what was not drained. What is damaged is reported and
    /// never stops the opening; where the disk has no room for the whole capacity, the journal has as much as there was room for.
    /// </summary>
    /// <exception cref="JournalUnavailableException">The options are wrong, another process has the folder, or it can't be written.</exception>
    public static AccessJournal Open(JournalOptions options, KeyRing keys, TimeProvider clock, ILogger<AccessJournal> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Fault() is { } wrong) throw new JournalUnavailableException(wrong);

        var folder = JournalFolder.Open(options.Folder);
        var recovery = new JournalRecovery(folder, keys, options, clock);
        DrainProgress? progress = null;
        try
        {
            progress = DrainProgress.Open(folder, keys);
            recovery.Run(progress);
            var keyUse = JournalKeyUse.Open(folder, keys, out var isCountLost);
            var journal = new AccessJournal(options, keys, clock, logger, folder, progress, keyUse, recovery);
            if (isCountLost) journal.LogCountLost(JournalKeyUse.FileName);
            foreach (var damage in recovery.Damage) journal.LogDamage(damage);
            lock (journal._draining)
            {
                journal.RetireDrained();
            }
            journal.FillUp();
            journal.LogOpened(options.Folder, journal.Pending.Entries, journal.FreeBytes);
            journal._writer.Start();
            return journal;
        }
        catch (Exception fault)
        {
            progress?.Dispose();
            recovery.Dispose();
            folder.Dispose();
            if (fault is IOException or UnauthorizedAccessException)
                throw new JournalUnavailableException($"The journal in {options.Folder} can't be opened: {fault.Message}", fault);
            throw;
        }
    }

    /// <summary>Writes what waits, then closes the files. What is not drained stays for the next opening.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_closing) return;
            _closing = true;
            Monitor.PulseAll(_gate);
        }
        // A disk that hangs must not hold the shutdown; its files are left to the end of the process then.
        if (!await Task.Run(() => _writer.Join(ClosingDeadline)))
        {
            LogStuck(ClosingDeadline);
            return;
        }
        lock (_draining)
        {
            foreach (var segment in _segments) segment.Dispose();
            foreach (var free in _free) free.Handle.Dispose();
            _progress.Dispose();
            _keyUse.Close();
            _folder.Dispose();
        }
    }

    private static readonly TimeSpan ClosingDeadline = TimeSpan.FromSeconds(10);

    /// <summary>Makes the files that are missing, and drops those that are too many since the capacity was lowered.</summary>
    private void FillUp()
    {
        var files = _folder.SegmentFiles().ToHashSet();
        while (files.Count > _options.SegmentCount && _free.TryDequeue(out var surplus))
        {
            surplus.Handle.Dispose();
            _folder.Delete(surplus.File);
            files.Remove(surplus.File);
        }
        for (var slot = 0; files.Count < _options.SegmentCount; slot++)
        {
            var file = JournalFolder.SegmentFile(slot);
            if (!files.Add(file)) continue;
            if (!TryMakeFree(file)) return;
        }
    }

    private bool TryMakeFree(string file)
    {
        try
        {
            var made = FreeSegment.Create(_folder, file, _options.SegmentBytes);
            lock (_gate) _free.Enqueue(made);
            return true;
        }
        catch (IOException fault)
        {
            LogShort(_options.CapacityBytes, FreeBytes, fault.Message);
            return false;
        }
    }
}
