using System.Collections.Concurrent;

namespace EligibilityGateway.Gateway.Terminals;

/// <summary>
/// Certificates that the operator has not registered, remembered for a moment: whoever knocks with one over and over asks the register
/// once a second and no more. One that is registered meanwhile comes in after that second.
/// </summary>
internal sealed class UnknownCertificates(TimeProvider clock)
{
    public static readonly TimeSpan Kept = TimeSpan.FromSeconds(1);

    /// <summary>With so many within a second the memory begins anew: it is there to spare the register, not to keep anybody out.</summary>
    public const int MostKept = 10_000;

    private readonly ConcurrentDictionary<Guid, long> _since = new();

    public int Count => _since.Count;

    public void Add(Guid certificate)
    {
        if (_since.Count >= MostKept) _since.Clear();
        _since[certificate] = clock.GetTimestamp();
    }

    public bool Contains(Guid certificate)
    {
        if (!_since.TryGetValue(certificate, out var since)) return false;
        if (clock.GetElapsedTime(since) < Kept) return true;
        _since.TryRemove(KeyValuePair.Create(certificate, since));
        return false;
    }
}
