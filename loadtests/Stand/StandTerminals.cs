using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using EligibilityGateway.Contracts;
using EligibilityGateway.Gateway.Operator;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.LoadTests.Drive;

namespace EligibilityGateway.LoadTests.Stand;

/// <summary>Terminals that a stand's gateway lets in; their certificates are kept, so that a second run registers none anew.</summary>
public static class StandTerminals
{
    public static async Task<TerminalCredentials[]> EnsureAsync(TestStand stand, IReadOnlyList<TerminalIdentity> identities, CancellationToken cancellation)
    {
        var server = X509CertificateLoader.LoadCertificateFromFile(stand.Settings.Certificate);
        await using var store = stand.Connect(StoreRole.Operator);
        var register = new TerminalRegistration(store);
        var terminals = new TerminalCredentials[identities.Count];
        for (var i = 0; i < terminals.Length; i++)
        {
            var identity = identities[i];
            var name = string.Create(CultureInfo.InvariantCulture, $"load-{identity.Institution}");
            var (certificate, key) = stand.Pki.Terminals.TerminalFiles(name, identity);
            var client = X509Certificate2.CreateFromPemFile(certificate, key);
            await register.RegisterAsync(client, cancellation);
            terminals[i] = new TerminalCredentials(client, server);
        }
        return terminals;
    }
}
