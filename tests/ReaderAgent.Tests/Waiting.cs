namespace EligibilityGateway.ReaderAgent.Tests;

/// <summary>A wait for what must come: far longer than it takes, so that a missing event fails the test instead of hanging it.</summary>
internal static class Waiting
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public static Task<T> Soon<T>(this Task<T> task) => task.WaitAsync(Deadline);

    public static Task Soon(this Task task) => task.WaitAsync(Deadline);

    public static Task<T> Soon<T>(this ValueTask<T> task) => task.AsTask().WaitAsync(Deadline);
}
