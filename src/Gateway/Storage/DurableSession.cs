using Npgsql;

namespace EligibilityGateway.Gateway.Storage;

/// <summary>
/// What a session commits is on disk when that is acknowledged (promise P1), whatever became of the login's own settings since the start: a
/// login may change those of its next sessions by itself.
/// </summary>
internal static class DurableSession
{
    /// <summary>Before the session writes what is acknowledged.</summary>
    public static async Task EnsureAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'", connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
