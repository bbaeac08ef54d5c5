using System.Collections.Concurrent;
using EligibilityGateway.Gateway.Snapshots;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.LoadTests.Plan;
using EligibilityGateway.LoadTests.Stand;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace EligibilityGateway.LoadTests.PeakHour;

/// <summary>Puts into Redis what the plan says is there, by the gateway's own code: read from Postgres, sealed, under pseudonymous names.</summary>
public static class RedisWarmth
{
    private const int ReadersAtOnce = 8;

    public static async Task FillAsync(
        TestStand stand, TapPlan plan, StandCard[] cards, StandDocument[] documents, CancellationToken cancellation)
    {
        var subjects = plan.Taps.Select(tap => tap.Subject).Distinct().Where(subject => subject.InRedis)
            .Select(subject => subject.IsCard ? cards[subject.Index].Subject : documents[subject.Index].Subject).ToArray();
        var found = new ConcurrentBag<KeyValuePair<Subject, Finding>>();
        await using var store = stand.Connect(StoreRole.Gateway);
        var reader = new StoreReader(stand.Clock);
        await Parallel.ForEachAsync(
            subjects,
            new ParallelOptions { MaxDegreeOfParallelism = ReadersAtOnce, CancellationToken = cancellation },
            async (subject, token) =>
            {
                await using var connection = await store.OpenConnectionAsync(token);
                found.Add(KeyValuePair.Create(subject, await reader.ReadAsync(connection, subject, token)));
            });

        await using var redis = await ConnectionMultiplexer.ConnectAsync(stand.Redis.Address);
        using var findings = new RedisFindings(new RedisCircuit(redis, TimeProvider.System, NullLogger<RedisCircuit>.Instance), stand.Keys);
        await findings.PutAllAsync(found);
    }
}
