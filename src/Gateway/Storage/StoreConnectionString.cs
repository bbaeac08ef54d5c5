using System.Net;
using EligibilityGateway.Common;
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
        catch (Exception e) when (IsOfWhatWasWritten(e))
        {
            // The message of the exception may quote what was given.
            throw None(where);
        }
    }

    /// <summary>Whether a password stands in it; not where it is no connection string.</summary>
    public static bool HoldsPassword(string given) => Read(given) is { } read && (read.Password is { Length: > 0 } || read.SslPassword is { Length: > 0 });

    /// <summary>Whether others can listen on its way; a connection string that is none leads nowhere.</summary>
    public static bool IsSafe(string given) => Read(given) is not { Host: not null } read || StoreWay.IsSafe(read);

    /// <summary>The file that Npgsql would read the password from; null where that is given otherwise, or there is no such file.</summary>
    public static string? PasswordFileOf(string? given)
    {
        if (Read(given) is not { Password: null or "" } read) return null;
        // As Npgsql looks for it.
        if (Environment.GetEnvironmentVariable("PGPASSWORD") is { Length: > 0 }) return null;
        var file = read.Passfile ?? Environment.GetEnvironmentVariable("PGPASSFILE") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".pgpass");
        return File.Exists(file) ? file : null;
    }

    private static NpgsqlConnectionStringBuilder? Read(string? given)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(given);
        }
        catch (Exception e) when (IsOfWhatWasWritten(e))
        {
            return null;
        }
    }

    private static bool IsOfWhatWasWritten(Exception e) => e is ArgumentException or FormatException or InvalidOperationException or NotSupportedException;

    private static SettingsException None(string where) =>
        new($"{where} is no connection string: write it as Host=…;Database=…;Username=…;Search Path={StoreSchema.Name}.");
}
