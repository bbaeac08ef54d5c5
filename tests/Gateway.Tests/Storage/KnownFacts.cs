using EligibilityGateway.Gateway.Storage;

namespace EligibilityGateway.Gateway.Tests.Storage;

/// <summary>Writes facts as the feeds do, in plain SQL.</summary>
internal static class KnownFacts
{
    public const string Insurer = "06130012";

    public const string RegisterTerminal = "SELECT register_terminal($1, '0110113719', 1::smallint, 'desk-1', NULL)";

    public static Task AddInsurerAsync(this TestDatabase database) =>
        database.ExecuteAsync(
            StoreRole.InsurerFeed, "INSERT INTO insurer (insurer_number, name) VALUES ($1, 'Insurer of the tests') ON CONFLICT DO NOTHING", Insurer);

    /// <summary>A person with a first detail: version 2.</summary>
    public static async Task AddPersonAsync(this TestDatabase database, long person)
    {
        await database.ExecuteAsync(StoreRole.InsurerFeed, "INSERT INTO person (person_id) VALUES ($1)", person);
        await database.AddDetailAsync(person, revision: 0, new DateOnly(1980, 1, 1));
    }

    public static Task AddDetailAsync(this TestDatabase database, long person, int revision, DateOnly birthDate) =>
        database.ExecuteAsync(
            StoreRole.InsurerFeed,
            "INSERT INTO person_detail (person_id, revision, valid_from, name, sex, birth_date) VALUES ($1, $2, '1980-01-01', 'Test Person', 1, $3)",
            person, revision, birthDate);

    public static Task AddCoverageAsync(this TestDatabase database, long coverage, int revision, long person, string number) =>
        database.ExecuteAsync(
            StoreRole.InsurerFeed,
            "INSERT INTO coverage (coverage_id, revision, person_id, insurer_number, symbol, number, relation, acquired_on) VALUES ($1, $2, $3, $4, 'S', $5, 1, '2020-04-01')",
            coverage, revision, person, Insurer, number);

    /// <summary>A card in use, not registered; gives its key.</summary>
    public static async Task<Guid> AddCardAsync(this TestDatabase database, long person, short status = 1, bool registered = false)
    {
        var card = Guid.NewGuid();
        await database.ExecuteAsync(StoreRole.CardOffice, "INSERT INTO card (card_key, person_id) VALUES ($1, $2)", card, person);
        await database.AddCardStateAsync(card, 0, status, registered);
        return card;
    }

    public static Task AddCardStateAsync(this TestDatabase database, Guid card, int revision, short status, bool registered) =>
        database.ExecuteAsync(
            StoreRole.CardOffice,
            "INSERT INTO card_state (card_key, revision, status, since, registered) VALUES ($1, $2, $3, now(), $4)",
            card, revision, status, registered);

    /// <summary>A reception's terminal, at version 1; gives its id.</summary>
    public static async Task<Guid> AddTerminalAsync(this TestDatabase database)
    {
        var terminal = Guid.NewGuid();
        await database.ExecuteAsync(StoreRole.Operator, RegisterTerminal, terminal);
        return terminal;
    }

    public static Task<long> PersonVersionAsync(this TestDatabase database, long person) =>
        database.ReadAsync<long>("SELECT version FROM person WHERE person_id = $1", person);

    public static Task<long> CardVersionAsync(this TestDatabase database, Guid card) =>
        database.ReadAsync<long>("SELECT version FROM card WHERE card_key = $1", card);

    /// <summary>0 where nobody ever matched these numbers.</summary>
    public static Task<long> DocumentVersionAsync(this TestDatabase database, string number) =>
        database.ReadAsync<long>(
            "SELECT coalesce((SELECT version FROM document_key WHERE document_key = document_key_of($1, 'S', $2)), 0)", Insurer, number);
}
