using DbUp;
using DbUp.Engine;
using DbUp.Support;
using Npgsql;

namespace EligibilityGateway.Gateway.Storage;

/// <summary>
/// Brings a database's schema to what this program needs. Each script runs in its own transaction together with its line in the
/// journal, so a migration that was interrupted goes on where it stopped.
/// </summary>
public static class Migrator
{
    /// <summary>A script that rewrites a nation's table takes long; one that hangs on a lock should not wait for ever.</summary>
    private static readonly TimeSpan ScriptDeadline = TimeSpan.FromMinutes(30);

    private static readonly TimeSpan LockDeadline = TimeSpan.FromMinutes(5);

    /// <summary>Any number, as long as it is the same in all gateways: two that start at once migrate one after the other.</summary>
    private const long AdvisoryLock = 0x656C_6967_6962;

    /// <summary>
    /// How the name of a script ends that takes away what only the release before needs: it is applied once no gateway of that one serves
    /// any more, so that gateways are replaced one by one.
    /// </summary>
    private const string ClosingSuffix = "_closing";

    private const string ScriptFolder = "EligibilityGateway.Gateway.Storage.Migrations.";

    /// <summary>Compares without changing anything. The serving role may call it.</summary>
    public static async Task<SchemaState> InspectAsync(string connectionString, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenPatientlyAsync(cancellation);
        return await InspectAsync(connection, OwnScripts(), cancellation);
    }

    /// <summary>
    /// Applies what is missing, as the schema's owner.
    /// </summary>
    /// <param name="ownerConnectionString">Of the role that owns the schema; Bootstrap.sql must have run.</param>
    /// <param name="report">Is given one line where an older schema is brought up to date.</param>
    /// <param name="cancellation">Is looked at between waits, not in the middle of a script.</param>
    /// <param name="close">Whether to apply, too, what takes away what only the release before needs. In a new database it always is.</param>
    /// <returns>The scripts that were applied, in order.</returns>
    /// <exception cref="StorageException">The schema is newer than the program, or a script failed; nothing of that script remains.</exception>
    public static Task<IReadOnlyList<string>> MigrateAsync(string ownerConnectionString, Action<string>? report, CancellationToken cancellation, bool close = true) =>
        MigrateAsync(ownerConnectionString, OwnScripts(), report, cancellation, close);

    internal static async Task<IReadOnlyList<string>> MigrateAsync(
        string ownerConnectionString, IReadOnlyList<SqlScript> scripts, Action<string>? report, CancellationToken cancellation, bool close = true)
    {
        // Not pooled: the lock goes with the connection.
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ownerConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenPatientlyAsync(cancellation);
        await RefuseAnotherSchemaAsync(connection, cancellation);
        await TakeLockAsync(connection, cancellation);

        var state = await InspectAsync(connection, scripts, cancellation);
        if (state.IsNewer)
            throw new StorageException(
                $"The database {connection.Database} was installed by a newer version of the gateway (it has {string.Join(", ", state.Unknown)}): start that version, or give this one a database of its own.");
        await WriteNewNamesAsync(connection, state, cancellation);
        var missing = scripts.Where(script => state.Pending.Contains(script.Name) || (state.Closing.Contains(script.Name) && (close || state.IsEmpty))).ToList();
        if (missing.Count == 0) return [];
        var names = missing.ConvertAll(script => script.Name);
        if (!state.IsEmpty) report?.Invoke($"The database {connection.Database} has an older schema: applying {string.Join(", ", names)}.");

        var result = await Task.Run(() => Engine(ownerConnectionString, missing).PerformUpgrade(), cancellation);
        if (!result.Successful)
            throw new StorageException(
                $"Migration {result.ErrorScript?.Name} of the database {connection.Database} failed and was rolled back: {OneLine(result.Error.Message)}", result.Error);

        // The serving role may see which schema it is on.
        await using var grant = new NpgsqlCommand($"GRANT SELECT ON {StoreSchema.Name}.{StoreSchema.JournalTable} TO eg_gateway", connection);
        await grant.ExecuteNonQueryAsync(cancellation);
        return names;
    }

