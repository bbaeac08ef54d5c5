using System.Diagnostics.CodeAnalysis;

namespace EligibilityGateway.Gateway.Access.Journal;

/// <summary>Entries of one lane that wait for the disk, bounded by their bytes.</summary>
internal sealed class WaitingLane
{
    /// <summary>Some 5,000 entries of the usual size: several seconds of one gateway's peak, so whoever is refused would wait too long anyway.</summary>
    private const int MostBytes = 8 << 20;

    private readonly Queue<WaitingEntry> _entries = new();
    private int _bytes;

    public bool IsEmpty => _entries.Count == 0;

    public bool TryEnqueue(WaitingEntry entry)
    {
        if (_bytes + entry.Length > MostBytes) return false;
        _entries.Enqueue(entry);
        _bytes += entry.Length;
        return true;
    }

    public bool TryPeek([NotNullWhen(true)] out WaitingEntry? entry) => _entries.TryPeek(out entry);

    public WaitingEntry Dequeue()
    {
        var entry = _entries.Dequeue();
        _bytes -= entry.Length;
        return entry;
    }
}
