using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Rules.Remedies;
using Google.Protobuf.WellKnownTypes;

namespace EligibilityGateway.Gateway.LookUps;

/// <summary>Puts a refusal into the public message.</summary>
internal static class RefusalWriter
{
    public static Refusal Write(EventId eventId, Reason reason, DateTimeOffset asOf, DateOnly today, Audience audience, Freshness freshness)
    {
        var refusal = new Refusal { EventId = eventId.ToString(), Remedy = RemedyCatalogue.For(reason, today, audience), Freshness = freshness };
        if (reason != Reason.ClockAhead) return refusal;
        var ahead = eventId.Time - asOf;
        refusal.Remedy = RemedyCatalogue.ClockAhead(ahead, today, audience);
        refusal.ClockAhead = Duration.FromTimeSpan(ahead);
        return refusal;
    }
}
