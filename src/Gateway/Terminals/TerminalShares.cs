using System.Collections.Concurrent;

namespace EligibilityGateway.Gateway.Terminals;

/// <summary>What each terminal has under way, over all its connections and streams, so that none takes more than its share of the gateway.</summary>
/// <param name="most">How much one may have under way.</param>
public sealed class TerminalShares(int most)
{
    // As many entries as terminals that came.
    private readonly ConcurrentDictionary<Guid, Share> _shares = new();

    /// <summary>False where the terminal has too much under way already; whoever is told true calls <see cref="Leave"/> once it has ended.</summary>
    public bool TryEnter(Guid terminal)
    {
        var share = _shares.GetOrAdd(terminal, static _ => new Share());
        if (Interlocked.Increment(ref share.UnderWay) <= most) return true;
        Interlocked.Decrement(ref share.UnderWay);
        return false;
    }

    public void Leave(Guid terminal)
    {
        if (_shares.TryGetValue(terminal, out var share)) Interlocked.Decrement(ref share.UnderWay);
    }

    private sealed class Share
    {
        public int UnderWay;
    }
}
