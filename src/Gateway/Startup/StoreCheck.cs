using EligibilityGateway.Common;
using EligibilityGateway.Gateway.Storage;
using Npgsql;

namespace EligibilityGateway.Gateway.Startup;

/// <summary>Postgres, as a role of the gateway's finds it. Changes nothing there.</summary>
internal static class StoreCheck
{
    /// <summary>What it is connected to, where a gateway may serve with it.</summary>
    /// <param name="setting">The setting of the connection string.</param>
    /// <param name="connectionString">Its value.</param>
    /// <param name="mayBePlain">Whether it may lead outside this machine without verified TLS.</param>
    /// <param name="role">Whose rights it must have.</param>
    /// <param name="report">Takes what an operator has yet to do.</param>
    /// <param name="cancellation">Ends the look.</param>
    /// <exception cref="SettingsException">It may not: why, and what to do.</exception>
    public static async Task<string> LookAsync(string setting, string connectionString, bool mayBePlain, StoreRole role, CheckReport report, CancellationToken cancellation)
    {
        var parsed = StoreConnectionString.Parse($"\"{setting}\" in the settings", connectionString);
        if (!mayBePlain && !StoreWay.IsSafe(parsed))
        {
            throw new SettingsException(
                $"\"{setting}\" in the settings leads outside this machine without verified TLS, so that whoever is on the way may read what is asked, or answer it: {StoreWay.PostgresRemedy}; or set \"plainStores\" to true where the network itself is protected.");
        }
        try
        {
            if (await DurabilityCheck.FindFaultAsync(connectionString, cancellation, role) is { } fault) throw new SettingsException(fault);
            // It alone may read which schema there is.
            if (role == StoreRole.Gateway) await LookAtSchemaAsync(connectionString, setting, report, cancellation);
            return $"{parsed.Username} in database {parsed.Database ?? parsed.Username} at {parsed.Host}: its commits are durable{(role == StoreRole.Gateway ? ", the schema is current" : "")}";
        }
        catch (NpgsqlException e)
        {
            // What it can't reach it can't check, and no terminal could be let in: a gateway starts with Postgres in reach.
            throw new SettingsException($"Postgres can't be used as \"{setting}\" in the settings says: {StoreAdvice.Of(e)}. Mend that, or correct the connection string.");
        }
    }

    private static async Task LookAtSchemaAsync(string connectionString, string setting, CheckReport report, CancellationToken cancellation)
    {
        var schema = await Migrator.InspectAsync(connectionString, cancellation);
        if (schema.IsNewer) throw new SettingsException("The database was installed by a newer version of the gateway: start that version.");
        if (!schema.IsCurrent) throw new SettingsException("The database has an older schema, or none: run `gateway migrate` first.");
        if (schema.Closing.Count > 0)
            report.Note(setting, "the database still grants what only gateways of the release before need: once none of them serves, run `gateway migrate --close`");
    }
}
