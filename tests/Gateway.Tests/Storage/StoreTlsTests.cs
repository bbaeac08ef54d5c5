using EligibilityGateway.Demo.Embedded;
using EligibilityGateway.Gateway.Keys;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Gateway.Tests.Startup;
using Npgsql;

namespace EligibilityGateway.Gateway.Tests.Storage;

/// <summary>What <see cref="StoreWay"/> stands on, by a Postgres of the test's own that speaks TLS: with which settings the driver looks whom it has reached.</summary>
public sealed class StoreTlsTests : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private readonly CancellationTokenSource _limit = new(Deadline);
    private readonly DirectoryInfo _folder = Directory.CreateDirectory(TestFolder.NewPath());
    private EmbeddedPostgres _postgres = null!;

    public async ValueTask InitializeAsync() => _postgres = await EmbeddedPostgres.StartAsync(TestFolder.NewPath(), _limit.Token);

    public async ValueTask DisposeAsync()
    {
        await _postgres.DisposeAsync();
        Directory.Delete(_postgres.Folder, recursive: true);
        _folder.Delete(recursive: true);
        _limit.Dispose();
    }

    [Fact]
    public async Task Only_what_counts_as_safe_refuses_a_server_with_anothers_certificate()
    {
        var own = TestCertificates.Write(_folder.FullName, "own", TestTown.Now.AddDays(-1), TestTown.Now.AddDays(1)).Certificate;
        var other = TestCertificates.Write(_folder.FullName, "other", TestTown.Now.AddDays(-1), TestTown.Now.AddDays(1)).Certificate;
        await SpeakTlsAsync("own");
        foreach (var (way, isRefused) in new[]
        {
            ($"SSL Mode=VerifyFull;Root Certificate={own}", false),
            ($"SSL Mode=VerifyCA;Root Certificate={own}", false),
            ($"SSL Mode=VerifyFull;Root Certificate={other}", true),
            ($"SSL Mode=VerifyCA;Root Certificate={other}", true),
            ("SSL Mode=VerifyFull", true),
            ($"SSL Mode=Require;Root Certificate={other}", false),
            ("SSL Mode=Require", false),
            ("SSL Mode=Prefer", false),
        })
        {
            // The last setting of a name counts.
            var connectionString = $"{_postgres.ConnectionString(StoreRole.Gateway)};Pooling=false;{way}";
            var fault = await Record.ExceptionAsync(async () =>
            {
                await using var connection = new NpgsqlConnection(connectionString);
                await connection.OpenAsync(_limit.Token);
            });
            if (isRefused) Assert.Contains("its certificate is not trusted", StoreAdvice.Of(Assert.IsType<NpgsqlException>(fault)), StringComparison.Ordinal);
            else Assert.Null(fault);
            if (isRefused) Assert.True(StoreWay.IsSafe(new NpgsqlConnectionStringBuilder($"Host=db1;{way}")), way);
        }
    }

    private async Task SpeakTlsAsync(string name)
    {
        await using var connection = new NpgsqlConnection(_postgres.SuperuserConnectionString() + ";Pooling=false");
        await connection.OpenAsync(_limit.Token);
        await using var where = new NpgsqlCommand("SHOW data_directory", connection);
        var data = (string)(await where.ExecuteScalarAsync(_limit.Token))!;
        foreach (var kind in (string[])["pem", "key"])
        {
            var file = Path.Combine(data, $"server.{kind}");
            File.Copy(Path.Combine(_folder.FullName, $"{name}.{kind}"), file);
            FileOwner.Copy(Path.Combine(data, "PG_VERSION"), file);
        }
        foreach (var sql in (string[])["ALTER SYSTEM SET ssl_cert_file = 'server.pem'", "ALTER SYSTEM SET ssl_key_file = 'server.key'", "ALTER SYSTEM SET ssl = on", "SELECT pg_reload_conf()"])
        {
            await using var change = new NpgsqlCommand(sql, connection);
            await change.ExecuteNonQueryAsync(_limit.Token);
        }
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        await using var show = new NpgsqlCommand("SHOW ssl", connection);
        while (await show.ExecuteScalarAsync(_limit.Token) as string != "on") await look.WaitForNextTickAsync(_limit.Token);
    }
}
