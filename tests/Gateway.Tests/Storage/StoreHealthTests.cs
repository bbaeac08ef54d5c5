using EligibilityGateway.Gateway.Storage;
using Npgsql;

namespace EligibilityGateway.Gateway.Tests.Storage;

public sealed class StoreHealthTests
{
    [Fact]
    public void It_is_away_since_the_first_who_found_it_so_and_no_more_once_it_is_back()
    {
        var health = new StoreHealth();
        Assert.Null(health.AwaySince);

        var before = TimeProvider.System.GetUtcNow();
        health.Away(new NpgsqlException());
        var since = health.AwaySince;
        Assert.InRange(since!.Value, before, TimeProvider.System.GetUtcNow());
        health.Away(new TimeoutException());
        Assert.Equal((since, true), (health.AwaySince, health.IsAway));

        health.Back();
        Assert.Equal((null, false), (health.AwaySince, health.IsAway));
        health.Away(new TimeoutException());
        Assert.True(health.AwaySince >= since);
    }
}
