using System.Collections.Concurrent;
using EligibilityGateway.Gateway.Snapshots;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.LoadTests.Plan;
using EligibilityGateway.LoadTests.Stand;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace EligibilityGateway.LoadTests.PeakHour;

/// <summary>
/// Puts into Redis what a plan says is there, by the gateway's own code: read from Postgres, sealed, under pseudonymous names. What was
/// read for one plan is kept for the next: nobody changes a stand's people.
/// </summary>
public sealed class RedisWarmth(TestStand stand)
{
    private const int ReadersAtOnce = 8;

    private readonly ConcurrentDictionary<Subject, Finding> _read = new();

    /// <summary>Redis holds that afterwards, and nothing that an earlier gateway put there.</summary>
    public async Task FillAsync(TapPlan plan, IReadOnlyList<StandCard> cards, IReadOnlyList<StandDocument> documents, CancellationToken cancellation)
    {
        var subjects = plan.Taps.Select(tap => tap.Subject).Distinct().Where(subject => subject.InRedis)
            .Select(subject => subject.IsCard ? cards[subject.Index].Subject : documents[subject.Index].Subject).ToArray();
        await using (var store = stand.Connect(StoreRole.Gateway))
        {
            var reader = new StoreReader(stand.Clock);
            await Parallel.ForEachAsync(
                subjects.Where(subject => !_read.ContainsKey(subject)),
                new ParallelOptions { MaxDegreeOfParallelism = ReadersAtOnce, CancellationToken = cancellation },
                async (subject, token) =>
                {
                    await using var connection = await store.OpenConnectionAsync(token);
                    _read[subject] = await reader.ReadAsync(connection, subject, token);
                });
        }

        await using var redis = await ConnectionMultiplexer.ConnectAsync($"{stand.Redis.Address},allowAdmin=true");
        await redis.GetServers().Single().FlushAllDatabasesAsync();
        using var findings = new RedisFindings(new RedisCircuit(redis, TimeProvider.System, NullLogger<RedisCircuit>.Instance), stand.Keys);
        await findings.PutAllAsync(subjects.Select(subject => KeyValuePair.Create(subject, _read[subject])));
    }
}
