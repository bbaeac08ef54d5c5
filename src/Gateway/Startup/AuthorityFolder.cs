using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EligibilityGateway.Common;

namespace EligibilityGateway.Gateway.Startup;

/// <summary>The authorities of an endpoint's client certificates: a folder of *.pem.</summary>
internal static class AuthorityFolder
{
    /// <param name="setting">The setting's name, for the error.</param>
    /// <param name="folder">Its value.</param>
    /// <param name="now">By the machine's clock, which TLS goes by.</param>
    /// <exception cref="SettingsException">No client could come in.</exception>
    public static X509Certificate2Collection Read(string setting, string folder, DateTimeOffset now)
    {
        var authorities = new X509Certificate2Collection();
        foreach (var file in FilesIn(setting, folder))
        {
            try
            {
                authorities.ImportFromPem(PemFile.Read(setting, file));
            }
            catch (CryptographicException)
            {
                throw new SettingsException($"The file {file} of \"{setting}\" holds a certificate that can't be read: copy it anew, or take it out.");
            }
        }
        if (authorities.Count == 0) throw new SettingsException($"The folder {folder} of \"{setting}\" holds no certificate in a *.pem file: put the authority's there.");
        if (authorities.All(authority => authority.Extensions.OfType<X509BasicConstraintsExtension>().Any(constraints => !constraints.CertificateAuthority)))
            throw new SettingsException($"The folder {folder} of \"{setting}\" holds no authority's certificate, but only others': put the certificate there of who issues them.");
        return authorities.Any(authority => authority.NotAfter.ToUniversalTime() > now)
            ? authorities
            : throw new SettingsException($"The authorities in {folder} of \"{setting}\" have all ended, the last one on {CertificateEnd.DayOf(authorities.MaxBy(a => a.NotAfter)!)}: put a certificate there that still holds.");
    }

    private static string[] FilesIn(string setting, string folder)
    {
        try
        {
            return [.. Directory.EnumerateFiles(folder, "*.pem").Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"The folder {folder} of \"{setting}\" can't be read: {e.Message}");
        }
    }
}
