using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using EligibilityGateway.LoadTests.Processes;
using StackExchange.Redis;

namespace EligibilityGateway.Benchmarks.Floor;

/// <summary>CPU of the client for one GET, each awaited before the next: at the rates of a gateway there is seldom a second one to share a packet with.</summary>
internal static class RedisGetCost
{
    private const int Keys = 10_000;

    // A sealed finding of a common person.
    private const int ValueLength = 700;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    public static async Task<double> MeasureAsync(TimeSpan length, CancellationToken cancellation)
    {
        await using var server = await RedisServer.StartAsync(cancellation);
        await using var redis = await ConnectionMultiplexer.ConnectAsync(server.Address);
        var database = redis.GetDatabase();
        var keys = new RedisKey[Keys];
        for (var i = 0; i < Keys; i++)
        {
            keys[i] = $"finding{i.ToString("D9", CultureInfo.InvariantCulture)}";
            await database.StringSetAsync(keys[i], RandomNumberGenerator.GetBytes(ValueLength));
        }
        await GetForAsync(database, keys, WarmUp, cancellation);
        var before = Environment.CpuUsage.TotalTime;
        var gets = await GetForAsync(database, keys, length, cancellation);
        return (Environment.CpuUsage.TotalTime - before).TotalMicroseconds / gets;
    }

    private static async Task<int> GetForAsync(IDatabase database, RedisKey[] keys, TimeSpan length, CancellationToken cancellation)
    {
        var begin = Stopwatch.GetTimestamp();
        var gets = 0;
        while (Stopwatch.GetElapsedTime(begin) < length)
        {
            cancellation.ThrowIfCancellationRequested();
            using var value = await database.StringGetLeaseAsync(keys[gets % Keys]);
            gets++;
        }
        return gets;
    }
}
