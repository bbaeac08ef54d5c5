using System.Text.RegularExpressions;
using Npgsql;

namespace EligibilityGateway.Gateway.Storage;

/// <summary>Runs Bootstrap.sql: the roles and the empty schema, which only a superuser can make. Running it again changes nothing.</summary>
internal static partial class Bootstrap
{
    /// <summary>Makes what is missing in the database that the connection is open to.</summary>
    public static async Task RunAsync(NpgsqlConnection superuser, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(await ReadScriptAsync(cancellation), superuser);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Sets the role's password. ALTER ROLE takes no parameters, so the password's form is checked instead.</summary>
    public static async Task SetPasswordAsync(NpgsqlConnection superuser, StoreRole role, string password, CancellationToken cancellation)
    {
        if (!PlainPassword().IsMatch(password)) throw new ArgumentException("A password of letters and digits is needed.", nameof(password));
#pragma warning disable CA2100 // Both parts are of a checked form.
        await using var command = new NpgsqlCommand($"ALTER ROLE {role.LoginName()} PASSWORD '{password}'", superuser);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<string> ReadScriptAsync(CancellationToken cancellation)
    {
        var name = $"{typeof(Bootstrap).Namespace}.Bootstrap.sql";
        await using var stream = typeof(Bootstrap).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The program lacks its resource {name}.");
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(cancellation);
    }

    [GeneratedRegex("^[A-Za-z0-9]{16,100}$")]
    private static partial Regex PlainPassword();
}
