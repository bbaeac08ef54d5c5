using EligibilityGateway.Gateway.Storage;
using Npgsql;
using StackExchange.Redis;

namespace EligibilityGateway.Gateway.Tests.Storage;

/// <summary>Which ways to the stores nobody else can listen on.</summary>
public sealed class StoreWayTests
{
    [Theory]
    [InlineData("Host=127.0.0.1", true)]
    [InlineData("Host=127.8.9.10;Port=6000", true)]
    [InlineData("Host=::1", true)]
    [InlineData("Host=[::1]:6000", true)]
    [InlineData("Host=::ffff:127.0.0.2", true)]
    [InlineData("Host=localhost", true)]
    [InlineData("Host=LocalHost:6000", true)]
    [InlineData("Host=/var/run/postgresql", true)]
    [InlineData("Host=@abstract", true)]
    [InlineData("Host=127.0.0.1:6000, localhost", true)]
    [InlineData("Host=127.0.0.1,db2", false)]
    [InlineData("Host=db1", false)]
    [InlineData("Host=db1;SSL Mode=Disable", false)]
    [InlineData("Host=db1;SSL Mode=Prefer", false)]
    [InlineData("Host=db1;SSL Mode=Require", false)]
    [InlineData("Host=db1;SSL Mode=VerifyCA", false)]
    [InlineData("Host=db1;SSL Mode=VerifyCA;Root Certificate=authority.pem", true)]
    [InlineData("Host=db1;SSL Mode=VerifyFull", true)]
    [InlineData("Host=db1,db2;SSL Mode=VerifyFull;Root Certificate=authority.pem", true)]
    [InlineData("Host=10.0.0.1", false)]
    [InlineData("Host=0.0.0.0", false)]
    [InlineData("Host=127.0.0.1.example.org", false)]
    [InlineData("Host=localhost.example.org", false)]
    [InlineData("Host=fe80::1", false)]
    public void Of_Postgres_those_on_this_machine_or_over_verified_TLS(string connectionString, bool isSafe) =>
        Assert.Equal(isSafe, StoreWay.IsSafe(new NpgsqlConnectionStringBuilder(connectionString)));

    [Theory]
    [InlineData("127.0.0.1:6379", true)]
    [InlineData("localhost", true)]
    [InlineData("[::1]:6379", true)]
    [InlineData("127.0.0.1:6379,redis2:6379", false)]
    [InlineData("redis1:6379,password=secret", false)]
    [InlineData("redis1:6379,ssl=false", false)]
    [InlineData("10.0.0.1:6379", false)]
    [InlineData("redis1:6379,redis2:6379,ssl=true", true)]
    public void Of_Redis_those_on_this_machine_or_over_TLS(string connectionString, bool isSafe) =>
        Assert.Equal(isSafe, StoreWay.IsSafe(ConfigurationOptions.Parse(connectionString)));
}
