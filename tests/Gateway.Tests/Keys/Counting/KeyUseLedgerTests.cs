using System.Security.Cryptography;
using EligibilityGateway.Gateway.Keys;
using EligibilityGateway.Gateway.Keys.Counting;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Gateway.Tests.Silence;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace EligibilityGateway.Gateway.Tests.Keys.Counting;

/// <summary>What gateways reserve of a key in a real Postgres.</summary>
public sealed class KeyUseLedgerTests(ClassDatabase fixture) : IClassFixture<ClassDatabase>, IAsyncLifetime
{
    private const string Ring = "answers";

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(KeyRing.KeyLength);
    private readonly FakeTimeProvider _clock = new();
    private readonly CapturedLog _log = new();
    private StoreUnderTest _store = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _store = new StoreUnderTest(fixture.Database.ConnectionString(StoreRole.Gateway));
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _log.Dispose();
    }

    [Fact]
    public async Task Blocks_are_reserved_before_they_are_used_and_every_gateway_and_restart_counts()
    {
        var (one, oneUse) = NewGateway();
        var (other, otherUse) = NewGateway();
        await one.ReserveAsync(Cancellation);
        Assert.Equal(KeyUse.Block, await ReservedAsync());
        await other.ReserveAsync(Cancellation);
        await one.ReserveAsync(Cancellation);
        Assert.Equal(2 * KeyUse.Block, await ReservedAsync());

        oneUse.Add(KeyUse.Block / 2);
        await one.ReserveAsync(Cancellation);
        Assert.Equal(2 * KeyUse.Block, await ReservedAsync());
        oneUse.Add();
        await one.ReserveAsync(Cancellation);
        otherUse.Add(KeyUse.Block);
        await other.ReserveAsync(Cancellation);
        Assert.Equal(4 * KeyUse.Block, await ReservedAsync());

        // Started anew, it knows nothing of what it had reserved.
        await NewGateway().Ledger.ReserveAsync(Cancellation);
        Assert.Equal(5 * KeyUse.Block, await ReservedAsync());
        Assert.Equal("", _log.Text);
    }

    [Fact]
    public async Task While_Postgres_is_away_it_is_counted_in_memory_and_reserved_later()
    {
        await using var nowhere = new StoreUnderTest("Host=127.0.0.1;Port=1;Username=eg_gateway;Timeout=1");
        var use = new KeyUse(1, _key);
        using (var away = Ledger(nowhere, use))
        {
            await away.ReserveAsync(Cancellation);
            use.Add(KeyUse.Bound);
            await away.ReserveAsync(Cancellation);
        }
        Assert.Single(Lines("can't be counted in Postgres now"));
        Assert.Single(Lines("Error ", "100 %"));

        using var back = Ledger(_store, use);
        await back.ReserveAsync(Cancellation);
        Assert.Equal(KeyUse.Bound + KeyUse.Block, await ReservedAsync());
    }

    [Fact]
    public async Task It_is_warned_of_at_three_quarters_and_an_error_at_the_whole_each_once_a_day_and_goes_on()
    {
        var (ledger, use) = NewGateway();
        use.Add((3L << 30) - (3 * KeyUse.Block));
        await ledger.ReserveAsync(Cancellation);
        Assert.Equal("", _log.Text);

        use.Add(3 * KeyUse.Block);
        await ledger.ReserveAsync(Cancellation);
        await ledger.ReserveAsync(Cancellation);
        Assert.Single(Lines("Warning ", $"Key 1 ({Convert.ToHexStringLower(KeyUse.NameOf(_key))}) of the ring \"answers\"", "75.0", "gateway keys activate"));
        Assert.DoesNotContain(Convert.ToBase64String(_key)[..16], _log.Text, StringComparison.Ordinal);

        _clock.Advance(TimeSpan.FromDays(1));
        await ledger.ReserveAsync(Cancellation);
        Assert.Equal(2, Lines("Warning ").Count);

        use.Add(1L << 30);
        await ledger.ReserveAsync(Cancellation);
        Assert.Single(Lines("Error ", "activate a new key now"));

        // A gateway that starts hears of it at once.
        await NewGateway().Ledger.ReserveAsync(Cancellation);
        Assert.Equal(2, Lines("Error ").Count);
    }

    [Fact]
    public async Task One_that_seals_little_hears_within_an_hour_what_the_others_used()
    {
        var (idle, _) = NewGateway();
        await idle.ReserveAsync(Cancellation);
        var (busy, use) = NewGateway();
        use.Add(KeyUse.Bound);
        await busy.ReserveAsync(Cancellation);
        await idle.ReserveAsync(Cancellation);
        Assert.Single(Lines("Error "));
        _clock.Advance(TimeSpan.FromHours(1));
        await idle.ReserveAsync(Cancellation);
        Assert.Equal(2, Lines("Error ").Count);
    }

    [Theory]
    [InlineData("SELECT reserve_key_use('answers', 1::smallint, '\\x0011223344556677', -1)")]
    [InlineData("SELECT reserve_key_use('answers', 1::smallint, '\\x00', 1)")]
    [InlineData("SELECT reserve_key_use('answers', 256::smallint, '\\x0011223344556677', 1)")]
    [InlineData("UPDATE key_use SET messages = 0")]
    [InlineData("DELETE FROM key_use")]
    [InlineData("SELECT * FROM key_use")]
    public async Task Nobody_lowers_a_count(string sql) => await Assert.ThrowsAsync<Npgsql.PostgresException>(() => fixture.Database.ExecuteAsync(StoreRole.Gateway, sql));

    [Fact]
    public async Task Reservations_at_the_same_time_all_count()
    {
        await Parallel.ForAsync(0, 40, new ParallelOptions { MaxDegreeOfParallelism = 10, CancellationToken = Cancellation }, async (_, _) => await NewGateway().Ledger.ReserveAsync(Cancellation));
        Assert.Equal(40 * KeyUse.Block, await ReservedAsync());
    }

    private (KeyUseLedger Ledger, KeyUse Use) NewGateway()
    {
        var use = new KeyUse(1, _key);
        return (Ledger(_store, use), use);
    }

    private KeyUseLedger Ledger(StoreUnderTest store, KeyUse use)
    {
        var logger = LoggerFactory.Create(log => log.AddProvider(_log)).CreateLogger<KeyUseLedger>();
        return new KeyUseLedger(store.Pools, store.Health, [(Ring, use)], _clock, logger);
    }

    private Task<long> ReservedAsync() =>
        fixture.Database.ReadAsync<long>("SELECT messages FROM eligibility.key_use WHERE (ring, key_id, key_name) = ('answers', 1, $1)", KeyUse.NameOf(_key));

    private List<string> Lines(params string[] with) => [.. _log.Text.Split('\n').Where(line => with.All(word => line.Contains(word, StringComparison.Ordinal)))];
}
