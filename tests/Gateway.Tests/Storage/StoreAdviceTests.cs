using System.Net;
using System.Net.Sockets;
using EligibilityGateway.Common;
using EligibilityGateway.Gateway.Storage;
using Npgsql;

namespace EligibilityGateway.Gateway.Tests.Storage;

/// <summary>What an operator is told of a Postgres that refuses or does not answer, by a real one.</summary>
public sealed class StoreAdviceTests(TestStores stores) : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await stores.CreateDatabaseAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Each_cause_is_told_by_what_it_means()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var silentPort = ((IPEndPoint)silent.LocalEndpoint).Port;
        (Action<NpgsqlConnectionStringBuilder> Spoil, string Because)[] cases =
        [
            (c => c.Password = "TellNobody", "the password is wrong"),
            (c => c.Password = null, "it asks for a password, and none is given"),
            (c => c.Username = "eg_nobody", "the password is wrong"),
            (c => c.Database = "no_such_database", "there is no database of that name"),
            (c => c.Host = "no-such-host.invalid", "the host is not found"),
            (c => c.Port = 1, "nothing listens at that host and port"),
            (c => (c.Host, c.Port, c.TargetSessionAttributes) = ("127.0.0.1,127.0.0.2", 1, "primary"), "nothing listens at that host and port"),
            (c => (c.Port, c.Timeout) = (silentPort, 1), "it does not answer in time"),
            (c => c.SslMode = SslMode.Require, "it does not offer TLS, which SSL Mode asks for"),
        ];
        foreach (var (spoil, because) in cases)
        {
            var connectionString = new NpgsqlConnectionStringBuilder(_database.ConnectionString(StoreRole.Gateway)) { Pooling = false };
            spoil(connectionString);
            await using var connection = new NpgsqlConnection(connectionString.ConnectionString);
            var fault = await Assert.ThrowsAnyAsync<NpgsqlException>(() => connection.OpenAsync(TestContext.Current.CancellationToken));
            Assert.Equal(because, StoreAdvice.Of(fault));
        }
    }

    [Fact]
    public async Task A_role_that_may_not_connect_is_told_so()
    {
        await using (var superuser = await _database.OpenAsSuperuserAsync())
        await using (var command = new NpgsqlCommand($"REVOKE CONNECT ON DATABASE {_database.Name} FROM eg_gateway", superuser))
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        await using var connection = new NpgsqlConnection(_database.ConnectionString(StoreRole.Gateway));
        var fault = await Assert.ThrowsAnyAsync<NpgsqlException>(() => connection.OpenAsync(TestContext.Current.CancellationToken));
        Assert.Equal("the role may not do that", StoreAdvice.Of(fault));
    }

    [Theory]
    [InlineData("SELECT * FROM no_such_table", "tables are missing there")]
    [InlineData("SELECT no_such_function()", "tables are missing there")]
    [InlineData("DELETE FROM access_record", "the role may not do that")]
    [InlineData("SET transaction_read_only = on; INSERT INTO access_record DEFAULT VALUES", "it is a standby, or read-only")]
    [InlineData("SELECT 1/0", "its code is 22012")]
    public async Task A_refused_statement_is_told_by_what_it_means(string statement, string because)
    {
        var fault = await Assert.ThrowsAsync<PostgresException>(() => _database.ExecuteAsync(StoreRole.Gateway, statement));
        Assert.Contains(because, StoreAdvice.Of(fault), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("eligibility, please")]
    [InlineData("Database=eligibility")]
    [InlineData("Host=db;Port=0")]
    [InlineData("Host=db;Port=99999")]
    [InlineData("Host=db;Timeout=soon")]
    [InlineData("Host=db;Maximum Pool Size=1;Minimum Pool Size=2")]
    [InlineData("Host=db;Target Session Attributes=TellNobody")]
    public void What_is_no_connection_string_is_refused_and_not_repeated(string given)
    {
        var refused = Assert.Throws<SettingsException>(() => StoreConnectionString.Parse("--owner", given)).Message;
        Assert.StartsWith("--owner is no connection string", refused, StringComparison.Ordinal);
        Assert.DoesNotContain("TellNobody", refused, StringComparison.Ordinal);
    }
}
