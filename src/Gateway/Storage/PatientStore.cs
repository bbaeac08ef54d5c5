using Npgsql;

namespace EligibilityGateway.Gateway.Storage;

/// <summary>Questions of look-ups to the store. None is an exception to whoever asks: the store answers, or is away, or is late.</summary>
public sealed class PatientStore(StoreHealth health, StoreWaits waits)
{
    /// <summary>
    /// Asks on a connection of the pool; the question must bear being asked twice. What took too long, or failed with Postgres in reach, is
    /// late: whoever waits for it is told to ask again.
    /// </summary>
    public ValueTask<Asked<T>> AskAsync<T>(NpgsqlDataSource pool, Func<NpgsqlConnection, CancellationToken, Task<T>> ask) => AskAsync(pool, ask, isSecondTry: false);

    private async ValueTask<Asked<T>> AskAsync<T>(NpgsqlDataSource pool, Func<NpgsqlConnection, CancellationToken, Task<T>> ask, bool isSecondTry)
    {
        if (health.IsAway) return new Asked<T>(AskedState.Away);
        var call = pool.AskAsync(waits.Longest, ask);
        switch (await health.WaitAsync(call, isOnConnection: !isSecondTry))
        {
            case StoreWait.Died: return await AskAsync(pool, ask, isSecondTry: true);
            case StoreWait.Away: return new Asked<T>(AskedState.Away);
            case StoreWait.Late: return new Asked<T>(AskedState.Late);
        }
        try
        {
            return new Asked<T>(AskedState.Answered, await call);
        }
        catch (Exception e) when (StoreFaults.Of(e) != StoreFault.None)
        {
            return new Asked<T>(await health.LookAsync() ? AskedState.Away : AskedState.Late);
        }
    }
}

/// <summary>What came of a question.</summary>
/// <param name="State">Whether there is an answer.</param>
/// <param name="Answer">Only where there is.</param>
public readonly record struct Asked<T>(AskedState State, T? Answer = default);

public enum AskedState
{
    Answered,

    /// <summary>Postgres is away.</summary>
    Away,

    /// <summary>Postgres is in reach, and the answer did not come in time.</summary>
    Late,
}
