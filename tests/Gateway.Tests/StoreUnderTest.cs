using EligibilityGateway.Gateway.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace EligibilityGateway.Gateway.Tests;

/// <summary>What a gateway has between itself and Postgres, without the gateway.</summary>
internal sealed class StoreUnderTest : IAsyncDisposable
{
    /// <summary>Machines that tests run on stand still for longer than a hospital's.</summary>
    private static readonly StoreWaits Generous = new(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1));

    public StoreUnderTest(string connectionString, StoreWaits? waits = null)
    {
        Waits = waits ?? Generous;
        Pools = StorePools.Open(connectionString);
        Health = new StoreHealth(Pools, Waits, TimeProvider.System, NullLogger<StoreHealth>.Instance);
    }

    public StoreWaits Waits { get; }

    public StorePools Pools { get; }

    public StoreHealth Health { get; }

    public async ValueTask DisposeAsync()
    {
        await Health.DisposeAsync();
        await Pools.DisposeAsync();
    }
}
