using System.Text;
using Dapper;
using EligibilityGateway.Gateway.Cards;
using EligibilityGateway.Gateway.Feeds.CardOffice;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Rules.Cards;
using EligibilityGateway.Rules.Facts;
using EligibilityGateway.Rules.Tests.Cards;
using Npgsql;

namespace EligibilityGateway.Gateway.Tests.Feeds.CardOffice;

/// <summary>By hand and by file an event makes the same of a card, and the store refuses what neither would write.</summary>
public sealed class CardLifeWaysTests(ClassDatabase database) : IClassFixture<ClassDatabase>, IAsyncLifetime
{
    private const long Person = 1;
    private static readonly DateTimeOffset Morning = new(2026, 10, 15, 9, 0, 0, TimeSpan.FromHours(9));
    private static readonly DateOnly LastDay = new(2036, 1, 1), Later = new(2036, 6, 1);

    private NpgsqlDataSource _store = null!;
    private CardOfficeFeed _feed = null!;
    private CertificateFacts _card = null!;
    private CertificateFacts _spare = null!;

    public async ValueTask InitializeAsync()
    {
        _store = NpgsqlDataSource.Create(database.Database.ConnectionString(StoreRole.CardOffice));
        _feed = new CardOfficeFeed(_store);
        await using var connection = await database.Database.OpenAsSuperuserAsync();
        await connection.ExecuteAsync("INSERT INTO eligibility.person (person_id) VALUES (@Person) ON CONFLICT DO NOTHING", new { Person });
        (_card, _spare) = (Certificate(), Certificate());
        foreach (var card in (CertificateFacts[])[_card, _spare])
            Assert.Equal(CardOfficeOutcome.Done, await _feed.BindAsync(Person, card, CardCarrier.Plastic, StateOf(CardStatus.InUse), Cancellation));
    }

    public async ValueTask DisposeAsync()
    {
        await using (var connection = await database.Database.OpenAsSuperuserAsync())
            await connection.ExecuteAsync("TRUNCATE eligibility.card CASCADE");
        await _store.DisposeAsync();
    }

    [Theory, MemberData(nameof(CardLifeCases.All), MemberType = typeof(CardLifeCases))]
    public async Task By_hand(CardStatus from, CardEventKind kind, CardStatus? to)
    {
        await BeginAsync(from);
        var outcome = await (kind switch
        {
            CardEventKind.Lost => _feed.ReportLostAsync(_card.CardKey, Morning, Cancellation),
            CardEventKind.Found => _feed.ReportFoundAsync(_card.CardKey, Morning, Cancellation),
            CardEventKind.Revoked => _feed.RevokeAsync(_card.CardKey, Morning, Cancellation),
            CardEventKind.Died => _feed.ReportDiedAsync(_card.CardKey, Morning, Cancellation),
            CardEventKind.Replaced => _feed.ReplaceAsync(_card.CardKey, _spare.CardKey, Morning, Cancellation),
            CardEventKind.Registered => _feed.ReportRegisteredAsync(_card.CardKey, RegistrationChannel.Portal, Morning, Cancellation),
            CardEventKind.Extended => _feed.ExtendAsync(_card.CardKey, Later, Morning, Cancellation),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        });
        Assert.Equal(to is null, outcome == CardOfficeOutcome.NotFromThisState);
        Assert.Equal(to ?? from, await LatestAsync());
    }

    [Theory, MemberData(nameof(CardLifeCases.All), MemberType = typeof(CardLifeCases))]
    public async Task By_file(CardStatus from, CardEventKind kind, CardStatus? to)
    {
        await BeginAsync(from);
        var (channel, replacedBy, until) = kind switch
        {
            CardEventKind.Registered => ("portal", "", ""),
            CardEventKind.Replaced => ("", _spare.CardKey.ToString(), ""),
            CardEventKind.Extended => ("", "", "2036-06-01"),
            _ => ("", "", ""),
        };
        using var file = new MemoryStream(Encoding.UTF8.GetBytes(
            $"""
            sequence,kind,card,at,person,certificate,carrier,channel,replaced_by,until,term
            1,{kind.ToString().ToLowerInvariant()},{_card.CardKey},2026-10-15T09:00:00+09:00,,,,{channel},{replacedBy},{until},

            """));
        var outcome = await new CardImport(_store, TrustAnchors.Load(TestTown.CardAuthoritiesFolder), TimeProvider.System).ImportAsync(file, _ => { }, Cancellation);
        Assert.Equal(to is null ? 1 : 0, outcome.Errors);
        Assert.Equal(to ?? from, await LatestAsync());
    }

    // The second wall: whoever writes the row, and however old the program is that does.
    [Theory]
    [InlineData(CardStatus.HolderDied, CardStatus.Revoked)]
    [InlineData(CardStatus.HolderDied, CardStatus.Replaced)]
    [InlineData(CardStatus.HolderDied, CardStatus.InUse)]
    [InlineData(CardStatus.Revoked, CardStatus.InUse)]
    [InlineData(CardStatus.Revoked, CardStatus.Lost)]
    [InlineData(CardStatus.Replaced, CardStatus.InUse)]
    public async Task The_store_refuses_a_state_that_no_event_leads_to(CardStatus from, CardStatus to)
    {
        await BeginAsync(from);
        await using var connection = await _store.OpenConnectionAsync(Cancellation);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync(
            """
            INSERT INTO card_state (card_key, revision, status, since, registered, channel, until_day, term)
            SELECT card_key, revision + 1, @to, since, registered, channel, until_day, term FROM card_state WHERE card_key = @key ORDER BY revision DESC LIMIT 1
            """,
            new { to = (short)to, key = _card.CardKey }));
        Assert.Equal("card_state_follows", refused.ConstraintName);
        Assert.Equal(from, await LatestAsync());
        // The office's own mistake is corrected nevertheless, and says that it is a correction.
        Assert.Equal(CardOfficeOutcome.Done, await _feed.CorrectAsync(_card.CardKey, StateOf(to), Cancellation));
        Assert.Equal(to, await LatestAsync());
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private async Task BeginAsync(CardStatus status)
    {
        if (status != CardStatus.InUse) Assert.Equal(CardOfficeOutcome.Done, await _feed.CorrectAsync(_card.CardKey, StateOf(status), Cancellation));
    }

    private static CardState StateOf(CardStatus status) => new(status, Morning.AddYears(-1), Registered: false, Channel: null, LastDay, CardTerm.PeriodOfStay);

    private static CertificateFacts Certificate()
    {
        var fingerprint = Guid.NewGuid().ToByteArray().Concat(Guid.NewGuid().ToByteArray()).ToArray();
        return new(CardKey.OfFingerprint(fingerprint), fingerprint, fingerprint[..8], new byte[32], Enumerable.Repeat((byte)0xC1, 256).ToArray(), 65_537, Morning.AddYears(-1), Morning.AddYears(4));
    }

    private async Task<CardStatus> LatestAsync() => (CardStatus)await database.Database.ReadAsync<short>(
        "SELECT status FROM eligibility.card_state WHERE card_key = $1 ORDER BY revision DESC LIMIT 1", _card.CardKey);
}
