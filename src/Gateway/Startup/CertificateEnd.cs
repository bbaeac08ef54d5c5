using System.Globalization;
using System.Security.Cryptography.X509Certificates;

namespace EligibilityGateway.Gateway.Startup;

/// <summary>When certificates end, told while there is time to get new ones.</summary>
internal static class CertificateEnd
{
    /// <summary>An authority takes days, and somebody is on holiday.</summary>
    public static readonly TimeSpan Beforehand = TimeSpan.FromDays(30);

    /// <summary>What the operator should know; null where the end is far.</summary>
    /// <param name="setting">The setting that leads to the certificate.</param>
    /// <param name="certificate">It.</param>
    /// <param name="now">The present.</param>
    public static string? Warning(string setting, X509Certificate2 certificate, DateTimeOffset now)
    {
        DateTimeOffset end = certificate.NotAfter.ToUniversalTime();
        return end <= now ? $"The certificate {certificate.Subject} of \"{setting}\" ended on {DayOf(certificate)}: what it vouches for counts no more. Put a new one there, or take it out."
            : end - now < Beforehand ? $"The certificate {certificate.Subject} of \"{setting}\" ends on {DayOf(certificate)}: put a new one there before, and restart."
            : null;
    }

    public static string DayOf(X509Certificate2 certificate) => certificate.NotAfter.ToUniversalTime().ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
}
