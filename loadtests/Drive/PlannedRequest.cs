namespace EligibilityGateway.LoadTests.Drive;

/// <summary>
/// One request to come, ready to be sent: all that an engine must know of a scenario. A scenario is a list of these in the order of
/// their intended starts.
/// </summary>
/// <param name="At">Intended start, from the start of the run.</param>
/// <param name="Terminal">Index of the stream to send it on.</param>
/// <param name="EventId">Comes back in the answer.</param>
/// <param name="Message">A serialised TerminalMessage.</param>
/// <param name="Measured">False while the run warms up.</param>
public readonly record struct PlannedRequest(TimeSpan At, int Terminal, string EventId, byte[] Message, bool Measured);
