using EligibilityGateway.Contracts;
using EligibilityGateway.Gateway.Feeds.Insurers.Batches;
using Grpc.Core;

namespace EligibilityGateway.Gateway.Feeds.Insurers.Deliveries;

/// <summary>Why a call ends without a receipt, and what to do. None quotes what was sent but for insurer numbers.</summary>
internal static class Refusals
{
    public static RpcException NamesNoInsurer() => Of(StatusCode.PermissionDenied, "The client certificate names no insurer.");

    public static RpcException NotAdmitted() => Of(StatusCode.PermissionDenied, "The operator has not admitted this client.");

    public static RpcException Revoked() => Of(StatusCode.PermissionDenied, "This client was revoked; it needs a new certificate from the operator.");

    public static RpcException CertificateEnded() => Of(StatusCode.PermissionDenied, "This client's certificate has ended; it needs a new one from the operator.");

    public static RpcException NotItsInsurer(InsurerNumber number) => Of(StatusCode.PermissionDenied, $"The client certificate does not name the insurer {number}.");

    public static RpcException HeaderFirst() => Of(StatusCode.InvalidArgument, "The first message must be the header, and no other may be one.");

    public static RpcException NoSuchHeader(string fault) => Of(StatusCode.InvalidArgument, fault);

    public static RpcException PieceTooLong() => Of(StatusCode.InvalidArgument, $"A piece of content is longer than {DeliveryBounds.MostPieceBytes} bytes: send smaller ones.");

    public static RpcException TooLarge(int megabytes) => Of(StatusCode.InvalidArgument, $"The content is larger than {megabytes} MiB: hand in its rows as several deliveries.");

    public static RpcException HashDiffers() => Of(StatusCode.InvalidArgument, "The content does not fit the header's sha256: send the delivery again.");

    public static RpcException AnotherContent() => Of(StatusCode.AlreadyExists, "Another content was accepted under this delivery_id: give each delivery an id of its own.");

    public static RpcException UnderWay(InsurerNumber number) =>
        Of(StatusCode.ResourceExhausted, $"A delivery of the insurer {number} is under way: send this one when it has ended.");

    public static RpcException TooMany() => Of(StatusCode.ResourceExhausted, "Too many deliveries are under way: send this one again later.");

    public static RpcException NoRoom() => Of(StatusCode.ResourceExhausted, "The gateway has no room for it now: nothing was kept. Send the delivery again later.");

    public static RpcException TooSlow() => Of(StatusCode.DeadlineExceeded, "No piece came for a minute: nothing was kept. Send the delivery again.");

    public static RpcException Busy() => Of(StatusCode.Aborted, "Another import was at work for too long: nothing was kept. Send the delivery again later.");

    public static RpcException Blocked(FeedBatch by) =>
        Of(StatusCode.FailedPrecondition, $"Batch {by.Id} of one of these insurers is accepted and held, {by.Refusal}: nothing of this delivery was kept. Ask the operator to mend it, then send it again.");

    public static RpcException NotFound() => Of(StatusCode.NotFound, "No delivery was accepted under this id.");

    public static RpcException StoreAway() => Of(StatusCode.Unavailable, "The store is out of reach. Send the same again in a moment: what was accepted is not taken twice.");

    private static RpcException Of(StatusCode code, string detail) => new(new Status(code, detail));
}
