using Npgsql;

namespace EligibilityGateway.Gateway.Storage;

/// <summary>
/// What must hold before a role may serve: its commits are on disk when they are acknowledged (promise P1), it can neither change records
/// already made nor give itself the right to, and it finds and may write what it serves with.
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
                   current_setting('synchronous_standby_names') <> '',
                   current_setting('transaction_read_only') = 'on',
                   EXISTS (SELECT FROM pg_namespace n WHERE n.nspname = '{StoreSchema.Name}' AND has_schema_privilege(r.oid, n.oid, 'USAGE'))
                       AND NOT '{StoreSchema.Name}' = ANY (current_schemas(false)),
                   EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                           WHERE n.nspname = '{StoreSchema.Name}' AND c.relname = $1 AND NOT has_table_privilege(r.oid, c.oid, 'INSERT'))
                       OR EXISTS (SELECT FROM pg_proc f JOIN pg_namespace n ON n.oid = f.pronamespace
                           WHERE n.nspname = '{StoreSchema.Name}' AND f.proname = $1 AND NOT has_function_privilege(r.oid, f.oid, 'EXECUTE'))
            FROM pg_roles r WHERE r.rolname = current_user
            """,
            connection);
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)NeededBy(servingRole)?.Name ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
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
        if (reader.GetBoolean(8)) return $"Postgres takes no writes from {place}, as a standby does: connect to the primary, with Target Session Attributes=primary where several hosts are named.";
        if (reader.GetBoolean(9)) return $"The search path of {place} does not lead to the schema {StoreSchema.Name}: add Search Path={StoreSchema.Name} to the connection string.";
        if (reader.GetBoolean(10)) return $"The {place} may not {NeededBy(servingRole)?.Act} {NeededBy(servingRole)?.Name}: serve with {servingRole.LoginName()}, which may.";
        return null;

        string Off(string setting, string consequence) =>
            $"Postgres has {setting} off for {place}, so {consequence}: set it on and start again.";
    }

    /// <summary>A table that the role must be able to write, or a function that it must be able to call; null for one of which neither is looked at.</summary>
    private static (string Act, string Name)? NeededBy(StoreRole role) => role switch
    {
        StoreRole.Gateway => ("call", "record_look_ups"),
        StoreRole.InsurerFeed => ("write", "insurer_batch"),
        _ => null,
    };
}
