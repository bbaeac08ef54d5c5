using System.Security.Cryptography.X509Certificates;
using Dapper;
using EligibilityGateway.Contracts;
using EligibilityGateway.Gateway.Storage;
using Npgsql;

namespace EligibilityGateway.Gateway.Operator;

/// <summary>The operator's writes: which insurers' clients are let in.</summary>
/// <param name="store">Connects as eg_operator.</param>
public sealed class InsurerRegistration(NpgsqlDataSource store)
{
    private const int CommandSeconds = 30;

    /// <summary>
    /// Lets the client in, for the insurers that its certificate names. Null where it is; one that was revoked stays out, since when is
    /// returned: it needs a certificate of a new key.
    /// </summary>
    /// <exception cref="ArgumentException">The certificate names no insurer.</exception>
    public async Task<DateTimeOffset?> AdmitAsync(X509Certificate2 certificate, CancellationToken cancellation)
    {
        string[] insurers = [.. InsurerIdentity.FromCertificate(certificate).Select(number => number.ToString())];
        if (insurers.Length == 0) throw new ArgumentException("The certificate names no insurer.", nameof(certificate));
        await using var connection = await store.OpenPatientlyAsync(cancellation);
        return await connection.ExecuteScalarAsync<DateTime?>(new CommandDefinition(
            "SELECT admit_insurer_client(@id, @insurers)", new { id = ClientCertificate.IdOf(certificate), insurers }, commandTimeout: CommandSeconds, cancellationToken: cancellation));
    }

    /// <summary>Shuts the client out for good. False where it is unknown or was revoked before.</summary>
    public async Task<bool> RevokeAsync(Guid client, DateTimeOffset at, CancellationToken cancellation)
    {
        await using var connection = await store.OpenPatientlyAsync(cancellation);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "SELECT revoke_insurer_client(@client, @at)", new { client, at = at.ToUniversalTime() }, commandTimeout: CommandSeconds, cancellationToken: cancellation));
    }
}
