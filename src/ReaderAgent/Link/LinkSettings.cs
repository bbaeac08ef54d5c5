namespace EligibilityGateway.ReaderAgent.Link;

/// <summary>How patiently the agent talks to its gateways. The defaults suit a desk; tests shorten them.</summary>
internal sealed record LinkSettings
{
    /// <summary>Tried in turn; at least one.</summary>
    public required IReadOnlyList<Uri> Gateways { get; init; }

    /// <summary>Until the transport stands.</summary>
    public TimeSpan ConnectDeadline { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>From the call until the welcome.</summary>
    public TimeSpan WelcomeDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A look-up not answered for so long is sent again; on a stream that was silent all the while, elsewhere.</summary>
    public TimeSpan LookUpDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a tap with a PIN waits for something to sign.</summary>
    public TimeSpan ChallengeDeadline { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest wait for those under way before a draining stream is left; the gateway may ask for less.</summary>
    public TimeSpan DrainDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A message that the transport does not take for so long means that the link is dead.</summary>
    public TimeSpan WriteDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest delay that a busy gateway may ask for.</summary>
    public TimeSpan LongestBusy { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a gateway keeps answers for a resend; an older event is never sent: "tap again".</summary>
    public TimeSpan ResendWindow { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Upper bound of the first wait between rounds of attempts; it doubles with each fruitless round.</summary>
    public TimeSpan FirstReconnectDelay { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Upper bound of all waits between rounds: an outage of an hour must not cost a minute more.</summary>
    public TimeSpan LongestReconnectDelay { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>A stream that lived so long, or answered anything, was worth it: the next round starts from the first delay.</summary>
    public TimeSpan WorthwhileAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Events waiting at once, on disk and in memory.</summary>
    public int MostWaiting { get; init; } = 1000;
}
