using System.CommandLine;
using EligibilityGateway.Common;
using EligibilityGateway.Gateway.Storage;
using Npgsql;

namespace EligibilityGateway.Gateway.Operator;

/// <summary>What an operator's command needs of Postgres; whatever goes wrong with it is one line for the operator.</summary>
internal static class StoreConnection
{
    /// <summary>A command's option for the connection string of a role.</summary>
    public static Option<string> OptionOf(string name, string role) => new StoreOption(name, role) { Required = true };

    /// <summary>The same for what insurers write and read.</summary>
    public static Option<string> InsurerFeed() => OptionOf("--insurer-feed", "eg_insurer_feed");

    /// <summary>Runs a command's work on the store of that connection string.</summary>
    /// <param name="option">Where the connection string was given, to be named in the error.</param>
    /// <param name="connectionString">As it was given; a password in it is never repeated.</param>
    /// <param name="work">The command's work.</param>
    /// <exception cref="SettingsException">The connection string is none, or Postgres refused.</exception>
    public static async Task<T> UseAsync<T>(string option, string connectionString, Func<NpgsqlDataSource, Task<T>> work)
    {
        try
        {
            await using var store = NpgsqlDataSource.Create(StoreConnectionString.Parse(option, connectionString));
            return await work(store);
        }
        catch (NpgsqlException e)
        {
            throw new SettingsException($"Postgres can't be used as {option} says: {StoreAdvice.Of(e)}. Mend that, or correct {option}.");
        }
    }
}
