using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Remedies;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Status = Google.Rpc.Status;

namespace EligibilityGateway.Gateway.Readers;

/// <summary>google.rpc.Status with the details that a client can act on. Never holds anything that was sent.</summary>
internal static class RichStatus
{
    public static Status BadRequest(IReadOnlyList<FormFault> faults)
    {
        var details = new BadRequest();
        foreach (var fault in faults)
            details.FieldViolations.Add(new BadRequest.Types.FieldViolation { Field = fault.Field, Description = fault.Description });
        return new Status
        {
            Code = (int)Code.InvalidArgument,
            Message = "The message can't be what it should be; see the field violations.",
            Details = { Any.Pack(details) },
        };
    }

    public static Status Busy(TimeSpan retryAfter) => new()
    {
        Code = (int)Code.ResourceExhausted,
        Message = "Not now; nothing was recorded. Send the same event again after the delay.",
        Details = { Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(retryAfter) }) },
    };

    /// <summary>The terminal was revoked; with the remedy, for the screen.</summary>
    public static Status Revoked() => new()
    {
        Code = (int)Code.Unauthenticated,
        Message = "This terminal was revoked; it needs a new certificate from the operator.",
        Details = { Any.Pack(RemedyCatalogue.For(Reason.TerminalRevoked)) },
    };

    public static Status ShutOut() => new() { Code = (int)Code.Unauthenticated, Message = "This terminal may no longer ask." };

    /// <summary>The gateway stops; another one serves.</summary>
    public static Status GoingAway() => new() { Code = (int)Code.Unavailable, Message = "This gateway is going away; connect to another." };
}
