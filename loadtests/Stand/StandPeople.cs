using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Dapper;
using EligibilityGateway.Contracts;
using EligibilityGateway.Demo.Pki;
using EligibilityGateway.Demo.Population;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Rules.Cards;
using EligibilityGateway.Rules.Facts;
using Npgsql;
using NpgsqlTypes;

namespace EligibilityGateway.LoadTests.Stand;

/// <summary>The people of a stand: a synthetic population, cards with keys for some of them, documents of others.</summary>
public static class StandPeople
{
    private const ulong Seed = 1;
    private const int LongCommandSeconds = 300;

    private static readonly DateTimeOffset CardsFrom = new(2025, 1, 1, 0, 0, 0, JapanTime.Offset);
    private static readonly DateTimeOffset CardsUntil = new(2029, 12, 31, 0, 0, 0, JapanTime.Offset);

    /// <summary>Loads the population where it is not there already.</summary>
    /// <exception cref="MeasurementException">Other people are there.</exception>
    public static async Task LoadAsync(TestStand stand, long people, CancellationToken cancellation)
    {
        await using var owner = stand.Connect(StoreRole.Owner);
        switch (await new PopulationLoader(owner).LoadAsync(new SyntheticPopulation(Seed, people), progress: null, cancellation))
        {
            case LoadOutcome.AnotherThere other:
                throw new MeasurementException($"The stand holds a population of {other.People}, not of {people}: ask for that many, or delete its folder.");
            case LoadOutcome.NotEmpty:
                throw new MeasurementException("The stand's database holds people that no population made: delete its folder.");
            default:
                return;
        }
    }

    /// <summary>So many cards, each bound to a person with coverage, in use and registered for insurance.</summary>
    public static async Task<StandCard[]> EnsureCardsAsync(TestStand stand, int count, CancellationToken cancellation)
    {
        var cards = BulkCards.Ensure(stand.PkiFolder, stand.Pki.Cards, count, CardsFrom, CardsUntil)
            .Read().Take(count).Select(issued => new StandCard(issued)).ToArray();
        await using var owner = stand.Connect(StoreRole.Owner);
        await BindAsync(owner, stand.Pki.Cards.Anchor, cards, cancellation);
        return cards;
    }

    /// <summary>So many eligibility certificates that count on the population's day, each on a coverage that is open.</summary>
    /// <exception cref="MeasurementException">The population has fewer.</exception>
    public static async Task<StandDocument[]> DocumentsAsync(TestStand stand, int count, CancellationToken cancellation)
    {
        await using var owner = stand.Connect(StoreRole.Owner);
        await using var connection = await owner.OpenConnectionAsync(cancellation);
        // From the population's end, so that they are hardly ever the people with cards, who are taken from its beginning.
        var rows = await connection.QueryAsync<StandDocument>(new CommandDefinition(
            """
            SELECT c.insurer_number AS "InsurerNumber", c.symbol AS "Symbol", c.number AS "Number", c.branch AS "Branch", d.birth_date AS "BirthDate"
              FROM eligibility_certificate e
              JOIN coverage c ON c.coverage_id = e.coverage_id AND c.revision = 0 AND c.lost_on IS NULL AND NOT c.withdrawn
              JOIN person_detail d ON d.person_id = e.person_id AND d.revision = 0
             WHERE e.revision = 0 AND NOT e.withdrawn AND e.issued_on <= @day AND e.valid_until >= @day AND c.acquired_on <= @day
             ORDER BY e.person_id DESC LIMIT @count
            """,
            new { day = SyntheticPopulation.Day, count },
            commandTimeout: LongCommandSeconds,
            cancellationToken: cancellation));
        var documents = rows.DistinctBy(document => document.Subject).ToArray();
        if (documents.Length < count)
            throw new MeasurementException($"The population has {documents.Length} eligibility certificates and the run needs {count}: ask for more people.");
        return documents;
    }

