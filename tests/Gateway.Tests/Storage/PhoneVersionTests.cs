using Dapper;
using EligibilityGateway.Gateway.Cards;
using EligibilityGateway.Gateway.Feeds.CardOffice;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Rules.Cards;
using EligibilityGateway.Rules.Facts;
using Npgsql;

namespace EligibilityGateway.Gateway.Tests.Storage;

/// <summary>
/// A phone's version proves the plastic card that it was made with, too: whatever becomes of that raises it, in whatever order the card
/// office's transactions meet.
/// </summary>
public sealed class PhoneVersionTests(ClassDatabase fixture) : IClassFixture<ClassDatabase>, IAsyncLifetime
{
    private const byte Plastic = 1, Phone = 2, Another = 3;

    /// <summary>Of a card whose certificate and first state are in, and of which nothing else was reported.</summary>
    private const long FirstVersion = 3;

    private static readonly DateTimeOffset Morning = new(2026, 10, 15, 9, 0, 0, TimeSpan.FromHours(9));
    private static readonly CardState InUse = new(CardStatus.InUse, Morning, Registered: false, Channel: null);
    private static int _lastPerson;

    private readonly TestDatabase _database = fixture.Database;
    private readonly int _person = Interlocked.Increment(ref _lastPerson);
    private NpgsqlDataSource _store = null!;
    private CardOfficeFeed _feed = null!;

    /// <summary>What the card office reports of the plastic card, and whether that is anything to the phone.</summary>
    public static TheoryData<string, bool> Reports => new()
    {
        { "lost", true }, { "revoked", true }, { "replaced", true }, { "extended", true }, { "bound", true }, { "registered", false },
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = NpgsqlDataSource.Create(_database.ConnectionString(StoreRole.CardOffice));
        _feed = new CardOfficeFeed(_store);
        await _database.AddPersonAsync(_person);
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Theory]
    [MemberData(nameof(Reports))]
    public async Task What_becomes_of_a_plastic_card_raises_its_holders_phones_and_nobody_elses(string report, bool raises)
    {
        await BindAsync(Plastic);
        await BindAsync(Phone, CardCarrier.Phone);
        if (report == "replaced") await BindAsync(Another);
        var stranger = Interlocked.Increment(ref _lastPerson);
        await _database.AddPersonAsync(stranger);
        var strangers = Key(stranger, Phone);
        await _feed.BindAsync(stranger, Certificate(stranger, Phone), CardCarrier.Phone, InUse, Cancellation);
        var (before, strangersBefore) = (await VersionAsync(Phone), await _database.CardVersionAsync(strangers));

        await ReportAsync(report);

        Assert.Equal(raises, await VersionAsync(Phone) > before);
        Assert.Equal(strangersBefore, await _database.CardVersionAsync(strangers));
    }

    [Fact]
    public async Task What_becomes_of_a_phone_raises_no_other_card()
    {
        await BindAsync(Plastic);
        await BindAsync(Phone, CardCarrier.Phone);
        await BindAsync(Another, CardCarrier.Phone);
        var before = (await VersionAsync(Plastic), await VersionAsync(Another));
        Assert.Equal(CardOfficeOutcome.Done, await _feed.RevokeAsync(Key(Phone), Morning, Cancellation));
        Assert.Equal(before, (await VersionAsync(Plastic), await VersionAsync(Another)));
    }

    // The change could not see the phone and raise it: so nobody may see the phone without the change.
    [Fact]
    public async Task A_phone_that_is_bound_while_the_plastic_card_changes_is_there_only_after_the_change()
    {
        await BindAsync(Plastic);
        await using var office = await HoldTurnAsync();
        await office.Connection.ExecuteAsync(
            "INSERT INTO card_state (card_key, revision, status, since, registered) VALUES (@key, 1, 3, now(), false)", new { key = Key(Plastic) });
        var binding = BindAsync(Phone, CardCarrier.Phone);
        await _database.UntilSomebodyWaitsForALockAsync();
        Assert.False(binding.IsCompleted);
        await office.CommitAsync();
        await binding;
        Assert.Equal(FirstVersion, await VersionAsync(Phone));
    }

    // The statement that finds the phones to raise must see one whose binding was committed while it waited.
    [Theory]
    [MemberData(nameof(Reports))]
    public async Task A_change_that_waited_for_the_binding_of_a_phone_raises_it(string report, bool raises)
    {
        await BindAsync(Plastic);
        if (report == "replaced") await BindAsync(Another);
        await using var binding = await BeginBindingPhoneAsync();
        var reporting = ReportAsync(report);
        await _database.UntilSomebodyWaitsForALockAsync();
        Assert.False(reporting.IsCompleted);
        await binding.CommitAsync();
        await reporting;
        Assert.Equal(raises, await VersionAsync(Phone) > FirstVersion);
    }

    // The first card and the first phone of a person: neither could see the other's row, and nothing of either is there to be locked.
    [Fact]
    public async Task The_binding_of_a_plastic_card_that_waited_for_that_of_a_phone_raises_it()
    {
        await using var binding = await BeginBindingPhoneAsync();
        var plastic = BindAsync(Plastic);
        await _database.UntilSomebodyWaitsForALockAsync();
        await binding.CommitAsync();
        await plastic;
        Assert.True(await VersionAsync(Phone) > FirstVersion);
    }

    [Fact]
    public async Task A_card_that_is_registered_at_a_reader_waits_for_no_turn_of_the_card_office()
    {
        await BindAsync(Plastic);
        await using var office = await HoldTurnAsync();
        // As record_look_ups calls it.
        await using var reader = await _database.OpenAsync(StoreRole.Owner);
        Assert.True(await reader.ExecuteScalarAsync<bool>("SELECT register_card(@key, now())", new { key = Key(Plastic) }));
    }

