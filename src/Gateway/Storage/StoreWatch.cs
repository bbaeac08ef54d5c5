namespace EligibilityGateway.Gateway.Storage;

/// <summary>
/// Ends an outage: five times a second it looks whether Postgres is back, whatever else goes on, under load and at rest. Nothing that can
/// hang itself stands before it.
/// </summary>
public sealed class StoreWatch(StoreHealth health) : BackgroundService
{
    /// <summary>Soon enough that an outage ends for the desk when it ends.</summary>
    private static readonly TimeSpan RetryEvery = TimeSpan.FromMilliseconds(200);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(RetryEvery);
        try
        {
            // The probe keeps a connection from now on: should it be found dead later, the others are. It never says here that Postgres is
            // away: a process that has just begun is slow itself.
            await health.TryBackAsync();
            while (await timer.WaitForNextTickAsync(stoppingToken))
                if (health is { IsAway: true, IsRefusing: false }) await health.TryBackAsync();
        }
        catch (OperationCanceledException)
        {
            // The gateway stops.
        }
    }
}
