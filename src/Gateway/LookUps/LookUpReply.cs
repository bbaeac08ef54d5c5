using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Calls;

namespace EligibilityGateway.Gateway.LookUps;

/// <summary>What a look-up comes to. A closed set.</summary>
public abstract record LookUpReply
{
    private LookUpReply()
    {
    }

    /// <summary>Answered or refused, and recorded.</summary>
    public sealed record Recorded(LookUpResult Result) : LookUpReply;

    /// <summary>The message can't be what it should be; nobody was looked for.</summary>
    public sealed record Malformed(IReadOnlyList<FormFault> Faults) : LookUpReply;

    /// <summary>Not now; nothing was recorded.</summary>
    public sealed record Busy(TimeSpan RetryAfter) : LookUpReply;

    /// <summary>The terminal may no longer ask.</summary>
    public sealed record ShutOut : LookUpReply;
}
