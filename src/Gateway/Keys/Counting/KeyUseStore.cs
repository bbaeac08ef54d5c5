using Npgsql;

namespace EligibilityGateway.Gateway.Keys.Counting;

/// <summary>What all gateways have reserved of each key, in Postgres.</summary>
internal static class KeyUseStore
{
    /// <summary>Reserves messages of a key, none to look only; what is reserved of it in all.</summary>
    /// <param name="connection">Of eg_gateway.</param>
    /// <param name="ring">The key's ring.</param>
    /// <param name="keyId">Its id.</param>
    /// <param name="keyName">As <see cref="KeyUse.NameOf"/> has it.</param>
    /// <param name="more">How many.</param>
    /// <param name="cancellation">Ends the question; what was asked may be reserved all the same.</param>
    public static async Task<long> ReserveAsync(NpgsqlConnection connection, string ring, byte keyId, byte[] keyName, long more, CancellationToken cancellation)
    {
        await using var reserve = new NpgsqlCommand("SELECT reserve_key_use($1, $2, $3, $4)", connection)
        {
            Parameters =
            {
                new NpgsqlParameter<string> { TypedValue = ring },
                new NpgsqlParameter<short> { TypedValue = keyId },
                new NpgsqlParameter<byte[]> { TypedValue = keyName },
                new NpgsqlParameter<long> { TypedValue = more },
            },
        };
        return (long)(await reserve.ExecuteScalarAsync(cancellation))!;
    }
}
