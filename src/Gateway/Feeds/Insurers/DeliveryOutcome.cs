namespace EligibilityGateway.Gateway.Feeds.Insurers;

/// <summary>What became of a delivery.</summary>
public abstract record DeliveryOutcome
{
    private DeliveryOutcome()
    {
    }

    /// <summary>All of it is in. Zero new revisions: the store held it already.</summary>
    public sealed record Accepted(int NewRevisions) : DeliveryOutcome;

    /// <summary>None of it is in; the first entry at fault. <paramref name="Id"/> is the fact's number, 0 for an insurer.</summary>
    public sealed record Refused(DeliveryFault Fault, FactKind Kind, long Id) : DeliveryOutcome;
}
