using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Access;

namespace EligibilityGateway.Gateway.LookUps;

/// <summary>Whether an event is of now, by the time that its id carries. Terminals are told the gateway's time, and make their ids by it.</summary>
internal static class EventTime
{
    /// <summary>By how much an event may be ahead.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    /// <summary>Why an event that was not answered before is not answered now; <see cref="Reason.Unspecified"/> where it may be.</summary>
    public static Reason FaultOf(EventId eventId, DateTimeOffset now)
    {
        var age = now - eventId.Time;
        if (age > AccessLog.ResendWindow) return Reason.TooOld;
        return age < -Skew ? Reason.ClockAhead : Reason.Unspecified;
    }
}
