using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Dapper;
using EligibilityGateway.Contracts;
using Npgsql;

namespace EligibilityGateway.Gateway.Operation;

/// <summary>The operator's writes: which terminals are let in.</summary>
/// <param name="store">Connects as eg_operator.</param>
public sealed class TerminalRegister(NpgsqlDataSource store)
{
    private const int CommandSeconds = 30;

    /// <summary>The store's id of the terminal with this client certificate: the first 16 bytes of its SHA-256.</summary>
    public static Guid IdOf(X509Certificate2 certificate) => new(SHA256.HashData(certificate.RawDataMemory.Span).AsSpan(0, 16), bigEndian: true);

    /// <summary>Lets the terminal in. One that was revoked stays out: it needs a certificate of a new key.</summary>
    /// <exception cref="ArgumentException">The certificate names no terminal.</exception>
    public async Task RegisterAsync(X509Certificate2 certificate, CancellationToken cancellation)
    {
        var identity = TerminalIdentity.FromCertificate(certificate)
            ?? throw new ArgumentException("The certificate names no terminal.", nameof(certificate));
        await using var connection = await store.OpenConnectionAsync(cancellation);
        await connection.ExecuteAsync(new CommandDefinition(
            "SELECT register_terminal(@id, @institution, @role, @name)",
            new { id = IdOf(certificate), institution = identity.Institution.ToString(), role = (short)identity.Role, name = identity.Name },
            commandTimeout: CommandSeconds,
            cancellationToken: cancellation));
    }

    /// <summary>Shuts the terminal out for good; gateways hear of it at once. False where it is unknown or was revoked before.</summary>
    public async Task<bool> RevokeAsync(Guid terminalId, DateTimeOffset at, CancellationToken cancellation)
    {
        await using var connection = await store.OpenConnectionAsync(cancellation);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "SELECT revoke_terminal(@terminalId, @at)",
            new { terminalId, at = at.ToUniversalTime() },
            commandTimeout: CommandSeconds,
            cancellationToken: cancellation));
    }
}
