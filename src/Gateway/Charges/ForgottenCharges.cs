using EligibilityGateway.Gateway.Storage;

namespace EligibilityGateway.Gateway.Charges;

/// <summary>Forgets charges that have ended: they say where somebody was treated. What can't be forgotten now is tried again in an hour.</summary>
public sealed partial class ForgottenCharges(ChargeLedger ledger, ILogger<ForgottenCharges> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await ledger.ForgetAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException && e is not OutOfMemoryException)
            {
                LogLater(logger, StoreFaults.KindOf(e));
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Charges that have ended could not be forgotten now ({Kind}); tried again in an hour.")]
    private static partial void LogLater(ILogger logger, string kind);
}
