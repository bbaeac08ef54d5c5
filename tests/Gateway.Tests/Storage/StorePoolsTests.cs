using EligibilityGateway.Common;
using EligibilityGateway.Gateway.Storage;
using Npgsql;

namespace EligibilityGateway.Gateway.Tests.Storage;

/// <summary>What a gateway's pools are really built with.</summary>
public sealed class StorePoolsTests
{
    private const string Given = "Host=127.0.0.1;Database=eligibility;Username=eg_gateway;Password=secret;Search Path=eligibility";

    [Fact]
    public void All_pools_together_have_twenty_connections_and_prepare_what_they_run()
    {
        using var pools = StorePools.Open(Given);
        var built = Built(pools);
        Assert.Equal(StorePools.MostConnections, built.Sum(pool => pool.MaxPoolSize));
        Assert.All(built, pool =>
        {
            Assert.True(pool.MaxPoolSize >= 3, "A pool has one connection to spare while one hangs, and one more.");
            Assert.Equal((64, 2, -1), (pool.MaxAutoPrepare, pool.AutoPrepareMinUsages, pool.CancellationTimeout));
            Assert.InRange(pool.Timeout, 1, 2);
            Assert.False(pool.IncludeErrorDetail);
        });
    }

    [Fact]
    public void What_the_connection_string_says_is_obeyed()
    {
        using var pools = StorePools.Open(Given + ";MaxPoolSize=40;Max Auto Prepare=0;Timeout=7;Cancellation Timeout=100;No Reset On Close=false");
        var built = Built(pools);
        Assert.Equal(40, built.Sum(pool => pool.MaxPoolSize));
        Assert.All(built, pool => Assert.Equal((0, 7, 100, false), (pool.MaxAutoPrepare, pool.Timeout, pool.CancellationTimeout, pool.NoResetOnClose)));
    }

    [Fact]
    public void Of_several_hosts_the_primary_is_looked_for_again_after_a_second()
    {
        using var pools = StorePools.Open(Given.Replace("127.0.0.1", "db1,db2", StringComparison.Ordinal));
        Assert.All(Built(pools), pool => Assert.Equal(("primary", 1, 1), (pool.TargetSessionAttributes, pool.HostRecheckSeconds, pool.Timeout)));
        using var others = StorePools.Open(Given.Replace("127.0.0.1", "db1,db2", StringComparison.Ordinal) + ";Target Session Attributes=read-write;Host Recheck Seconds=5");
        Assert.All(Built(others), pool => Assert.Equal(("read-write", 5), (pool.TargetSessionAttributes, pool.HostRecheckSeconds)));
    }

    [Fact]
    public void Fewer_connections_than_a_gateway_can_serve_with_are_refused()
    {
        var refused = Assert.Throws<SettingsException>(() => StorePools.Open(Given + ";Maximum Pool Size=5"));
        Assert.Contains("Maximum Pool Size=5", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
    }

    private static NpgsqlConnectionStringBuilder[] Built(StorePools pools) =>
        [.. ((NpgsqlDataSource[])[pools.Records, pools.Probe, pools.Admission, pools.Reads, pools.Others]).Select(pool => new NpgsqlConnectionStringBuilder(pool.ConnectionString))];
}
