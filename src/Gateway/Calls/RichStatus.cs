using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Rules.Remedies;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Status = Google.Rpc.Status;

namespace EligibilityGateway.Gateway.Calls;

/// <summary>google.rpc.Status with the details that a client can act on. Never holds anything that was sent.</summary>
internal static class RichStatus
{
    public static Status BadRequest(IReadOnlyList<FormFault> faults) => new()
    {
        Code = (int)Code.InvalidArgument,
        Message = "The message can't be what it should be; see the field violations.",
        Details = { Any.Pack(Violations(faults)) },
    };

    public static BadRequest Violations(IReadOnlyList<FormFault> faults)
    {
        var violations = new BadRequest();
        foreach (var fault in faults)
            violations.FieldViolations.Add(new BadRequest.Types.FieldViolation { Field = fault.Field, Description = fault.Description });
        return violations;
    }

    /// <summary>The same, explained to people in both languages.</summary>
    public static Status BadRequest(IReadOnlyList<FormFault> faults, Text explanation)
    {
        var status = BadRequest(faults);
        status.Details.Add(Any.Pack(new LocalizedMessage { Locale = "ja", Message = explanation.Ja }));
        status.Details.Add(Any.Pack(new LocalizedMessage { Locale = "en", Message = explanation.En }));
        return status;
    }

    public static Status Busy(TimeSpan retryAfter) => new()
    {
        Code = (int)Code.ResourceExhausted,
        Message = "Not now. Send the same event again after the delay: what was recorded of it meanwhile is answered then.",
        Details = { Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(retryAfter) }) },
    };

    /// <summary>A terminal needs one stream.</summary>
    public static Status TooManyStreams(TimeSpan retryAfter) => new()
    {
        Code = (int)Code.ResourceExhausted,
        Message = "This terminal has too many streams open already. Close those that it does not need, or connect again after the delay.",
        Details = { Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(retryAfter) }) },
    };

    /// <summary>The terminal was revoked; with the remedy, for the screen of a terminal of that role.</summary>
    public static Status Revoked(TerminalRole role) => new()
    {
        Code = (int)Code.Unauthenticated,
        Message = "This terminal was revoked; it needs a new certificate from the operator.",
        Details = { Any.Pack(RemedyCatalogue.For(Reason.TerminalRevoked, Audiences.Of(role))) },
    };

    public static Status CertificateEnded() => new() { Code = (int)Code.Unauthenticated, Message = "This terminal's certificate has ended; it needs a new one from the operator." };

    public static Status ShutOut() => new() { Code = (int)Code.Unauthenticated, Message = "This terminal may no longer ask." };

    public static Status NoChargesHere() => new() { Code = (int)Code.PermissionDenied, Message = "Nobody pays at a terminal of this role; report from a reception, pharmacy or emergency room." };

    public static Status NoSuchLookUp() => new()
    {
        Code = (int)Code.NotFound,
        Message = "This institution made no such look-up, or it found nobody; send the event id of the patient's look-up. One that was answered while the store was away is known once it is drained.",
    };

    public static Status ChargeDiffers() => new()
    {
        Code = (int)Code.AlreadyExists,
        Message = "This charge was reported with other content; nothing was changed. Take it back and report it under a new id.",
    };

    /// <summary>Nothing is known of what was sent; the same may be sent again.</summary>
    public static Status StoreOutOfReach(TimeSpan retryAfter) => new()
    {
        Code = (int)Code.Unavailable,
        Message = "The store is out of reach; send the same again after the delay.",
        Details = { Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(retryAfter) }) },
    };

    /// <summary>The gateway stops; another one serves.</summary>
    public static Status GoingAway() => new() { Code = (int)Code.Unavailable, Message = "This gateway is going away; connect to another." };
}
