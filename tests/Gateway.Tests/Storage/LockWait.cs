namespace EligibilityGateway.Gateway.Tests.Storage;

/// <summary>Waits for an interleaving to have come about, instead of hoping that it has.</summary>
internal static class LockWait
{
    /// <summary>Until some session of this database waits for a lock that another holds.</summary>
    public static async Task UntilSomebodyWaitsForALockAsync(this TestDatabase database)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (!await database.ReadAsync<bool>(
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')"))
        {
            limit.Token.ThrowIfCancellationRequested();
        }
    }
}