    private static async Task BindAsync(NpgsqlDataSource owner, byte[] anchor, StandCard[] cards, CancellationToken cancellation)
    {
        await using var connection = await owner.OpenConnectionAsync(cancellation);
        var bound = (await connection.QueryAsync<Guid>(new CommandDefinition(
            "SELECT card_key FROM card WHERE card_key = ANY(@keys)", new { keys = cards.Select(card => card.Subject.Key).ToArray() }, cancellationToken: cancellation)))
            .ToHashSet();
        if (bound.Count == cards.Length) return;

        var holders = (await connection.QueryAsync<long>(new CommandDefinition(
            "SELECT DISTINCT person_id FROM coverage WHERE revision = 0 AND lost_on IS NULL ORDER BY person_id LIMIT @count",
            new { count = cards.Length },
            commandTimeout: LongCommandSeconds,
            cancellationToken: cancellation))).ToArray();
        if (holders.Length < cards.Length)
            throw new MeasurementException($"The population has {holders.Length} people with coverage and the run needs {cards.Length} cards: ask for more people.");

        var missing = cards.Zip(holders).Where(pair => !bound.Contains(pair.First.Subject.Key)).ToArray();
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await CopyCardsAsync(connection, missing, cancellation);
        await CopyCertificatesAsync(connection, anchor, missing, cancellation);
        await CopyStatesAsync(connection, missing, cancellation);
        await transaction.CommitAsync(cancellation);
        await connection.ExecuteAsync(new CommandDefinition(
            "ANALYZE card, card_certificate, card_state", commandTimeout: LongCommandSeconds, cancellationToken: cancellation));
    }

    private static async Task CopyCardsAsync(NpgsqlConnection connection, (StandCard Card, long Holder)[] cards, CancellationToken cancellation)
    {
        await using var rows = await connection.BeginBinaryImportAsync("COPY card (card_key, person_id) FROM STDIN (FORMAT binary)", cancellation);
        foreach (var (card, holder) in cards)
        {
            await rows.StartRowAsync(cancellation);
            await rows.WriteAsync(card.Subject.Key, NpgsqlDbType.Uuid, cancellation);
            await rows.WriteAsync(holder, NpgsqlDbType.Bigint, cancellation);
        }
        await rows.CompleteAsync(cancellation);
    }

    private static async Task CopyCertificatesAsync(
        NpgsqlConnection connection, byte[] anchor, (StandCard Card, long Holder)[] cards, CancellationToken cancellation)
    {
        await using var rows = await connection.BeginBinaryImportAsync(
            "COPY card_certificate (card_key, fingerprint, serial, anchor, modulus, exponent, not_before, not_after) FROM STDIN (FORMAT binary)", cancellation);
        foreach (var (card, _) in cards)
        {
            using var certificate = X509CertificateLoader.LoadCertificate(card.Issued.Certificate);
            using var key = certificate.GetRSAPublicKey()!;
            var parameters = key.ExportParameters(includePrivateParameters: false);
            await rows.StartRowAsync(cancellation);
            await rows.WriteAsync(card.Subject.Key, NpgsqlDbType.Uuid, cancellation);
            await rows.WriteAsync(SHA256.HashData(card.Issued.Certificate), NpgsqlDbType.Bytea, cancellation);
            await rows.WriteAsync(certificate.SerialNumberBytes.ToArray(), NpgsqlDbType.Bytea, cancellation);
            await rows.WriteAsync(anchor, NpgsqlDbType.Bytea, cancellation);
            await rows.WriteAsync(parameters.Modulus!, NpgsqlDbType.Bytea, cancellation);
            await rows.WriteAsync(PublicExponent, NpgsqlDbType.Integer, cancellation);
            await rows.WriteAsync(certificate.NotBefore.ToUniversalTime(), NpgsqlDbType.TimestampTz, cancellation);
            await rows.WriteAsync(certificate.NotAfter.ToUniversalTime(), NpgsqlDbType.TimestampTz, cancellation);
        }
        await rows.CompleteAsync(cancellation);
    }

    private static async Task CopyStatesAsync(NpgsqlConnection connection, (StandCard Card, long Holder)[] cards, CancellationToken cancellation)
    {
        await using var rows = await connection.BeginBinaryImportAsync(
            "COPY card_state (card_key, revision, status, since, registered, channel) FROM STDIN (FORMAT binary)", cancellation);
        foreach (var (card, _) in cards)
        {
            await rows.StartRowAsync(cancellation);
            await rows.WriteAsync(card.Subject.Key, NpgsqlDbType.Uuid, cancellation);
            await rows.WriteAsync(0, NpgsqlDbType.Integer, cancellation);
            await rows.WriteAsync((short)CardStatus.InUse, NpgsqlDbType.Smallint, cancellation);
            await rows.WriteAsync(CardsFrom.UtcDateTime, NpgsqlDbType.TimestampTz, cancellation);
            await rows.WriteAsync(true, NpgsqlDbType.Boolean, cancellation);
            await rows.WriteAsync((short)RegistrationChannel.Portal, NpgsqlDbType.Smallint, cancellation);
        }
        await rows.CompleteAsync(cancellation);
    }

    private const int PublicExponent = 65537;
}
