using System.CommandLine;
using EligibilityGateway.Gateway.Storage;
using Npgsql;

namespace EligibilityGateway.Gateway.Operation;

/// <summary><c>gateway migrate --owner CONNECTION</c>: brings the database's schema up to this program's.</summary>
internal static class MigrateCommand
{
    public static Command Create()
    {
        var owner = StoreConnection.OptionOf("--owner", "the schema's owner (eg_owner)");
        var command = new Command("migrate", "Applies what the database's schema lacks. Bootstrap.sql must have been run before, once, by a superuser.") { owner };
        command.SetAction(async (arguments, cancellation) =>
        {
            var connection = StoreConnectionString.Parse("--owner", arguments.GetRequiredValue(owner)).ConnectionString;
            try
            {
                var applied = await Migrator.MigrateAsync(connection, Console.WriteLine, cancellation);
                Console.WriteLine(applied.Count == 0 ? "The schema is up to date." : $"Applied: {string.Join(", ", applied)}.");
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
