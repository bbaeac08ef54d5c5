namespace EligibilityGateway.Gateway.Access.Journal;

/// <summary>An entry on its way to the disk, and who waits for it.</summary>
internal sealed class WaitingEntry(byte[] content, bool isEmergency, CancellationToken cancellation)
{
    /// <summary>Continuations run elsewhere: the writer's thread goes on to the next group.</summary>
    private readonly TaskCompletionSource<AppendOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public byte[] Content => content;

    public bool IsEmergency => isEmergency;

    public int Length => content.Length + JournalFormat.EntryOverheadBytes;

    public bool IsWithdrawn => cancellation.IsCancellationRequested;

    public ValueTask<AppendOutcome> OutcomeAsync() => new(_outcome.Task.WaitAsync(cancellation));

    public void Complete(AppendOutcome outcome) => _outcome.SetResult(outcome);
}
