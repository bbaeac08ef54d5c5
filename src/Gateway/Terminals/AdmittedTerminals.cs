using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using Dapper;
using EligibilityGateway.Contracts;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Gateway.Terminals.Tls;

namespace EligibilityGateway.Gateway.Terminals;

/// <summary>
/// Which terminals may come in: those whose certificate the terminal authorities issued, that the operator has registered and not
/// revoked. What was admitted is kept, so that terminals stay in while the store is away; an unknown one does not come in meanwhile.
/// </summary>
public sealed class AdmittedTerminals(StorePools pools, StoreWaits waits, TimeProvider clock)
{
    private const string Query = """
        SELECT version AS "Version", institution_code AS "InstitutionCode", role AS "Role", name AS "Name", revoked_at IS NOT NULL AS "Revoked",
               certificate_ends IS NULL AS "EndUnknown"
          FROM terminal WHERE terminal_id = @id
        """;

    private const string NoteEnd = "SELECT note_certificate_end(@id, @ends)";

    private readonly ConcurrentDictionary<Guid, Terminal> _admitted = new();

    // Only what the register has confirmed. A revocation is for good; there are never more of them than the operator wrote.
    private readonly ConcurrentDictionary<Guid, byte> _revoked = new();
    private readonly UnknownCertificates _unknown = new(clock);

    // Whoever asks while the register is being asked for the same certificate gets that answer.
    private readonly ConcurrentDictionary<Guid, Task<Admission>> _reading = new();

    public static Guid IdOf(X509Certificate2 certificate) => ClientCertificate.IdOf(certificate);

    /// <summary>The terminal, or why it may not come in.</summary>
    public ValueTask<Admission> AdmitAsync(X509Certificate2 certificate, CancellationToken cancellation)
    {
        var id = IdOf(certificate);
        if (_admitted.TryGetValue(id, out var known))
        {
            if (known.CertificateEnds is not { } end || !CertificateWatch.HasEnded(end)) return new ValueTask<Admission>(new Admission(known, AdmissionFault.None));
            _admitted.TryRemove(id, out _);
        }
        if (CertificateWatch.HasEnded(CertificateWatch.EndOf(certificate))) return new ValueTask<Admission>(new Admission(null, AdmissionFault.CertificateEnded));
        if (_revoked.ContainsKey(id)) return new ValueTask<Admission>(new Admission(null, AdmissionFault.Revoked));
        if (_unknown.Contains(id)) return new ValueTask<Admission>(new Admission(null, AdmissionFault.Unknown));
        return TerminalIdentity.FromCertificate(certificate) is { } identity
            ? ReadOnceAsync(id, identity, CertificateWatch.EndOf(certificate), cancellation)
            : new ValueTask<Admission>(new Admission(null, AdmissionFault.NamesNoTerminal));
    }

    /// <summary>The terminals that would come in without a look at the register.</summary>
    public ICollection<Guid> Admitted => _admitted.Keys;

    /// <summary>What the operator's entry says now, of a terminal that was admitted before.</summary>
    public Task<Admission> LookAgainAsync(Terminal terminal) => ReadAsync(terminal.Id, terminal.Identity, terminal.CertificateEnds);

    /// <summary>
    /// The register says that the terminal was revoked: it does not come in again, not even by an entry that was read just before. False
    /// where that was known.
    /// </summary>
    public bool ShutOut(Guid id)
    {
        var isNews = _revoked.TryAdd(id, 0);
        _admitted.TryRemove(id, out _);
        return isNews;
    }

    private async ValueTask<Admission> ReadOnceAsync(Guid id, TerminalIdentity identity, DateTimeOffset certificateEnds, CancellationToken cancellation)
    {
        var mine = new TaskCompletionSource<Admission>(TaskCreationOptions.RunContinuationsAsynchronously);
        var reading = _reading.GetOrAdd(id, mine.Task);
        if (reading != mine.Task) return await reading.WaitAsync(cancellation);
        try
        {
            mine.SetResult(await ReadAsync(id, identity, certificateEnds));
        }
        catch (Exception e)
        {
            mine.SetException(e);
        }
        finally
        {
            _reading.TryRemove(id, out _);
        }
        return await mine.Task;
    }

    private async Task<Admission> ReadAsync(Guid id, TerminalIdentity identity, DateTimeOffset? certificateEnds)
    {
        Row? row;
        try
        {
            row = await pools.Admission.AskAsync(
                waits.Patience, async (connection, token) =>
                {
                    var found = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(Query, new { id }, cancellationToken: token));
                    // Of a terminal that was registered before that was kept.
                    if (found is { Revoked: false, EndUnknown: true } && certificateEnds is { } ends)
                        await connection.ExecuteAsync(new CommandDefinition(NoteEnd, new { id, ends }, cancellationToken: token));
                    return found;
                });
        }
        catch (Exception e) when (StoreFaults.Of(e) != StoreFault.None)
        {
            // A terminal that is not let in now tries again; that says nothing about whether Postgres is away.
            return new Admission(null, AdmissionFault.StoreOutOfReach);
        }
        if (row is null || row.Revoked || row.InstitutionCode != identity.Institution.ToString() || row.Role != (short)identity.Role || row.Name != identity.Name)
        {
            _admitted.TryRemove(id, out _);
            if (row is { Revoked: true }) _revoked.TryAdd(id, 0);
            else _unknown.Add(id);
            return new Admission(null, row is { Revoked: true } ? AdmissionFault.Revoked : AdmissionFault.Unknown, row?.Version ?? 0);
        }
        var terminal = new Terminal(id, identity, row.Version, certificateEnds);
        _admitted[id] = terminal;
        // Whoever shuts it out between the reading above and the line above finds it here, or is found.
        if (!_revoked.ContainsKey(id)) return new Admission(terminal, AdmissionFault.None, row.Version);
        _admitted.TryRemove(id, out _);
        return new Admission(null, AdmissionFault.Revoked, row.Version);
    }

    private sealed record Row(long Version, string InstitutionCode, short Role, string Name, bool Revoked, bool EndUnknown);
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
    CertificateEnded,
    StoreOutOfReach,
}
