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

    public static Status ShutOut() => new() { Code = (int)Code.Unauthenticated, Message = "This terminal may no longer ask." };
}
