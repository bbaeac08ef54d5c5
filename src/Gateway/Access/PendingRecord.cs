namespace EligibilityGateway.Gateway.Access;

/// <summary>An entry that waits to be written, and whoever waits for it.</summary>
internal sealed class PendingRecord(Entry entry)
{
    // Continuations run elsewhere: the writer must not carry out the answers of its group.
    private readonly TaskCompletionSource<RecordOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Entry Entry { get; } = entry;

    public Task<RecordOutcome> Outcome => _outcome.Task;

    public void Complete(RecordOutcome outcome) => _outcome.TrySetResult(outcome);
}
