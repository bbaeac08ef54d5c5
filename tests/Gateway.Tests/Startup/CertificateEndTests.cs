using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EligibilityGateway.Gateway.Startup;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace EligibilityGateway.Gateway.Tests.Startup;

public sealed class CertificateEndTests
{
    private static readonly DateTimeOffset End = new(2026, 10, 31, 12, 0, 0, TimeSpan.Zero);

    private static readonly X509Certificate2 Certificate = Issue();

    [Theory]
    [InlineData(30, 0, null)]
    [InlineData(29, 23, "ends on 2026-10-31 12:00Z")]
    [InlineData(0, 1, "ends on 2026-10-31 12:00Z")]
    [InlineData(0, 0, "ended on 2026-10-31 12:00Z")]
    [InlineData(-5, 0, "ended on 2026-10-31 12:00Z")]
    public void The_end_is_told_from_thirty_days_before_on(int days, int hours, string? said)
    {
        var warning = CertificateEnd.Warning("certificate", Certificate, End - new TimeSpan(days, hours, 0, 0));
        if (said is null) Assert.Null(warning);
        else Assert.Contains(said, warning, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gateway_that_runs_on_is_reminded()
    {
        var clock = new FakeTimeProvider(End - TimeSpan.FromDays(31));
        var log = new RememberedLog();
        using var reminder = new CertificateReminder([("certificate", Certificate)], clock, log);
        reminder.Remind();
        Assert.Empty(log.Lines);
        clock.Advance(TimeSpan.FromDays(2));
        reminder.Remind();
        Assert.Contains("ends on 2026-10-31", Assert.Single(log.Lines), StringComparison.Ordinal);
    }

    private static X509Certificate2 Issue()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest("CN=gateway", key, HashAlgorithmName.SHA256).CreateSelfSigned(End.AddYears(-1), End);
    }

    private sealed class RememberedLog : ILogger<CertificateReminder>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, Microsoft.Extensions.Logging.EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add(formatter(state, exception));
    }
}
