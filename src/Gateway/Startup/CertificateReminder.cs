using System.Security.Cryptography.X509Certificates;

namespace EligibilityGateway.Gateway.Startup;

/// <summary>
/// Repeats day by day that a certificate ends soon: a gateway runs for months, and what was said at its start is long forgotten. What is
/// so at the start is told by the checks.
/// </summary>
/// <param name="certificates">Each with the setting that leads to it.</param>
/// <param name="clock">The machine's.</param>
/// <param name="logger">Takes the warnings.</param>
internal sealed partial class CertificateReminder(IReadOnlyList<(string Setting, X509Certificate2 Certificate)> certificates, TimeProvider clock, ILogger<CertificateReminder> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromDays(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken)) Remind();
    }

    /// <summary>Warns of those that end soon, now.</summary>
    internal void Remind()
    {
        foreach (var (setting, certificate) in certificates)
            if (CertificateEnd.Warning(setting, certificate, clock.GetUtcNow()) is { } warning) LogEnd(logger, warning);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Warning}")]
    private static partial void LogEnd(ILogger logger, string warning);
}
