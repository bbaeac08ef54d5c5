namespace EligibilityGateway.ReaderAgent.Link;

/// <summary>What an event without an answer waits for.</summary>
internal enum WaitingState
{
    /// <summary>No stream is open, or the one that is open drains.</summary>
    ForStream,

    /// <summary>It was sent on the open stream.</summary>
    ForAnswer,

    /// <summary>The gateway was busy and named a delay.</summary>
    ForBusyGateway,
}
