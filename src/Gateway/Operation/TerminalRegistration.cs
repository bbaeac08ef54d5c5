using System.Security.Cryptography.X509Certificates;
using Dapper;
using EligibilityGateway.Contracts;
using EligibilityGateway.Gateway.Readers;
using EligibilityGateway.Gateway.Storage;
using Npgsql;

namespace EligibilityGateway.Gateway.Operation;

/// <summary>The operator's writes: which terminals are let in. <see cref="AdmittedTerminals"/> reads them.</summary>
/// <param name="store">Connects as eg_operator.</param>
public sealed class TerminalRegistration(NpgsqlDataSource store)
{
    private const int CommandSeconds = 30;

    /// <summary>Lets the terminal in. One that was revoked stays out: it needs a certificate of a new key.</summary>
    /// <exception cref="ArgumentException">The certificate names no terminal.</exception>
    public async Task RegisterAsync(X509Certificate2 certificate, CancellationToken cancellation)
    {
        var identity = TerminalIdentity.FromCertificate(certificate)
            ?? throw new ArgumentException("The certificate names no terminal.", nameof(certificate));
        await using var connection = await store.OpenPatientlyAsync(cancellation);
        await connection.ExecuteAsync(new CommandDefinition(
            "SELECT register_terminal(@id, @institution, @role, @name)",
            new { id = AdmittedTerminals.IdOf(certificate), institution = identity.Institution.ToString(), role = (short)identity.Role, name = identity.Name },
            commandTimeout: CommandSeconds,
            cancellationToken: cancellation));
    }

    /// <summary>Shuts the terminal out for good; gateways hear of it at once. False where it is unknown or was revoked before.</summary>
    public async Task<bool> RevokeAsync(Guid terminalId, DateTimeOffset at, CancellationToken cancellation)
    {
        await using var connection = await store.OpenPatientlyAsync(cancellation);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "SELECT revoke_terminal(@terminalId, @at)",
            new { terminalId, at = at.ToUniversalTime() },
            commandTimeout: CommandSeconds,
            cancellationToken: cancellation));
    }
}
