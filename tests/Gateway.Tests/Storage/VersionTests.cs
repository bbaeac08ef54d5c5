using EligibilityGateway.Gateway.Storage;
using Npgsql;

namespace EligibilityGateway.Gateway.Tests.Storage;

/// <summary>Every statement that changes what an answer depends on raises the versions of those concerned, once, and of nobody else.</summary>
public sealed class VersionTests(ClassDatabase fixture) : IClassFixture<ClassDatabase>, IAsyncLifetime
{
    private static long _lastId;

    private readonly TestDatabase _database = fixture.Database;
    private readonly long _person = NextId();
    private readonly long _otherPerson = NextId();
    private readonly long _bystander = NextId();

    /// <summary>One statement for each table of facts, stating one of person $2 and two of person $3.</summary>
    public static TheoryData<string> FactStatements =>
    [
        "INSERT INTO coverage (coverage_id, revision, person_id, insurer_number, number, relation, acquired_on) SELECT $1 + n, 0, p, '06130012', $1::text, 1, '2020-04-01' FROM who",
        "INSERT INTO burden (burden_id, revision, person_id, coverage_id, percent, issued_on, valid_from) SELECT $1 + n, 0, p, 1, 20, '2026-08-01', '2026-08-01' FROM who",
        "INSERT INTO benefit_limit (limit_id, revision, person_id, coverage_id, certificate_class, limit_class, issued_on, valid_from) SELECT $1 + n, 0, p, 1, '01', 'B05', '2026-08-01', '2026-08-01' FROM who",
        "INSERT INTO specific_disease (disease_id, revision, person_id, coverage_id, category, monthly_limit_yen, issued_on, valid_from) SELECT $1 + n, 0, p, 1, 1, 10000, '2026-08-01', '2026-08-01' FROM who",
        "INSERT INTO eligibility_certificate (certificate_id, revision, person_id, coverage_id, issued_on, valid_until) SELECT $1 + n, 0, p, 1, '2026-08-01', '2027-07-31' FROM who",
        "INSERT INTO clinical_fact (fact_id, revision, person_id, kind, happened_on) SELECT $1 + n, 0, p, 1, '2026-08-01' FROM who",
        "INSERT INTO withheld_limit (withheld_id, revision, person_id, coverage_id, valid_from) SELECT $1 + n, 0, p, 1, '2026-08-01' FROM who",
        "INSERT INTO medical_ticket (ticket_id, revision, person_id, coverage_id, valid_from, valid_until, treatment_month, institution_code, self_pay_yen) SELECT $1 + n, 0, p, 1, '2026-10-01', '2026-10-31', '2026-10-01', '0110113719', 0 FROM who",
        "INSERT INTO person_detail (person_id, revision, valid_from, name, sex, birth_date) SELECT p, $1 + n, '2026-08-01', 'Another Name', 1, '1980-01-01' FROM who",
    ];

