namespace EligibilityGateway.Demo.Embedded;

/// <summary>PostgreSQL did not start. The message is the first fault in its log.</summary>
internal sealed class PostmasterRefusedException(string fault) : Exception(fault)
{
    /// <summary>Another program was quicker with the port.</summary>
    public bool PortTaken => Message.Contains("could not create any TCP/IP sockets", StringComparison.Ordinal)
        || Message.Contains("could not bind", StringComparison.Ordinal);

    /// <summary>Backends of a server that was killed are still on their way out.</summary>
    public bool StrayBackends => Message.Contains("pre-existing shared memory block", StringComparison.Ordinal);
}
