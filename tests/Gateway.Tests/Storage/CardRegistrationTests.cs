using EligibilityGateway.Gateway.Storage;

namespace EligibilityGateway.Gateway.Tests.Storage;

public sealed class CardRegistrationTests(ClassDatabase fixture) : IClassFixture<ClassDatabase>, IAsyncLifetime
{
    private static readonly DateTime Moment = new(2026, 10, 15, 0, 0, 0, DateTimeKind.Utc);
    private static long _lastPerson;

    private readonly TestDatabase _database = fixture.Database;
    private readonly long _person = Interlocked.Increment(ref _lastPerson);

    public async ValueTask InitializeAsync() => await _database.AddPersonAsync(_person);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_card_in_use_is_registered_by_a_new_state_that_raises_its_version()
    {
        var card = await _database.AddCardAsync(_person);
        var before = await _database.CardVersionAsync(card);

        Assert.True(await RegisterAsync(card));

        Assert.Equal(before + 1, await _database.CardVersionAsync(card));
        Assert.Equal(
            "1 1 true 1",
            await _database.ReadAsync<string>(
                "SELECT concat_ws(' ', revision, status, CASE WHEN registered THEN 'true' ELSE 'false' END, channel) FROM card_state WHERE card_key = $1 ORDER BY revision DESC LIMIT 1", card));
        Assert.Equal(Moment, await _database.ReadAsync<DateTime>("SELECT since FROM card_state WHERE card_key = $1 AND revision = 1", card));
    }

    [Fact]
    public async Task A_registered_card_stays_as_it_is()
    {
        var card = await _database.AddCardAsync(_person, registered: true);
        var before = await _database.CardVersionAsync(card);
        Assert.False(await RegisterAsync(card));
        Assert.Equal(before, await _database.CardVersionAsync(card));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_card_lost_revoked_or_replaced_is_not_registered(short status)
    {
        var card = await _database.AddCardAsync(_person, status);
        Assert.False(await RegisterAsync(card));
        Assert.Equal(1, await _database.ReadAsync<long>("SELECT count(*) FROM card_state WHERE card_key = $1", card));
    }

    [Fact]
    public async Task The_latest_state_counts()
    {
        var card = await _database.AddCardAsync(_person);
        await _database.AddCardStateAsync(card, 1, status: 2, registered: false);
        Assert.False(await RegisterAsync(card));
    }

    [Fact]
    public async Task An_unknown_card_is_not_registered() => Assert.False(await RegisterAsync(Guid.NewGuid()));

    [Fact]
    public async Task Of_two_readers_at_once_one_registers()
    {
        var card = await _database.AddCardAsync(_person);
        var registered = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => RegisterAsync(card)));
        Assert.Single(registered, done => done);
    }

    private async Task<bool> RegisterAsync(Guid card)
    {
        // As record_look_ups calls it.
        await using var connection = await _database.OpenAsync(StoreRole.Owner);
        await using var command = new Npgsql.NpgsqlCommand("SELECT register_card($1, $2)", connection)
        {
            Parameters = { new() { Value = card }, new() { Value = Moment } },
        };
        return (bool)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
