using System.CommandLine;
using EligibilityGateway.Common;
using EligibilityGateway.Gateway.Startup;
using EligibilityGateway.Gateway.Storage;

namespace EligibilityGateway.Gateway.Operator;

/// <summary>
/// What is refused of a connection string that is typed after a command: a password, which everybody on the machine reads in the list of
/// processes and which stays in the shell's history, and a way to Postgres on which others can listen.
/// </summary>
internal static class TypedConnection
{
    private const string Plain = "--plain-stores";

    /// <summary>Gives each command that takes a connection string the two options by which an operator takes it upon himself.</summary>
    public static void AllowByHand(Command command)
    {
        if (command.Options.Any(option => option is StoreOption))
        {
            command.Options.Add(new Option<bool>(SecretFile.Insecure) { Description = "Takes a password in the connection string, or in a file that others may read: for a trial alone." });
            command.Options.Add(new Option<bool>(Plain) { Description = "Takes a way to Postgres outside this machine without verified TLS: where the network itself is protected." });
        }
        foreach (var sub in command.Subcommands) AllowByHand(sub);
    }

    /// <summary>Looks at what was typed, before the command runs.</summary>
    /// <exception cref="SettingsException">It is not safe, and the operator has not said that it may be so.</exception>
    public static void RefuseUnsafe(ParseResult parsed)
    {
        foreach (var option in parsed.CommandResult.Command.Options.OfType<StoreOption>())
        {
            if (parsed.GetValue(option) is not { } typed) continue;
            if (!parsed.GetValue<bool>(SecretFile.Insecure)) RefuseSecrets(option.Name, typed);
            if (!parsed.GetValue<bool>(Plain)) RefusePlain(option.Name, typed);
        }
    }

    private static void RefuseSecrets(string option, string typed)
    {
        if (StoreConnectionString.HoldsPassword(typed))
        {
            throw new SettingsException(
                $"{option} holds a password, which everybody on this machine can read in the list of processes: leave it out there, and put it into a file that only you may read (chmod 600; a line HOST:PORT:DATABASE:ROLE:PASSWORD) and that Passfile= or the variable PGPASSFILE names, or into the variable PGPASSWORD. {SecretFile.Insecure} takes it all the same, where it is no secret.");
        }
        if (StoreConnectionString.PasswordFileOf(typed) is { } file) SecretFile.RefuseOpen("The password file", file);
    }

    private static void RefusePlain(string option, string typed)
    {
        if (StoreConnectionString.IsSafe(typed)) return;
        throw new SettingsException(
            $"{option} leads outside this machine without verified TLS, so that whoever is on the way may read what is asked, or answer it: {StoreWay.PostgresRemedy}; or give {Plain} where the network itself is protected.");
    }
}

/// <summary>A command's option for the connection string of a role.</summary>
internal sealed class StoreOption : Option<string>
{
    /// <param name="name">The option's name.</param>
    /// <param name="role">Whose connection string it is.</param>
    public StoreOption(string name, string role)
        : base(name) => Description = $"Connection string of {role}, with Search Path={StoreSchema.Name}; its password comes by Passfile=, PGPASSFILE or PGPASSWORD.";
}
