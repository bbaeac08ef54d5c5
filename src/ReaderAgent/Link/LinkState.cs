namespace EligibilityGateway.ReaderAgent.Link;

internal enum LinkState
{
    Connecting,
    Open,
    Draining,
    Closed,
}
