using Npgsql;

namespace EligibilityGateway.Gateway.Storage;

/// <summary>
/// What must hold before a role may serve: its commits are on disk when they are acknowledged (promise P1), and it can neither
/// change records already made nor give itself the right to.
/// </summary>
public static class DurabilityCheck
{
    /// <summary>
    /// Why the gateway must not start with this connection string, in one line; null where all is well. The settings are those
    /// that a session of this role in this database gets.
    /// </summary>
    public static async Task<string?> FindFaultAsync(string connectionString, CancellationToken cancellation, StoreRole servingRole = StoreRole.Gateway)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenPatientlyAsync(cancellation);
        await using var command = new NpgsqlCommand(
            $"""
            SELECT current_setting('fsync'), current_setting('full_page_writes'), current_setting('synchronous_commit'),
                   r.rolsuper, r.rolbypassrls OR r.rolcreaterole OR r.rolreplication,
                   EXISTS (SELECT FROM pg_namespace n WHERE n.nspname = '{StoreSchema.Name}' AND pg_has_role(r.oid, n.nspowner, 'MEMBER')),
                   EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                           WHERE n.nspname = '{StoreSchema.Name}' AND c.relkind IN ('r', 'p') AND pg_has_role(r.oid, c.relowner, 'MEMBER')),
                   current_setting('synchronous_standby_names') <> ''
            FROM pg_roles r WHERE r.rolname = current_user
            """,
            connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);

        var role = new NpgsqlConnectionStringBuilder(connectionString).Username;
        var place = $"role {role} in database {connection.Database}";
        if (reader.GetString(0) == "off") return Off("fsync", "a power cut loses or corrupts acknowledged records");
        if (reader.GetString(1) == "off") return Off("full_page_writes", "a power cut can corrupt pages that hold acknowledged records");
        if (reader.GetString(2) == "off") return Off("synchronous_commit", "a crash loses records whose answers have left");
        // "local" waits for this server's disk, which is all there is to wait for without a standby: as good as "on". Where there is
        // one, "local" goes around it, and a failover loses what was acknowledged.
        if (reader.GetString(2) == "local" && reader.GetBoolean(7))
            return $"Postgres has synchronous_commit at local for {place}, past its synchronous standby, so a failover loses records whose answers have left: set it on and start again.";
        if (reader.GetBoolean(3)) return $"The {place} is a superuser: serve with {servingRole.LoginName()}, which can't change records.";
        if (reader.GetBoolean(4)) return $"The {place} may replicate, make roles or pass row security: serve with {servingRole.LoginName()}, which can't.";
        if (reader.GetBoolean(5) || reader.GetBoolean(6))
            return $"The {place} owns the records or may become their owner: serve with {servingRole.LoginName()}, which can't change them.";
        return null;

        string Off(string setting, string consequence) =>
            $"Postgres has {setting} off for {place}, so {consequence}: set it on and start again.";
    }
}
