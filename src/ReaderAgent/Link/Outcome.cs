using EligibilityGateway.Contracts.V1;

namespace EligibilityGateway.ReaderAgent.Link;

/// <summary>How an event ended.</summary>
internal abstract record Outcome
{
    private Outcome()
    {
    }

    public sealed record Answered(Answer Answer) : Outcome;

    public sealed record Refused(Refusal Refusal) : Outcome;

    /// <summary>The event can't be read or may not be asked; or no gateway lets this terminal in.</summary>
    public sealed record Unaskable(Problem Problem) : Outcome;

    /// <summary>Not answered within the resend window: it is never sent late, and the person is asked to tap again.</summary>
    public sealed record TooOld : Outcome;

    /// <summary>As many wait as may wait.</summary>
    public sealed record SpoolFull : Outcome;
}
