using Dapper;
using EligibilityGateway.Gateway.Cards;
using EligibilityGateway.Gateway.Feeds.CardOffice;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Rules.Cards;
using EligibilityGateway.Rules.Facts;
using Npgsql;

namespace EligibilityGateway.Gateway.Tests.Feeds.CardOffice;

public sealed class CardOfficeFeedTests(TestStores stores) : IAsyncLifetime
{
    private static readonly DateTimeOffset Morning = new(2026, 10, 15, 9, 0, 0, TimeSpan.FromHours(9));
    private static readonly CardState Fresh = new(CardStatus.InUse, Morning.AddYears(-1), Registered: true, RegistrationChannel.Portal);

    private TestDatabase _database = null!;
    private NpgsqlDataSource _store = null!;
    private CardOfficeFeed _feed = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await stores.CreateDatabaseAsync();
        _store = NpgsqlDataSource.Create(_database.ConnectionString(StoreRole.CardOffice));
        _feed = new CardOfficeFeed(_store);
        await using var connection = await _database.OpenAsSuperuserAsync();
        await connection.ExecuteAsync("INSERT INTO eligibility.person (person_id) VALUES (1), (2)");
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_card_is_bound_once_and_to_one_person()
    {
        Assert.Equal(CardOfficeOutcome.Done, await BindAsync(1, 1));
        Assert.Equal(CardOfficeOutcome.AlreadySo, await BindAsync(1, 1));
        Assert.Equal(CardOfficeOutcome.BoundToAnother, await BindAsync(2, 1));
        Assert.Equal(CardOfficeOutcome.PersonUnknown, await BindAsync(3, 2));
    }

    [Fact]
    public async Task A_lost_card_is_lost_until_found_and_each_report_raises_the_version()
    {
        await BindAsync(1, 1);
        var version = await VersionAsync(1);
        Assert.Equal(CardOfficeOutcome.Done, await _feed.ReportLostAsync(Key(1), Morning, Cancellation));
        Assert.Equal(CardOfficeOutcome.AlreadySo, await _feed.ReportLostAsync(Key(1), Morning, Cancellation));
        Assert.Equal((short)CardStatus.Lost, (await LatestAsync(1)).Status);
        Assert.Equal(version + 1, await VersionAsync(1));
        Assert.Equal(CardOfficeOutcome.Done, await _feed.ReportFoundAsync(Key(1), Morning, Cancellation));
        Assert.True((await LatestAsync(1)).Registered);
    }

    [Fact]
    public async Task A_revoked_card_does_not_come_back()
    {
        await BindAsync(1, 1);
        Assert.Equal(CardOfficeOutcome.Done, await _feed.RevokeAsync(Key(1), Morning, Cancellation));
        Assert.Equal(CardOfficeOutcome.AlreadySo, await _feed.RevokeAsync(Key(1), Morning, Cancellation));
        Assert.Equal(CardOfficeOutcome.NotFromThisState, await _feed.ReportFoundAsync(Key(1), Morning, Cancellation));
        Assert.Equal(CardOfficeOutcome.NotFromThisState, await _feed.ReportLostAsync(Key(1), Morning, Cancellation));
    }

    [Fact]
    public async Task A_reissued_card_takes_the_registration_over()
    {
        await BindAsync(1, 1);
        await BindAsync(1, 2, Fresh with { Registered = false, Channel = null });
        Assert.Equal(CardOfficeOutcome.Done, await _feed.ReplaceAsync(Key(1), Key(2), Morning, Cancellation));
        Assert.Equal(CardOfficeOutcome.AlreadySo, await _feed.ReplaceAsync(Key(1), Key(2), Morning, Cancellation));
        Assert.Equal((short)CardStatus.Replaced, (await LatestAsync(1)).Status);
        Assert.Equal(((short)CardStatus.InUse, true, (short?)RegistrationChannel.CarriedOver), await LatestAsync(2));
    }

    [Fact]
    public async Task A_card_replaces_none_of_another_person()
    {
        await BindAsync(1, 1);
        await BindAsync(2, 2);
        Assert.Equal(CardOfficeOutcome.BoundToAnother, await _feed.ReplaceAsync(Key(1), Key(2), Morning, Cancellation));
        Assert.Equal((short)CardStatus.InUse, (await LatestAsync(1)).Status);
    }

