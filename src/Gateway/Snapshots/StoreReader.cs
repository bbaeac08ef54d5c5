using Dapper;
using EligibilityGateway.Gateway.Cards;
using Npgsql;

namespace EligibilityGateway.Gateway.Snapshots;

/// <summary>
/// Reads findings from Postgres. A person's version is read before the facts, so that facts that change in between can only come
/// with too old a version, which the record then refuses; never with too new a one.
/// </summary>
public sealed class StoreReader(NpgsqlDataSource store, TimeProvider clock)
{
    // The first statement takes its snapshot first; each later one sees at least as much.
    private const string PersonQuery = """
        SELECT version FROM person WHERE person_id = @person;
        SELECT valid_from AS "ValidFrom", name AS "Name", name_kana AS "NameKana", other_name AS "OtherName", sex AS "Sex", birth_date AS "BirthDate",
               address AS "Address", post_code AS "PostCode", other_name_kana AS "OtherNameKana", sex_on_document AS "SexOnDocument"
          FROM person_detail WHERE person_id = @person ORDER BY valid_from, revision;
        SELECT "CoverageId", "InsurerNumber", "InsurerName", "Classification", "Symbol", "Number", "Branch", "Relation", "AcquiredOn", "LostOn",
               "InsuredName", "LossReason" FROM (
          SELECT DISTINCT ON (c.coverage_id) c.coverage_id AS "CoverageId", c.insurer_number AS "InsurerNumber", i.name AS "InsurerName",
                 c.classification AS "Classification", c.symbol AS "Symbol", c.number AS "Number", c.branch AS "Branch",
                 c.relation AS "Relation", c.acquired_on AS "AcquiredOn", c.lost_on AS "LostOn",
                 c.insured_name AS "InsuredName", c.loss_reason AS "LossReason", c.withdrawn
            FROM coverage c JOIN insurer i USING (insurer_number) WHERE c.person_id = @person ORDER BY c.coverage_id, c.revision DESC) latest
         WHERE NOT withdrawn ORDER BY "AcquiredOn", "CoverageId";
        SELECT "CoverageId", "Percent", "ValidFrom", "ValidUntil", "IssuedOn" FROM (
          SELECT DISTINCT ON (burden_id) coverage_id AS "CoverageId", percent AS "Percent", valid_from AS "ValidFrom", valid_until AS "ValidUntil",
                 issued_on AS "IssuedOn", withdrawn
            FROM burden WHERE person_id = @person ORDER BY burden_id, revision DESC) latest
         WHERE NOT withdrawn ORDER BY "ValidFrom";
        SELECT "CoverageId", "CertificateClass", "LimitClass", "ValidFrom", "ValidUntil", "LongTermOn", "IssuedOn" FROM (
          SELECT DISTINCT ON (limit_id) coverage_id AS "CoverageId", certificate_class AS "CertificateClass", limit_class AS "LimitClass",
                 valid_from AS "ValidFrom", valid_until AS "ValidUntil", long_term_on AS "LongTermOn",
                 issued_on AS "IssuedOn", withdrawn
            FROM benefit_limit WHERE person_id = @person ORDER BY limit_id, revision DESC) latest
         WHERE NOT withdrawn ORDER BY "ValidFrom";
        SELECT "CoverageId", "Category", "MonthlyLimitYen", "ValidFrom", "ValidUntil", "IssuedOn" FROM (
          SELECT DISTINCT ON (disease_id) coverage_id AS "CoverageId", category AS "Category", monthly_limit_yen AS "MonthlyLimitYen",
                 valid_from AS "ValidFrom", valid_until AS "ValidUntil", issued_on AS "IssuedOn", withdrawn
            FROM specific_disease WHERE person_id = @person ORDER BY disease_id, revision DESC) latest
         WHERE NOT withdrawn ORDER BY "ValidFrom";
        SELECT "CoverageId", "IssuedOn", "ValidUntil" FROM (
          SELECT DISTINCT ON (certificate_id) coverage_id AS "CoverageId", issued_on AS "IssuedOn", valid_until AS "ValidUntil", withdrawn
            FROM eligibility_certificate WHERE person_id = @person ORDER BY certificate_id, revision DESC) latest
         WHERE NOT withdrawn ORDER BY "IssuedOn";
        """;

    private const string ClinicalQuery = """
        SELECT "Kind", "HappenedOn", "What", "Institution" FROM (
          SELECT DISTINCT ON (fact_id) kind AS "Kind", happened_on AS "HappenedOn", what AS "What", institution AS "Institution", withdrawn
            FROM clinical_fact WHERE person_id = @person ORDER BY fact_id, revision DESC) latest
         WHERE NOT withdrawn ORDER BY "HappenedOn" DESC;
        """;

    private const string CardQuery = """
        SELECT c.card_key AS "CardKey", c.version AS "Version", c.person_id AS "PersonId", f.fingerprint AS "Fingerprint", f.serial AS "Serial",
               f.anchor AS "Anchor", f.modulus AS "Modulus", f.exponent AS "Exponent", f.not_before AS "NotBefore", f.not_after AS "NotAfter",
               f.carrier AS "Carrier", s.status AS "Status", s.since AS "StatusSince", s.registered AS "Registered"
          FROM card c JOIN card_certificate f USING (card_key)
          JOIN LATERAL (SELECT status, since, registered FROM card_state WHERE card_key = c.card_key ORDER BY revision DESC LIMIT 1) s ON true
         WHERE c.card_key = @key
        """;