    // Whatever meets: nobody waits crosswise, and each change of the plastic card's state or last day is in the phone's version.
    [Fact]
    public async Task However_many_report_at_once_none_fails_and_each_change_is_in_the_phones_version()
    {
        await BindAsync(Plastic);
        await BindAsync(Another);
        await BindAsync(Phone, CardCarrier.Phone);
        var before = await VersionAsync(Phone);
        Func<Task>[] reports =
        [
            () => _feed.ReportLostAsync(Key(Plastic), Morning, Cancellation),
            () => _feed.ReportFoundAsync(Key(Plastic), Morning, Cancellation),
            () => _feed.ReportLostAsync(Key(Phone), Morning, Cancellation),
            () => _feed.ReportFoundAsync(Key(Phone), Morning, Cancellation),
            () => _feed.ReportRegisteredAsync(Key(Another), RegistrationChannel.Portal, Morning, Cancellation),
            () => _feed.CorrectAsync(Key(Another), InUse with { LastDay = new DateOnly(2030, 1, 1) }, Cancellation),
            () => _feed.CorrectAsync(Key(Another), InUse with { LastDay = new DateOnly(2031, 1, 1) }, Cancellation),
        ];
        var random = new Random(12);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var n = 0; n < 20; n++)
            {
                Func<Task> report;
                lock (random) report = reports[random.Next(reports.Length)];
                await report();
            }
        })));
        var changes = await _database.ReadAsync<long>(
            """
            SELECT count(*) FROM card_state n JOIN card_state b ON b.card_key = n.card_key AND b.revision = n.revision - 1
             WHERE n.card_key = ANY ($1) AND (n.status, n.until_day) IS DISTINCT FROM (b.status, b.until_day)
            """,
            new[] { Key(Plastic), Key(Another) });
        var own = await _database.ReadAsync<long>("SELECT max(revision) FROM card_state WHERE card_key = $1", Key(Phone));
        Assert.Equal(before + changes + own, await VersionAsync(Phone));
    }

    private Task ReportAsync(string report) => report switch
    {
        "lost" => _feed.ReportLostAsync(Key(Plastic), Morning, Cancellation),
        "revoked" => _feed.RevokeAsync(Key(Plastic), Morning, Cancellation),
        "replaced" => _feed.ReplaceAsync(Key(Plastic), Key(Another), Morning, Cancellation),
        "extended" => _feed.ExtendAsync(Key(Plastic), new DateOnly(2030, 1, 1), Morning, Cancellation),
        "bound" => BindAsync(Another),
        _ => _feed.ReportRegisteredAsync(Key(Plastic), RegistrationChannel.Portal, Morning, Cancellation),
    };

    private async Task BindAsync(byte card, CardCarrier carrier = CardCarrier.Plastic) =>
        Assert.Equal(CardOfficeOutcome.Done, await _feed.BindAsync(_person, Certificate(_person, card), carrier, InUse, Cancellation));

    private Guid Key(byte card) => Key(_person, card);

    private static Guid Key(int person, byte card) => Certificate(person, card).CardKey;

    private static CertificateFacts Certificate(int person, byte card)
    {
        var fingerprint = new byte[32];
        BitConverter.TryWriteBytes(fingerprint, person);
        fingerprint[8] = card;
        return new(CardKey.OfFingerprint(fingerprint), fingerprint, [card], new byte[32], new byte[256], 65_537, Morning.AddYears(-1), Morning.AddYears(4));
    }

    private Task<long> VersionAsync(byte card) => _database.CardVersionAsync(Key(card));

    /// <summary>A transaction of the card office's that has its turn and has changed nothing yet.</summary>
    private async Task<OpenTransaction> HoldTurnAsync()
    {
        var office = await OpenTransaction.BeginAsync(_database);
        await office.Connection.ExecuteAsync("SELECT lock_cards('{}'::uuid[])");
        return office;
    }

    /// <summary>A transaction that has bound a phone, and is not committed.</summary>
    private async Task<OpenTransaction> BeginBindingPhoneAsync()
    {
        var office = await OpenTransaction.BeginAsync(_database);
        await office.Connection.ExecuteAsync(
            """
            INSERT INTO card (card_key, person_id) VALUES (@key, @person);
            INSERT INTO card_certificate (card_key, fingerprint, serial, anchor, modulus, exponent, not_before, not_after, carrier)
            VALUES (@key, @anchor, '\x01', @anchor, @modulus, 65537, now(), now(), 2);
            INSERT INTO card_state (card_key, revision, status, since, registered) VALUES (@key, 0, 1, now(), false);
            """,
            new { key = Key(Phone), person = (long)_person, anchor = new byte[32], modulus = new byte[256] });
        return office;
    }

    private sealed class OpenTransaction(NpgsqlConnection connection, NpgsqlTransaction transaction) : IAsyncDisposable
    {
        public NpgsqlConnection Connection { get; } = connection;

        public static async Task<OpenTransaction> BeginAsync(TestDatabase database)
        {
            var connection = await database.OpenAsync(StoreRole.CardOffice);
            return new OpenTransaction(connection, await connection.BeginTransactionAsync(Cancellation));
        }

        public Task CommitAsync() => transaction.CommitAsync(Cancellation);

        public async ValueTask DisposeAsync()
        {
            await transaction.DisposeAsync();
            await Connection.DisposeAsync();
        }
    }
}
