using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Gateway.Tests.Storage;
using Npgsql;

namespace EligibilityGateway.Gateway.Tests.Appointments;

/// <summary>
/// Whoever does the chunks that begin at one row is held where its rows are recorded and its results are on their way: amid the
/// transaction, until this is disposed of.
/// </summary>
internal sealed class HeldChunk : IAsyncDisposable
{
    private const long Lock = 4711;

    private readonly NpgsqlConnection _holder;

    private HeldChunk(NpgsqlConnection holder) => _holder = holder;

    public static async Task<HeldChunk> BeginAsync(TestDatabase database, int firstRow)
    {
        await database.ExecuteAsync(StoreRole.Owner, $"""
            CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_advisory_xact_lock({Lock}); RETURN NEW; END $$;
            CREATE TRIGGER hold BEFORE INSERT ON appointment_result FOR EACH ROW WHEN (NEW.first_row = {firstRow}) EXECUTE FUNCTION hold()
            """);
        var holder = await database.OpenAsSuperuserAsync();
        await using var command = new NpgsqlCommand($"SELECT pg_advisory_lock({Lock})", holder);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return new HeldChunk(holder);
    }

    /// <summary>Somebody has come to it.</summary>
    public static Task ReachedAsync(TestDatabase database) => database.UntilSomebodyWaitsForALockAsync();

    public async ValueTask DisposeAsync()
    {
        // To close it would only give it back to its pool.
        await using (var unlock = new NpgsqlCommand($"SELECT pg_advisory_unlock({Lock})", _holder)) await unlock.ExecuteNonQueryAsync();
        await _holder.DisposeAsync();
    }
}