    // A person matches by the latest revision of a coverage and the latest birth date.
    private const string DocumentQuery = """
        SELECT version FROM document_key WHERE document_key = @key;
        SELECT c.person_id AS "PersonId", c.coverage_id AS "CoverageId"
          FROM (SELECT DISTINCT ON (coverage_id) coverage_id, person_id, document_key, branch, acquired_on, withdrawn
                  FROM coverage WHERE coverage_id IN (SELECT coverage_id FROM coverage WHERE document_key = @key)
                 ORDER BY coverage_id, revision DESC) c
         WHERE c.document_key = @key AND NOT c.withdrawn AND (@branch::text IS NULL OR c.branch = @branch)
           AND @birthDate = (SELECT birth_date FROM person_detail d WHERE d.person_id = c.person_id ORDER BY revision DESC LIMIT 1)
         ORDER BY c.acquired_on DESC, c.coverage_id DESC;
        """;

    /// <summary>What the store holds now. Throws where the store is out of reach.</summary>
    public async Task<Finding> ReadAsync(Subject subject, CancellationToken cancellation)
    {
        await using var connection = await store.OpenConnectionAsync(cancellation);
        return subject.IsCard
            ? await ReadCardAsync(connection, subject, cancellation)
            : await ReadDocumentAsync(connection, subject, cancellation);
    }

    /// <summary>Runs each query on nobody: the first reading of a day does not wait for their preparation.</summary>
    public async Task WarmAsync(CancellationToken cancellation)
    {
        await using var connection = await store.OpenConnectionAsync(cancellation);
        await ReadCardAsync(connection, Subject.OfCard(Guid.Empty, withClinicalFacts: true), cancellation);
        await ReadDocumentAsync(connection, Subject.OfDocument(Guid.Empty, branch: null, default), cancellation);
        await ReadPersonAsync(connection, personId: -1, cancellation);
        await ReadClinicalFactsAsync(connection, personId: -1, cancellation);
    }

    private async Task<Finding> ReadCardAsync(NpgsqlConnection connection, Subject subject, CancellationToken cancellation)
    {
        var asOf = clock.GetUtcNow();
        var row = await connection.QuerySingleOrDefaultAsync<CardRow>(new CommandDefinition(CardQuery, new { key = subject.Key }, cancellationToken: cancellation));
        if (row is null) return new Finding(0, 0, null, null, 0, null, asOf);
        var person = await ReadPersonAsync(connection, row.PersonId, cancellation);
        var clinical = subject.WithClinicalFacts ? await ReadClinicalFactsAsync(connection, row.PersonId, cancellation) : null;
        return new Finding(1, 0, row.ToFacts(), person, 0, clinical, asOf);
    }

    private async Task<Finding> ReadDocumentAsync(NpgsqlConnection connection, Subject subject, CancellationToken cancellation)
    {
        var asOf = clock.GetUtcNow();
        var parameters = new { key = subject.Key, branch = subject.Branch < 0 ? null : subject.Branch.ToString("00"), birthDate = subject.BirthDate };
        long version;
        List<DocumentMatch> matches;
        await using (var results = await connection.QueryMultipleAsync(new CommandDefinition(DocumentQuery, parameters, cancellationToken: cancellation)))
        {
            version = await results.ReadSingleOrDefaultAsync<long>();
            matches = (await results.ReadAsync<DocumentMatch>()).AsList();
        }
        if (matches.Count == 0) return new Finding(0, version, null, null, 0, null, asOf);
        // Several coverages of one person under the same numbers are still one person; the latest counts.
        foreach (var match in matches)
            if (match.PersonId != matches[0].PersonId) return new Finding(Finding.Many, version, null, null, 0, null, asOf);
        var person = await ReadPersonAsync(connection, matches[0].PersonId, cancellation);
        return new Finding(1, version, null, person, matches[0].CoverageId, null, asOf);
    }

    private static async Task<PersonSnapshot> ReadPersonAsync(NpgsqlConnection connection, long personId, CancellationToken cancellation)
    {
        await using var results = await connection.QueryMultipleAsync(new CommandDefinition(PersonQuery, new { person = personId }, cancellationToken: cancellation));
        var version = await results.ReadSingleOrDefaultAsync<long>();
        return new PersonSnapshot(
            personId,
            version,
            (await results.ReadAsync<PersonDetail>()).ToArray(),
            (await results.ReadAsync<CoverageFact>()).ToArray(),
            (await results.ReadAsync<BurdenFact>()).ToArray(),
            (await results.ReadAsync<LimitFact>()).ToArray(),
            (await results.ReadAsync<SpecificDiseaseFact>()).ToArray(),
            (await results.ReadAsync<EligibilityCertificateFact>()).ToArray());
    }

    private static async Task<ClinicalFact[]> ReadClinicalFactsAsync(NpgsqlConnection connection, long personId, CancellationToken cancellation) =>
        (await connection.QueryAsync<ClinicalFact>(new CommandDefinition(ClinicalQuery, new { person = personId }, cancellationToken: cancellation))).ToArray();

    private sealed record DocumentMatch(long PersonId, long CoverageId);

    private sealed class CardRow
    {
        public Guid CardKey { get; init; }
        public long Version { get; init; }
        public long PersonId { get; init; }
        public byte[] Fingerprint { get; init; } = [];
        public byte[] Serial { get; init; } = [];
        public byte[] Anchor { get; init; } = [];
        public byte[] Modulus { get; init; } = [];
        public int Exponent { get; init; }
        public DateTime NotBefore { get; init; }
        public DateTime NotAfter { get; init; }
        public short Carrier { get; init; }
        public short Status { get; init; }
        public DateTime StatusSince { get; init; }
        public bool Registered { get; init; }

        public CardFacts ToFacts() => new(
            CardKey, Version, PersonId, Fingerprint, Serial, Anchor, Modulus, Exponent, new DateTimeOffset(NotBefore), new DateTimeOffset(NotAfter),
            (CardCarrier)Carrier, (CardStatus)Status, new DateTimeOffset(StatusSince), Registered);
    }
}
