using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using Dapper;
using EligibilityGateway.Contracts;
using EligibilityGateway.Gateway.Storage;
using Npgsql;

namespace EligibilityGateway.Gateway.Readers;

/// <summary>
/// Which terminals may come in: those whose certificate the terminal authorities issued, that the operator has registered and not
/// revoked. What was admitted is kept, so that terminals stay in while the store is away; an unknown one does not come in meanwhile.
/// </summary>
public sealed class AdmittedTerminals(NpgsqlDataSource store, StoreHealth health, GatewaySettings settings)
{
    private const string Query = """
        SELECT version AS "Version", institution_code AS "InstitutionCode", role AS "Role", name AS "Name", revoked_at IS NOT NULL AS "Revoked"
          FROM terminal WHERE terminal_id = @id
        """;

    private readonly ConcurrentDictionary<Guid, Terminal> _admitted = new();

    // A revocation is for good; there are never more of them than the operator wrote.
    private readonly ConcurrentDictionary<Guid, byte> _revoked = new();

    public static Guid IdOf(X509Certificate2 certificate) => ClientCertificate.IdOf(certificate);

    /// <summary>The terminal, or why it may not come in.</summary>
    public ValueTask<Admission> AdmitAsync(X509Certificate2 certificate, CancellationToken cancellation)
    {
        var id = IdOf(certificate);
        if (_admitted.TryGetValue(id, out var known)) return new ValueTask<Admission>(new Admission(known, AdmissionFault.None));
        return TerminalIdentity.FromCertificate(certificate) is { } identity
            ? ReadAsync(id, identity, cancellation)
            : new ValueTask<Admission>(new Admission(null, AdmissionFault.NamesNoTerminal));
    }

    /// <summary>The terminals that would come in without a look at the register.</summary>
    public ICollection<Guid> Admitted => _admitted.Keys;

    /// <summary>What the operator's entry says now, of a terminal that was admitted before.</summary>
    public ValueTask<Admission> LookAgainAsync(Terminal terminal, CancellationToken cancellation) => ReadAsync(terminal.Id, terminal.Identity, cancellation);

    /// <summary>The terminal was revoked: it does not come in again, not even by an entry that was read just before. False where that was known.</summary>
    public bool ShutOut(Guid id)
    {
        var isNews = _revoked.TryAdd(id, 0);
        _admitted.TryRemove(id, out _);
        return isNews;
    }

    private async ValueTask<Admission> ReadAsync(Guid id, TerminalIdentity identity, CancellationToken cancellation)
    {
        Row? row;
        try
        {
            await using var connection = await store.OpenConnectionAsync(cancellation).AsTask().WaitAsync(settings.StorePatience, cancellation);
            row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(Query, new { id }, cancellationToken: cancellation));
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            health.Away(e);
            return new Admission(null, AdmissionFault.StoreOutOfReach);
        }
        if (row is null || row.Revoked || row.InstitutionCode != identity.Institution.ToString() || row.Role != (short)identity.Role || row.Name != identity.Name)
        {
            _admitted.TryRemove(id, out _);
            return new Admission(null, row is { Revoked: true } ? AdmissionFault.Revoked : AdmissionFault.Unknown, row?.Version ?? 0);
        }
        var terminal = new Terminal(id, identity, row.Version);
        _admitted[id] = terminal;
        // Whoever shuts it out between the reading above and the line above finds it here, or is found.
        if (!_revoked.ContainsKey(id)) return new Admission(terminal, AdmissionFault.None, row.Version);
        _admitted.TryRemove(id, out _);
        return new Admission(null, AdmissionFault.Revoked, row.Version);
    }

    private sealed record Row(long Version, string InstitutionCode, short Role, string Name, bool Revoked);
}

/// <summary>A terminal that may come in, or why it may not.</summary>
/// <param name="Terminal">Null where it may not.</param>
/// <param name="Fault">Why it may not.</param>
/// <param name="Version">Version of the operator's entry, where that was read.</param>
public readonly record struct Admission(Terminal? Terminal, AdmissionFault Fault, long Version = 0);

public enum AdmissionFault
{
    None,
    NamesNoTerminal,
    Unknown,
    Revoked,
    StoreOutOfReach,
}
