using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using Dapper;
using EligibilityGateway.Contracts;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Gateway.Terminals;
using EligibilityGateway.Gateway.Terminals.Tls;
using Npgsql;

namespace EligibilityGateway.Gateway.Operator;

/// <summary>The operator's writes: which terminals are let in. <see cref="AdmittedTerminals"/> reads them.</summary>
/// <param name="store">Connects as eg_operator.</param>
public sealed class TerminalRegistration(NpgsqlDataSource store)
{
    private const int CommandSeconds = 30;

    private const string Columns = """
        terminal_id AS "Id", institution_code AS "Institution", role AS "Role", name AS "Name", certificate_ends AS "CertificateEnds", revoked_at AS "RevokedAt"
        """;

    /// <summary>Lets the terminal in. Null where it is; one that was revoked stays out, since when is returned: it needs a certificate of a new key.</summary>
    /// <exception cref="ArgumentException">The certificate names no terminal.</exception>
    public async Task<DateTimeOffset?> RegisterAsync(X509Certificate2 certificate, CancellationToken cancellation)
    {
        var identity = TerminalIdentity.FromCertificate(certificate)
            ?? throw new ArgumentException("The certificate names no terminal.", nameof(certificate));
        await using var connection = await store.OpenPatientlyAsync(cancellation);
        return await connection.ExecuteScalarAsync<DateTime?>(new CommandDefinition(
            "SELECT register_terminal(@id, @institution, @role, @name, @ends)",
            new
            {
                id = AdmittedTerminals.IdOf(certificate),
                institution = identity.Institution.ToString(),
                role = (short)identity.Role,
                name = identity.Name,
                ends = CertificateWatch.EndOf(certificate),
            },
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

    /// <summary>Null where the register has no such terminal.</summary>
    public async Task<RegisteredTerminal?> FindAsync(Guid terminal, CancellationToken cancellation)
    {
        await using var connection = await store.OpenPatientlyAsync(cancellation);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            $"SELECT {Columns} FROM terminal WHERE terminal_id = @terminal", new { terminal }, commandTimeout: CommandSeconds, cancellationToken: cancellation));
        return row?.ToTerminal();
    }

    /// <summary>The terminals by institution and name, one after the other, however many there are.</summary>
    /// <param name="institution">Of this one alone; null for all.</param>
    /// <param name="endingBefore">Only those that may come in and whose certificate ends before; null for all.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async IAsyncEnumerable<RegisteredTerminal> ListAsync(string? institution, DateTimeOffset? endingBefore, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var connection = await store.OpenPatientlyAsync(cancellation);
        await using var rows = await connection.ExecuteReaderAsync(new CommandDefinition(
            $"""
            SELECT {Columns} FROM terminal
             WHERE (@institution IS NULL OR institution_code = @institution) AND (@endingBefore::timestamptz IS NULL OR (revoked_at IS NULL AND certificate_ends < @endingBefore))
             ORDER BY institution_code, name, terminal_id
            """,
            new { institution, endingBefore = endingBefore?.ToUniversalTime() },
            commandTimeout: CommandSeconds,
            cancellationToken: cancellation));
        var read = rows.GetRowParser<Row>();
        while (await rows.ReadAsync(cancellation)) yield return read(rows).ToTerminal();
    }

    private sealed record Row(Guid Id, string Institution, short Role, string Name, DateTime? CertificateEnds, DateTime? RevokedAt)
    {
        public RegisteredTerminal ToTerminal() => new(Id, Institution, (TerminalRole)Role, Name, CertificateEnds, RevokedAt);
    }
}
