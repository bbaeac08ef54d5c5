using System.Net;
using Npgsql;

namespace EligibilityGateway.Gateway.Storage;

/// <summary>A connection string as an operator writes it.</summary>
internal static class StoreConnectionString
{
    /// <param name="where">Where it was given, to be named in the error: an option or a setting.</param>
    /// <param name="given">A password in it is never repeated.</param>
    /// <exception cref="SettingsException">It is no connection string.</exception>
    public static NpgsqlConnectionStringBuilder Parse(string where, string given)
    {
        try
        {
            var parsed = new NpgsqlConnectionStringBuilder(given);
            if (string.IsNullOrWhiteSpace(parsed.Host) || parsed.Port is < 1 or > IPEndPoint.MaxPort) throw None(where);
            // What does not go together is found out here.
            using var connection = new NpgsqlConnection(parsed.ConnectionString);
            return parsed;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidOperationException or NotSupportedException)
        {
            // The message of the exception may quote what was given.
            throw None(where);
        }
    }

    private static SettingsException None(string where) =>
        new($"{where} is no connection string: write it as Host=…;Database=…;Username=…;Password=…;Search Path={StoreSchema.Name}.");
}
