namespace EligibilityGateway.ReaderAgent.Link;

/// <summary>How the link stands, for staff and for tests.</summary>
/// <param name="State">Where the stream stands.</param>
/// <param name="Gateway">The gateway of the open stream, or the one being tried.</param>
/// <param name="Waiting">Events without an answer.</param>
/// <param name="ClockOff">The gateway's clock minus this machine's, at the last welcome.</param>
internal sealed record LinkStatus(LinkState State, Uri Gateway, int Waiting, TimeSpan ClockOff);
