using EligibilityGateway.Contracts.V1;

namespace EligibilityGateway.LoadTests.Drive;

public enum OutcomeKind : byte
{
    /// <summary>Nothing came back: the default, so that a request that was forgotten counts as an error.</summary>
    Unanswered,
    Answered,
    Refused,

    /// <summary>Shed with a retry delay. It is not sent again: an open loop measures what was offered.</summary>
    Busy,

    /// <summary>The gateway could not read it or would not have it asked.</summary>
    Problem,
}

/// <summary>What became of one request.</summary>
/// <param name="Kind">Answered, refused, shed, wrong or nothing.</param>
/// <param name="Latency">From the intended start until the answer was read.</param>
/// <param name="Reason">Why not a plain yes.</param>
/// <param name="Validity">Of an answer.</param>
/// <param name="Proved">Proved against the store while it was recorded.</param>
public readonly record struct RequestOutcome(OutcomeKind Kind, TimeSpan Latency, Reason Reason, Validity Validity, bool Proved)
{
    /// <summary>A request that goes out later than this was not offered when it was meant to be.</summary>
    public static readonly TimeSpan Late = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// From the intended start until the request was handed to its connection: how late the generator itself was, because it had no
    /// processor or because the stream's window was full. Null where it never was.
    /// </summary>
    public TimeSpan? WrittenAfter { get; init; }

    /// <summary>From when the request was handed to its connection until the answer was read.</summary>
    public TimeSpan SinceWritten => Latency - (WrittenAfter ?? TimeSpan.Zero);

    /// <summary>Where the gateway had the finding, as its record says; unspecified before that is read, and where nothing was looked for.</summary>
    public Source Source { get; init; }

    /// <summary>The stream's window was full at its time.</summary>
    public bool HeldBack { get; init; }

    /// <summary>Also true where it never went out.</summary>
    public bool IsLate => WrittenAfter is not { } after || after > Late;

    /// <summary>Answered without a yes or no, since it could not be proved.</summary>
    public bool IsUnconfirmed => Kind is OutcomeKind.Answered && Validity is Validity.Unconfirmed;

    public bool IsProvedAnswer => Kind is OutcomeKind.Answered && Proved;
}
