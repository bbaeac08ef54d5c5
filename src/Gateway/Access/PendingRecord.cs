using EligibilityGateway.Contracts;

namespace EligibilityGateway.Gateway.Access;

/// <summary>An entry that waits to be written, and whoever waits for it.</summary>
/// <param name="entry">What is to be written.</param>
/// <param name="institution">Whose turn it takes.</param>
/// <param name="isEmergency">It goes before the others.</param>
internal sealed class PendingRecord(Entry entry, InstitutionCode institution, bool isEmergency)
{
    // Continuations run elsewhere: the writer must not carry out the answers of its group.
    private readonly TaskCompletionSource<RecordOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Entry Entry { get; } = entry;

    public InstitutionCode Institution { get; } = institution;

    public bool IsEmergency { get; } = isEmergency;

    /// <summary>Whoever waited has its outcome already, or waits no more: there is no use in writing it.</summary>
    public bool IsOver => _outcome.Task.IsCompleted;

    public Task<RecordOutcome> Outcome => _outcome.Task;

    /// <summary>The first outcome counts.</summary>
    public void Complete(RecordOutcome outcome) => _outcome.TrySetResult(outcome);
}