    public async ValueTask InitializeAsync()
    {
        await _database.AddInsurerAsync();
        foreach (var person in (long[])[_person, _otherPerson, _bystander]) await _database.AddPersonAsync(person);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [MemberData(nameof(FactStatements))]
    public async Task A_statement_of_facts_raises_each_of_its_persons_once(string statement)
    {
        var before = await VersionsAsync();

        await _database.ExecuteAsync(
            StoreRole.InsurerFeed, "WITH who (n, p) AS (VALUES (0, $2::bigint), (1, $3), (2, $3)) " + statement, (int)NextId(), _person, _otherPerson);

        Assert.Equal([before[0] + 1, before[1] + 1, before[2]], await VersionsAsync());
    }

    [Fact]
    public async Task Every_table_of_facts_is_among_them()
    {
        // A table that names a person and can be written by a feed, yet has no trigger, would let a stale answer through.
        var forgotten = await _database.ReadAsync<string[]>(
            """
            SELECT coalesce(array_agg(c.relname::text), '{}') FROM pg_class c
            WHERE c.relnamespace = 'eligibility'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname NOT IN ('person', 'card', 'insurer') AND c.relname NOT LIKE 'insurer\_batch%' AND c.relname <> 'insurer_delivery'
              -- Nor do answers depend on these.
              AND c.relname NOT LIKE 'card\_application%' AND c.relname NOT LIKE 'medical\_expense%' AND c.relname NOT IN ('person_review', 'card_office_file')
              AND (has_table_privilege('eg_insurer_feed', c.oid, 'INSERT') OR has_table_privilege('eg_card_office', c.oid, 'INSERT'))
              AND NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname LIKE 'version\_1\_%' AND t.tgenabled = 'O')
            """);
        Assert.Empty(forgotten);
    }

    [Fact]
    public async Task A_refused_statement_raises_nothing()
    {
        var before = await VersionsAsync();
        var refused = await Assert.ThrowsAsync<PostgresException>(() => _database.ExecuteAsync(
            StoreRole.InsurerFeed,
            "INSERT INTO coverage (coverage_id, revision, person_id, insurer_number, number, relation, acquired_on, lost_on) VALUES ($1, 0, $2, $3, '1', 1, '2026-04-01', '2026-03-31')",
            NextId(), _person, KnownFacts.Insurer));
        Assert.Equal(PostgresErrorCodes.CheckViolation, refused.SqlState);
        Assert.Equal(before, await VersionsAsync());
    }

    [Fact]
    public async Task A_new_coverage_raises_the_key_of_its_numbers_from_absence()
    {
        var number = NextNumber();
        Assert.Equal(0, await _database.DocumentVersionAsync(number));
        await _database.AddCoverageAsync(NextId(), 0, _person, number);
        Assert.Equal(1, await _database.DocumentVersionAsync(number));
    }

    [Fact]
    public async Task Corrected_numbers_raise_the_old_key_and_the_new_one()
    {
        var (coverage, oldNumber, newNumber, unrelated) = (NextId(), NextNumber(), NextNumber(), NextNumber());
        await _database.AddCoverageAsync(coverage, 0, _person, oldNumber);
        await _database.AddCoverageAsync(NextId(), 0, _bystander, unrelated);

        await _database.AddCoverageAsync(coverage, 1, _person, newNumber);

        Assert.Equal(2, await _database.DocumentVersionAsync(oldNumber));
        Assert.Equal(1, await _database.DocumentVersionAsync(newNumber));
        Assert.Equal(1, await _database.DocumentVersionAsync(unrelated));
    }

    [Fact]
    public async Task Numbers_shared_by_a_family_are_raised_once_by_one_statement()
    {
        var number = NextNumber();
        await _database.ExecuteAsync(
            StoreRole.InsurerFeed,
            "INSERT INTO coverage (coverage_id, revision, person_id, insurer_number, symbol, number, relation, acquired_on) VALUES ($1, 0, $3, $5, 'S', $6, 1, '2020-04-01'), ($2, 0, $4, $5, 'S', $6, 2, '2020-04-01')",
            NextId(), NextId(), _person, _otherPerson, KnownFacts.Insurer, number);
        Assert.Equal(1, await _database.DocumentVersionAsync(number));
    }

    [Fact]
    public async Task A_corrected_birth_date_raises_the_keys_of_all_the_persons_coverages_and_no_other()
    {
        var (first, second, unrelated) = (NextNumber(), NextNumber(), NextNumber());
        await _database.AddCoverageAsync(NextId(), 0, _person, first);
        await _database.AddCoverageAsync(NextId(), 0, _person, second);
        await _database.AddCoverageAsync(NextId(), 0, _otherPerson, unrelated);

        await _database.AddDetailAsync(_person, revision: 1, new DateOnly(1980, 1, 2));

        Assert.Equal(2, await _database.DocumentVersionAsync(first));
        Assert.Equal(2, await _database.DocumentVersionAsync(second));
        Assert.Equal(1, await _database.DocumentVersionAsync(unrelated));
    }

    [Fact]
    public async Task A_birth_date_corrected_while_a_coverage_is_being_added_misses_no_key()
    {
        var number = NextNumber();
        await using var adding = await _database.OpenAsync(StoreRole.InsurerFeed);
        await using var transaction = await adding.BeginTransactionAsync(Cancellation);
        await using (var add = new NpgsqlCommand(
            "INSERT INTO coverage (coverage_id, revision, person_id, insurer_number, symbol, number, relation, acquired_on) VALUES ($1, 0, $2, $3, 'S', $4, 1, '2020-04-01')", adding)
        {
            Parameters = { new() { Value = NextId() }, new() { Value = _person }, new() { Value = KnownFacts.Insurer }, new() { Value = number } },
        })
        {
            await add.ExecuteNonQueryAsync(Cancellation);
        }

        var correcting = _database.AddDetailAsync(_person, revision: 1, new DateOnly(1980, 1, 2));
        await _database.UntilSomebodyWaitsForALockAsync();
        await transaction.CommitAsync(Cancellation);
        await correcting;

        // Once by the coverage, once by the correction, which saw it only because it waited for the person first.
        Assert.Equal(2, await _database.DocumentVersionAsync(number));
    }

    [Fact]
    public async Task A_fact_can_not_move_to_another_person()
    {
        var (coverage, number) = (NextId(), NextNumber());
        await _database.AddCoverageAsync(coverage, 0, _person, number);
        var before = await VersionsAsync();

        var refused = await Assert.ThrowsAsync<PostgresException>(() => _database.AddCoverageAsync(coverage, 1, _otherPerson, number));

        Assert.Equal(PostgresErrorCodes.CheckViolation, refused.SqlState);
        Assert.Equal(before, await VersionsAsync());
        Assert.Equal(1, await _database.DocumentVersionAsync(number));
    }

    [Theory]
    [InlineData("coverage")]
    [InlineData("burden")]
    [InlineData("benefit_limit")]
    [InlineData("specific_disease")]
    [InlineData("eligibility_certificate")]
    [InlineData("clinical_fact")]
    [InlineData("withheld_limit")]
    [InlineData("medical_ticket")]
    public async Task No_kind_of_fact_can(string table) =>
        Assert.True(await _database.ReadAsync<bool>(
            "SELECT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = $1::regclass AND t.tgname = 'fact_1_person' AND t.tgenabled = 'O')", table));

    [Fact]
    public async Task A_state_of_a_card_raises_the_card_and_not_its_person()
    {
        var card = await _database.AddCardAsync(_person);
        var otherCard = await _database.AddCardAsync(_person);
        var before = await _database.CardVersionAsync(card);
        var otherBefore = await _database.CardVersionAsync(otherCard);
        var persons = await VersionsAsync();

        await _database.AddCardStateAsync(card, 1, status: 2, registered: false);

        Assert.Equal(before + 1, await _database.CardVersionAsync(card));
        Assert.Equal(otherBefore, await _database.CardVersionAsync(otherCard));
        Assert.Equal(persons, await VersionsAsync());
    }

    [Fact]
    public async Task A_certificate_raises_its_card()
    {
        var card = await _database.AddCardAsync(_person);
        var before = await _database.CardVersionAsync(card);
        await _database.ExecuteAsync(
            StoreRole.CardOffice,
            "INSERT INTO card_certificate (card_key, fingerprint, serial, anchor, modulus, exponent, not_before, not_after) VALUES ($1, $2, '\\x01', $2, $3, 65537, now(), now())",
            card, new byte[32], new byte[256]);
        Assert.Equal(before + 1, await _database.CardVersionAsync(card));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static long NextId() => 1000 * Interlocked.Increment(ref _lastId);

    private static string NextNumber() => $"{NextId()}";

    private async Task<long[]> VersionsAsync() =>
    [
        await _database.PersonVersionAsync(_person),
        await _database.PersonVersionAsync(_otherPerson),
        await _database.PersonVersionAsync(_bystander),
    ];
}
