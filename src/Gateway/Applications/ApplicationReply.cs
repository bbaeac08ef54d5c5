using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Calls;

namespace EligibilityGateway.Gateway.Applications;

/// <summary>What a question for an application comes to. A closed set.</summary>
public abstract record ApplicationReply
{
    private ApplicationReply()
    {
    }

    /// <summary>Answered or refused, and recorded.</summary>
    public sealed record Recorded(ApplicationResult Result) : ApplicationReply;

    /// <summary>The message can't be what it should be; <paramref name="Explanation"/> where another kind of number was typed.</summary>
    public sealed record Malformed(IReadOnlyList<FormFault> Faults, Text? Explanation) : ApplicationReply;

    /// <summary>Not now; nothing was recorded.</summary>
    public sealed record Busy(TimeSpan RetryAfter) : ApplicationReply;

    /// <summary>The terminal may no longer ask.</summary>
    public sealed record ShutOut : ApplicationReply;
}