    // The certificates of a person's card and phone are different ones, and each is revoked for itself. What becomes of the plastic card matters
    // to the phone: its version tells.
    [Theory]
    [InlineData(1, 2, CardStatus.Revoked)]
    [InlineData(2, 1, CardStatus.Revoked)]
    [InlineData(1, 2, CardStatus.Lost)]
    [InlineData(2, 1, CardStatus.Lost)]
    public async Task A_phone_and_the_plastic_card_end_apart(byte ended, byte kept, CardStatus how)
    {
        await BindAsync(1, 1);
        await BindAsync(1, 2, carrier: CardCarrier.Phone);
        var version = await VersionAsync(kept);
        Assert.Equal(
            CardOfficeOutcome.Done,
            how == CardStatus.Lost
                ? await _feed.ReportLostAsync(Key(ended), Morning, Cancellation)
                : await _feed.RevokeAsync(Key(ended), Morning, Cancellation));
        Assert.Equal((short)how, (await LatestAsync(ended)).Status);
        Assert.Equal((short)CardStatus.InUse, (await LatestAsync(kept)).Status);
        Assert.Equal(ended == 1 ? version + 1 : version, await VersionAsync(kept));
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(3, 1)]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    public async Task A_card_replaces_neither_a_phone_nor_itself(byte old, byte fresh)
    {
        await BindAsync(1, 1);
        await BindAsync(1, 3, carrier: CardCarrier.Phone);
        Assert.Equal(CardOfficeOutcome.NoReplacement, await _feed.ReplaceAsync(Key(old), Key(fresh), Morning, Cancellation));
        Assert.Equal((short)CardStatus.InUse, (await LatestAsync(old)).Status);
        Assert.Equal((short)CardStatus.InUse, (await LatestAsync(fresh)).Status);
    }

    [Fact]
    public async Task A_new_phone_replaces_the_old_one_and_the_plastic_card_stays_in_use()
    {
        await BindAsync(1, 1);
        await BindAsync(1, 2, carrier: CardCarrier.Phone);
        await BindAsync(1, 3, Fresh with { Registered = false, Channel = null }, CardCarrier.Phone);
        Assert.Equal(CardOfficeOutcome.Done, await _feed.ReplaceAsync(Key(2), Key(3), Morning, Cancellation));
        Assert.Equal((short)CardStatus.Replaced, (await LatestAsync(2)).Status);
        Assert.True((await LatestAsync(3)).Registered);
        Assert.Equal((short)CardStatus.InUse, (await LatestAsync(1)).Status);
    }

    [Fact]
    public async Task A_corrected_state_is_a_new_revision_and_the_same_again_is_none()
    {
        await BindAsync(1, 1);
        await _feed.ReportLostAsync(Key(1), Morning, Cancellation);
        Assert.Equal(CardOfficeOutcome.Done, await _feed.CorrectAsync(Key(1), Fresh, Cancellation));
        Assert.Equal(CardOfficeOutcome.AlreadySo, await _feed.CorrectAsync(Key(1), Fresh, Cancellation));
        Assert.Equal((short)CardStatus.InUse, (await LatestAsync(1)).Status);
    }

    [Fact]
    public async Task Unknown_cards_are_told()
    {
        Assert.Equal(CardOfficeOutcome.CardUnknown, await _feed.ReportLostAsync(Key(9), Morning, Cancellation));
        Assert.Equal(CardOfficeOutcome.CardUnknown, await _feed.RevokeAsync(Key(9), Morning, Cancellation));
        Assert.Equal(CardOfficeOutcome.CardUnknown, await _feed.CorrectAsync(Key(9), Fresh, Cancellation));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Guid Key(byte card) => Certificate(card).CardKey;

    private static CertificateFacts Certificate(byte card)
    {
        var fingerprint = Enumerable.Repeat(card, 32).ToArray();
        var modulus = Enumerable.Repeat((byte)0xC1, 256).ToArray();
        return new(CardKey.OfFingerprint(fingerprint), fingerprint, [card], new byte[32], modulus, 65_537, Morning.AddYears(-1), Morning.AddYears(4));
    }

    private Task<CardOfficeOutcome> BindAsync(long person, byte card, CardState? state = null, CardCarrier carrier = CardCarrier.Plastic) =>
        _feed.BindAsync(person, Certificate(card), carrier, state ?? Fresh, Cancellation);

    private async Task<long> VersionAsync(byte card)
    {
        await using var connection = await _database.OpenAsSuperuserAsync();
        return await connection.ExecuteScalarAsync<long>("SELECT version FROM eligibility.card WHERE card_key = @key", new { key = Key(card) });
    }

    private async Task<(short Status, bool Registered, short? Channel)> LatestAsync(byte card)
    {
        await using var connection = await _database.OpenAsSuperuserAsync();
        return await connection.QueryFirstAsync<(short, bool, short?)>(
            "SELECT status, registered, channel FROM eligibility.card_state WHERE card_key = @key ORDER BY revision DESC", new { key = Key(card) });
    }
}
