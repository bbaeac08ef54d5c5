using System.CommandLine;
using EligibilityGateway.Common;
using EligibilityGateway.Gateway.Storage;
using Npgsql;

namespace EligibilityGateway.Gateway.Operator;

/// <summary><c>gateway migrate --owner CONNECTION</c>: brings the database's schema up to this program's.</summary>
internal static class MigrateCommand
{
    public static Command Create()
    {
        var owner = StoreConnection.OptionOf("--owner", "the schema's owner (eg_owner)");
        var close = new Option<bool>("--close") { Description = "Also takes away what only gateways of the release before need: once none of them serves any more." };
        var command = new Command("migrate", "Applies what the database's schema lacks. Bootstrap.sql must have been run before, once, by a superuser.") { owner, close };
        command.SetAction(async (arguments, cancellation) =>
        {
            var connection = StoreConnectionString.Parse("--owner", arguments.GetRequiredValue(owner)).ConnectionString;
            try
            {
                var applied = await Migrator.MigrateAsync(connection, Console.WriteLine, cancellation, arguments.GetValue(close));
                Console.WriteLine(applied.Count == 0 ? "The schema is up to date." : $"Applied: {string.Join(", ", applied)}.");
                if ((await Migrator.InspectAsync(connection, cancellation)).Closing is { Count: > 0 } closing)
                    Console.WriteLine($"Once every gateway is of this release, run it again with --close, for {string.Join(", ", closing)}.");
                return 0;
            }
            catch (NpgsqlException e)
            {
                throw new SettingsException($"The database can't be migrated: {StoreAdvice.Of(e)}. Mend that, or correct --owner; Bootstrap.sql must have been run before.");
            }
        });
        return command;
    }
}
