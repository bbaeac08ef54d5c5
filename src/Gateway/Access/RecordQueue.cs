using System.Threading.Channels;
using EligibilityGateway.Contracts;

namespace EligibilityGateway.Gateway.Access;

/// <summary>
/// Records that wait to be written. Emergencies go first; of the others each institution gives one in turn, so that a flood of one
/// institution's waits behind itself and not in front of the rest.
/// </summary>
internal sealed class RecordQueue
{
    /// <summary>About two seconds' worth at the peak of one gateway; what comes on top is told to try again.</summary>
    public const int MostWaiting = 4096;

    /// <summary>Of one institution, an eighth of all.</summary>
    public const int MostOfOne = MostWaiting / 8;

    /// <summary>Institutions whose empty line is kept for their next record.</summary>
    private const int LinesKept = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<InstitutionCode, Queue<PendingRecord>> _lines = [];

    // Institutions with something waiting, in the order of their turns.
    private readonly Queue<InstitutionCode> _turns = new();
    private readonly Queue<PendingRecord> _emergencies = new();
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private int _count;
    private bool _isClosed;

    /// <summary>How many wait.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>False where too many wait, or too many of its institution, or nothing is written any more.</summary>
    public bool TryAdd(PendingRecord pending)
    {
        lock (_gate)
        {
            if (_isClosed || _count >= MostWaiting) return false;
            if (pending.IsEmergency) _emergencies.Enqueue(pending);
            else if (!TryAddToLine(pending)) return false;
            _count++;
        }
        _news.Writer.TryWrite(true);
        return true;
    }

    /// <summary>Returns when something waits.</summary>
    public async ValueTask WaitAsync(CancellationToken cancellation)
    {
        while (Count == 0) await _news.Reader.ReadAsync(cancellation);
    }

    /// <summary>Takes those whose turn it is.</summary>
    public List<PendingRecord> Take(int most)
    {
        lock (_gate)
        {
            var group = new List<PendingRecord>(Math.Min(most, _count));
            while (group.Count < most && _emergencies.TryDequeue(out var emergency)) group.Add(emergency);
            while (group.Count < most && _turns.TryDequeue(out var institution)) group.Add(TakeFromLine(institution));
            _count -= group.Count;
            return group;
        }
    }

    /// <summary>Takes nothing any more; gives what still waits.</summary>
    public List<PendingRecord> Close()
    {
        lock (_gate) _isClosed = true;
        return Take(MostWaiting);
    }

    private bool TryAddToLine(PendingRecord pending)
    {
        if (!_lines.TryGetValue(pending.Institution, out var line)) _lines.Add(pending.Institution, line = new Queue<PendingRecord>());
        else if (line.Count >= MostOfOne) return false;
        if (line.Count == 0) _turns.Enqueue(pending.Institution);
        line.Enqueue(pending);
        return true;
    }

    private PendingRecord TakeFromLine(InstitutionCode institution)
    {
        var line = _lines[institution];
        var taken = line.Dequeue();
        if (line.Count > 0) _turns.Enqueue(institution);
        else if (_lines.Count > LinesKept) _lines.Remove(institution);
        return taken;
    }
}
