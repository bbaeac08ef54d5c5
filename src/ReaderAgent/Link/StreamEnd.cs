using Grpc.Core;

namespace EligibilityGateway.ReaderAgent.Link;

/// <summary>How a stream ended.</summary>
/// <param name="Worthwhile">It answered something or lived long.</param>
/// <param name="Drained">The gateway asked to go elsewhere.</param>
/// <param name="Status">What the call ended with.</param>
/// <param name="Said">What the gateway said of it, with details such as a remedy; null where it said nothing more.</param>
internal readonly record struct StreamEnd(bool Worthwhile, bool Drained, StatusCode Status, Google.Rpc.Status? Said)
{
    /// <summary>The gateway does not let this terminal in: unknown, revoked, or its certificate names nobody.</summary>
    public bool Denied => Status is StatusCode.Unauthenticated or StatusCode.PermissionDenied;
}
