namespace EligibilityGateway.Gateway.Storage;

/// <summary>Waits that end.</summary>
internal static class Patience
{
    /// <summary>
    /// Whether the task ended within the time, well or not; it is not awaited for its result. On a process that was short of processor
    /// time a timer and an answer may have been due together: what arrived in time stands before the timer in the pool's queue or right
    /// behind it, so one more turn of the queue is waited for before the answer counts as late.
    /// </summary>
    public static async ValueTask<bool> EndsWithinAsync(this Task task, TimeSpan within)
    {
        if (task.IsCompleted) return true;
        await task.WaitAsync(within).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (task.IsCompleted) return true;
        await Task.Yield();
        return task.IsCompleted;
    }

    /// <summary>Nobody waits for it any more; how it ends is looked at, so that a failure is no unobserved one.</summary>
    public static void Leave(this Task task) => _ = task.ContinueWith(
        static left => _ = left.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
