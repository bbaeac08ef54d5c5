using Dapper;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Tests.Access;
using EligibilityGateway.Gateway.Tests.Storage;
using static EligibilityGateway.Gateway.Tests.Feeds.Insurers.Batches.FeedFile;

namespace EligibilityGateway.Gateway.Tests.Feeds.Insurers.Deliveries;

/// <summary>Gateways as processes, killed while a delivery is on its way.</summary>
public sealed class DeliveryCrashTests(TestStores stores)
{
    private const int People = 5_000;

    [Fact]
    public async Task What_is_accepted_is_applied_after_a_crash_once_and_without_being_asked()
    {
        await using var town = await InsurerTown.OpenAsync(stores);
        var certificate = await town.AdmitAsync(TestTown.Union);
        var header = InsurerDesk.Header(null, TestTown.Union.ToString());
        var content = Of([.. Enumerable.Range(1, People).SelectMany(n => (string[])[Person(n, n), Insert(10_000 + n, n, n, $"number={n}")])]);
        // A feed of old is about to add a person of the second step: the gateway waits for it there.
        await using var other = await town.Town.Database.OpenAsSuperuserAsync();
        await other.ExecuteAsync("BEGIN; INSERT INTO eligibility.person (person_id) VALUES (3000)");
        DeliveryReceipt accepted;
        await using (var gateway = await GatewayProcess.StartAsync(town.Settings()))
        {
            using var desk = new InsurerDesk(gateway.InsurerFeedAddress, certificate);
            accepted = await desk.DeliverAsync(header, content, pieceBytes: 1 << 20);
            Assert.Equal((DeliveryState.Accepted, 3), (accepted.State, accepted.Steps));
            await town.Town.Database.UntilSomebodyWaitsForALockAsync();
            Assert.Equal(2_000, await town.CountAsync("coverage"));
        }
        await other.ExecuteAsync("ROLLBACK");

        await using (var gateway = await GatewayProcess.StartAsync(town.Settings()))
        {
            using var desk = new InsurerDesk(gateway.InsurerFeedAddress, certificate);
            var applied = await desk.AppliedAsync(header.DeliveryId);
            Assert.Equal((accepted.Batch, 3), (applied.Batch, applied.StepsApplied));
            Assert.Equal((People, People), (await town.CountAsync("coverage"), await town.CountAsync("coverage WHERE revision = 0")));
            Assert.Equal(applied, await desk.DeliverAsync(header, content, pieceBytes: 1 << 20));
        }
        Assert.Empty(Directory.EnumerateFileSystemEntries(town.Settings().InsurerFeed!.Spool));
    }
}