    private static UpgradeEngine Engine(string ownerConnectionString, IReadOnlyList<SqlScript> scripts)
    {
        var builder = DeployChanges.To.PostgresqlDatabase(ownerConnectionString)
            .WithScripts(scripts)
            .WithVariablesDisabled() // $$ quotes function bodies
            .JournalToPostgresqlTable(schema: null, StoreSchema.JournalTable) // found by the search path
            .WithTransactionPerScript()
            .WithExecutionTimeout(ScriptDeadline)
            .LogToNowhere();
        // Where DbUp knows the schema's name it begins with CREATE SCHEMA, which the owner may not, even if it exists.
        builder.Configure(configuration => ((ScriptExecutor)configuration.ScriptExecutor).Schema = null);
        return builder.Build();
    }

    /// <summary>Scripts name no schema: elsewhere they would make their tables in whatever comes first in the search path.</summary>
    private static async Task RefuseAnotherSchemaAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("SELECT coalesce((current_schemas(false))[1] = $1, false)", connection) { Parameters = { new() { Value = StoreSchema.Name } } };
        if (await command.ExecuteScalarAsync(cancellation) is true) return;
        throw new StorageException(
            $"The search path in database {connection.Database} does not begin with the schema {StoreSchema.Name}: add Search Path={StoreSchema.Name} to the connection string, and run Bootstrap.sql where it never was.");
    }

    /// <summary>Held by this session until the connection is closed.</summary>
    private static async Task TakeLockAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("SELECT pg_advisory_lock($1)", connection)
        {
            CommandTimeout = (int)LockDeadline.TotalSeconds,
            Parameters = { new() { Value = AdvisoryLock } },
        };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task WriteNewNamesAsync(NpgsqlConnection connection, SchemaState state, CancellationToken cancellation)
    {
        if (state.IsEmpty) return;
        await using var command = new NpgsqlCommand(
            $"UPDATE {StoreSchema.Name}.{StoreSchema.JournalTable} s SET scriptname = r.now FROM unnest($1, $2) AS r(before, now) WHERE s.scriptname = r.before", connection)
        {
            Parameters = { new() { Value = RenamedScripts.ByOldName.Keys.ToArray() }, new() { Value = RenamedScripts.ByOldName.Values.ToArray() } },
        };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<SchemaState> InspectAsync(
        NpgsqlConnection connection, IReadOnlyList<SqlScript> scripts, CancellationToken cancellation)
    {
        var applied = new HashSet<string>(StringComparer.Ordinal);
        // By the catalogue, which everybody may read: before the first migration the serving role may not even look into the schema.
        await using (var exists = new NpgsqlCommand(
            $"SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = '{StoreSchema.Name}' AND c.relname = '{StoreSchema.JournalTable}')", connection))
        {
            if (await exists.ExecuteScalarAsync(cancellation) is true)
            {
                await using var command = new NpgsqlCommand($"SELECT scriptname FROM {StoreSchema.Name}.{StoreSchema.JournalTable}", connection);
                await using var reader = await command.ExecuteReaderAsync(cancellation);
                while (await reader.ReadAsync(cancellation)) applied.Add(RenamedScripts.NowOf(reader.GetString(0)));
            }
        }
        var known = scripts.Select(script => script.Name).ToList();
        return new SchemaState(
            Installed: [.. known.Where(applied.Contains)],
            Pending: [.. known.Where(name => !applied.Contains(name) && !IsClosing(name))],
            Closing: [.. known.Where(name => !applied.Contains(name) && IsClosing(name))],
            Unknown: [.. applied.Except(known).Order(StringComparer.Ordinal)]);
    }

    /// <summary>The numbered files in Storage/Migrations, in order.</summary>
    internal static IReadOnlyList<SqlScript> OwnScripts()
    {
        var assembly = typeof(Migrator).Assembly;
        return
        [
            .. assembly.GetManifestResourceNames()
                .Where(resource => resource.StartsWith(ScriptFolder, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(resource =>
                {
                    using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
                    return new SqlScript(Path.GetFileNameWithoutExtension(resource[ScriptFolder.Length..]), reader.ReadToEnd());
                }),
        ];
    }

    private static bool IsClosing(string name) => name.EndsWith(ClosingSuffix, StringComparison.Ordinal);

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim();
}
