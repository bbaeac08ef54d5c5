using System.Globalization;
using Npgsql;

namespace EligibilityGateway.Gateway.Feeds.Insurers.Batches;

/// <summary>A step of an accepted batch that Postgres refused for what it holds. It quotes nothing that could be a person's.</summary>
/// <param name="Step">From 0.</param>
/// <param name="SqlState">Postgres' code.</param>
/// <param name="Rule">The table's and the constraint's name, where there are any.</param>
public sealed record FeedRefusal(int Step, string SqlState, string Rule)
{
    // Connection, transaction rolled back, resources, not now, intervention, the machine: another time it may go.
    private static readonly string[] Passing = ["08", "40", "53", "55", "57", "58"];

    /// <summary>Whether trying again changes nothing as long as nobody mends what is in the way.</summary>
    internal static bool IsForGood(PostgresException exception) => !Passing.Contains(exception.SqlState[..2]);

    internal static FeedRefusal Of(int step, PostgresException exception) =>
        new(step, exception.SqlState, string.Join(' ', new[] { exception.TableName, exception.ConstraintName }.Where(name => !string.IsNullOrEmpty(name))));

    /// <summary><c>step 2 was refused by Postgres (23514, coverage coverage_check)</c></summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"step {Step + 1} was refused by Postgres ({SqlState}{(Rule.Length == 0 ? "" : ", " + Rule)})");
}
