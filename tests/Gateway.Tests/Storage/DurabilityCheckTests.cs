using EligibilityGateway.Gateway.Storage;
using Npgsql;

namespace EligibilityGateway.Gateway.Tests.Storage;

public sealed class DurabilityCheckTests(TestStores stores) : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await stores.CreateDatabaseAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task The_embedded_cluster_as_it_is_may_serve() =>
        Assert.Null(await DurabilityCheck.FindFaultAsync(_database.ConnectionString(StoreRole.Gateway), Cancellation));

    [Fact]
    public async Task Synchronous_commit_off_for_the_role_in_this_database_is_refused()
    {
        await AsSuperuserAsync($"ALTER ROLE eg_gateway IN DATABASE {_database.Name} SET synchronous_commit = off");
        await AssertRefusedAsync(_database.ConnectionString(StoreRole.Gateway), "synchronous_commit");
    }

    [Fact]
    public async Task Synchronous_commit_off_for_the_database_is_refused()
    {
        await AsSuperuserAsync($"ALTER DATABASE {_database.Name} SET synchronous_commit = off");
        await AssertRefusedAsync(_database.ConnectionString(StoreRole.Gateway), "synchronous_commit");
    }

    [Fact]
    public async Task Synchronous_commit_off_for_the_session_is_refused()
    {
        var session = new NpgsqlConnectionStringBuilder(_database.ConnectionString(StoreRole.Gateway)) { Options = "-c synchronous_commit=off" };
        await AssertRefusedAsync(session.ConnectionString, "synchronous_commit");
    }

    [Fact]
    public Task A_superuser_is_refused() => AssertRefusedAsync(_database.Superuser, "superuser");

    [Fact]
    public Task The_owner_is_refused() => AssertRefusedAsync(_database.ConnectionString(StoreRole.Owner), "owner");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static async Task AssertRefusedAsync(string connectionString, string because)
    {
        var fault = await DurabilityCheck.FindFaultAsync(connectionString, Cancellation);
        Assert.NotNull(fault);
        Assert.Contains(because, fault, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault);
    }

    private async Task AsSuperuserAsync(string sql)
    {
        await using var connection = await _database.OpenAsSuperuserAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
