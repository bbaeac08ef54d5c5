using System.Globalization;
using Dapper;
using EligibilityGateway.Contracts;
using EligibilityGateway.Rules.Facts;
using Npgsql;

namespace EligibilityGateway.Gateway.Snapshots;

/// <summary>
/// Reads findings from Postgres. A person's version is read before the facts, so that facts that change in between can only come
/// with too old a version, which the record then refuses; never with too new a one.
/// </summary>
public sealed class StoreReader(TimeProvider clock)
{
    /// <summary>A statement is prepared at its second use (see <see cref="Storage.StorePools"/>); the third runs as prepared.</summary>
    private const int UsesToPrepare = 3;

    // The first statement takes its snapshot first; each later one sees at least as much. Whose a row is stands before what it says.
    private const string PersonQuery = """
        SELECT person_id AS "PersonId", version FROM person WHERE person_id = ANY(@persons);
        SELECT person_id AS "PersonId", valid_from AS "ValidFrom", name AS "Name", name_kana AS "NameKana", other_name AS "OtherName", sex AS "Sex", birth_date AS "BirthDate",
               address AS "Address", post_code AS "PostCode", other_name_kana AS "OtherNameKana", sex_on_document AS "SexOnDocument", insurer_number AS "Insurer"
          FROM person_detail WHERE person_id = ANY(@persons) ORDER BY valid_from, revision;
        SELECT "PersonId", "CoverageId", "InsurerNumber", "InsurerName", "Classification", "Symbol", "Number", "Branch", "Relation", "AcquiredOn", "LostOn",
               "InsuredName", "LossReason", "HouseholdContinuesOn", "InsuredTurned75On" FROM (
          SELECT DISTINCT ON (c.coverage_id) c.person_id AS "PersonId", c.coverage_id AS "CoverageId", c.insurer_number AS "InsurerNumber", i.name AS "InsurerName",
                 c.classification AS "Classification", c.symbol AS "Symbol", c.number AS "Number", c.branch AS "Branch",
                 c.relation AS "Relation", c.acquired_on AS "AcquiredOn", c.lost_on AS "LostOn",
                 c.insured_name AS "InsuredName", c.loss_reason AS "LossReason", c.household_continues AS "HouseholdContinuesOn",
                 c.insured_turned_75 AS "InsuredTurned75On", c.withdrawn
            FROM coverage c JOIN insurer i USING (insurer_number) WHERE c.person_id = ANY(@persons) ORDER BY c.coverage_id, c.revision DESC) latest
         WHERE NOT withdrawn ORDER BY "AcquiredOn", "CoverageId";
        SELECT "PersonId", "CoverageId", "Percent", "ValidFrom", "ValidUntil", "IssuedOn" FROM (
          SELECT DISTINCT ON (burden_id) person_id AS "PersonId", coverage_id AS "CoverageId", percent AS "Percent", valid_from AS "ValidFrom", valid_until AS "ValidUntil",
                 issued_on AS "IssuedOn", withdrawn
            FROM burden WHERE person_id = ANY(@persons) ORDER BY burden_id, revision DESC) latest
         WHERE NOT withdrawn ORDER BY "ValidFrom";
        SELECT "PersonId", "CoverageId", "CertificateClass", "LimitClass", "ValidFrom", "ValidUntil", "LongTermOn", "IssuedOn" FROM (
          SELECT DISTINCT ON (limit_id) person_id AS "PersonId", coverage_id AS "CoverageId", certificate_class AS "CertificateClass", limit_class AS "LimitClass",
                 valid_from AS "ValidFrom", valid_until AS "ValidUntil", long_term_on AS "LongTermOn",
                 issued_on AS "IssuedOn", withdrawn
            FROM benefit_limit WHERE person_id = ANY(@persons) ORDER BY limit_id, revision DESC) latest
         WHERE NOT withdrawn ORDER BY "ValidFrom";
        SELECT "PersonId", "CoverageId", "Category", "MonthlyLimitYen", "ValidFrom", "ValidUntil", "IssuedOn" FROM (
          SELECT DISTINCT ON (disease_id) person_id AS "PersonId", coverage_id AS "CoverageId", category AS "Category", monthly_limit_yen AS "MonthlyLimitYen",
                 valid_from AS "ValidFrom", valid_until AS "ValidUntil", issued_on AS "IssuedOn", withdrawn
            FROM specific_disease WHERE person_id = ANY(@persons) ORDER BY disease_id, revision DESC) latest
         WHERE NOT withdrawn ORDER BY "ValidFrom";
        SELECT "PersonId", "CoverageId", "IssuedOn", "ValidUntil" FROM (
          SELECT DISTINCT ON (certificate_id) person_id AS "PersonId", coverage_id AS "CoverageId", issued_on AS "IssuedOn", valid_until AS "ValidUntil", withdrawn
            FROM eligibility_certificate WHERE person_id = ANY(@persons) ORDER BY certificate_id, revision DESC) latest
         WHERE NOT withdrawn ORDER BY "IssuedOn";
        SELECT person_id AS "PersonId", institution_code AS "Institution", service_date AS "ServiceDate", stage = 2 AS "IsCollected",
               is_inpatient AS "IsInpatient", is_specific_disease AS "IsSpecificDisease", prescriber AS "Prescriber", total_cost_yen AS "TotalCostYen",
               charged_yen AS "ChargedYen", counts_until AS "CountsUntil"
          FROM charge c WHERE person_id = ANY(@persons) AND counts_until >= @today
           AND NOT EXISTS (SELECT FROM charge b WHERE b.institution_code = c.institution_code AND b.charge_id = c.charge_id AND b.stage > c.stage)
         ORDER BY institution_code, charge_id;
        SELECT "PersonId", "CoverageId", "ValidFrom", "ValidUntil" FROM (
          SELECT DISTINCT ON (withheld_id) person_id AS "PersonId", coverage_id AS "CoverageId", valid_from AS "ValidFrom", valid_until AS "ValidUntil", withdrawn
            FROM withheld_limit WHERE person_id = ANY(@persons) ORDER BY withheld_id, revision DESC) latest
         WHERE NOT withdrawn ORDER BY "ValidFrom";
        SELECT "PersonId", "CoverageId", "ValidFrom", "ValidUntil", "TreatmentMonth", "Institution", "Prescriber", "SelfPayYen", "Details" FROM (
          SELECT DISTINCT ON (ticket_id) person_id AS "PersonId", coverage_id AS "CoverageId", valid_from AS "ValidFrom", valid_until AS "ValidUntil",
                 treatment_month AS "TreatmentMonth", institution_code AS "Institution", prescriber_code AS "Prescriber", self_pay_yen AS "SelfPayYen",
                 details AS "Details", withdrawn, ticket_id
            FROM medical_ticket WHERE person_id = ANY(@persons) ORDER BY ticket_id, revision DESC) latest
         WHERE NOT withdrawn ORDER BY "ValidFrom", ticket_id;
        """;

    private const string ClinicalQuery = """
        SELECT "Kind", "HappenedOn", "What", "Institution" FROM (
          SELECT DISTINCT ON (fact_id) kind AS "Kind", happened_on AS "HappenedOn", what AS "What", institution AS "Institution", withdrawn
            FROM clinical_fact WHERE person_id = @person ORDER BY fact_id, revision DESC) latest
         WHERE NOT withdrawn ORDER BY "HappenedOn" DESC;
        """;

    // With a phone the plastic card that it was made with: one statement sees both as they are at one moment, and the phone's version proves both.
    private const string CardQuery = """
        SELECT c.card_key AS "CardKey", c.version AS "Version", c.person_id AS "PersonId", f.fingerprint AS "Fingerprint", f.serial AS "Serial",
               f.anchor AS "Anchor", f.modulus AS "Modulus", f.exponent AS "Exponent", f.not_before AS "NotBefore", f.not_after AS "NotAfter",
               f.carrier AS "Carrier", s.status AS "Status", s.since AS "StatusSince", s.registered AS "Registered",
               s.until_day AS "LastDay", s.term AS "Term",
               p.not_before AS "PlasticNotBefore", p.not_after AS "PlasticNotAfter", p.status AS "PlasticStatus", p.until_day AS "PlasticLastDay"
          FROM card c JOIN card_certificate f USING (card_key)
          JOIN LATERAL (SELECT status, since, registered, until_day, term FROM card_state WHERE card_key = c.card_key ORDER BY revision DESC LIMIT 1) s ON true
          LEFT JOIN LATERAL (
            SELECT pf.not_before, pf.not_after, ps.status, ps.until_day
              FROM card pc JOIN card_certificate pf USING (card_key)
              JOIN LATERAL (SELECT status, until_day FROM card_state WHERE card_key = pc.card_key ORDER BY revision DESC LIMIT 1) ps ON true
             WHERE f.carrier = 2 AND pc.person_id = c.person_id AND pf.carrier = 1
             ORDER BY pf.not_before <= f.not_before DESC, pf.not_before DESC, ps.status LIMIT 1) p ON true
         WHERE c.card_key = @key
        """;

    // A person matches by the latest revision of a coverage and the latest birth date that its insurer states. Each document by probes of its own: a plan that
    // reads a whole table because its statistics are off would be the slowest answer of the day.
    private const string DocumentQuery = """
        SELECT document_key AS "Key", version AS "Version" FROM document_key WHERE document_key = ANY(@keys);
        SELECT a.place - 1 AS "Place", c.person_id AS "PersonId", c.coverage_id AS "CoverageId"
          FROM unnest(@keys, @branches, @birthDates) WITH ORDINALITY AS a(document_key, branch, birth_date, place)
         CROSS JOIN LATERAL (SELECT DISTINCT ON (coverage_id) coverage_id, person_id, insurer_number, document_key, branch, acquired_on, withdrawn
                  FROM coverage WHERE coverage_id IN (SELECT coverage_id FROM coverage WHERE document_key = a.document_key)
                 ORDER BY coverage_id, revision DESC) c
         WHERE c.document_key = a.document_key AND NOT c.withdrawn AND (a.branch IS NULL OR c.branch = a.branch)
           AND a.birth_date = (SELECT birth_date FROM person_detail d WHERE d.person_id = c.person_id
                               ORDER BY (d.insurer_number IS NULL OR d.insurer_number = c.insurer_number) DESC, revision DESC LIMIT 1)
         ORDER BY a.place, c.acquired_on DESC, c.coverage_id DESC;
        """;

    /// <summary>What the store holds now.</summary>
    public async Task<Finding> ReadAsync(NpgsqlConnection connection, Subject subject, CancellationToken cancellation) => subject.IsCard
        ? await ReadCardAsync(connection, subject, cancellation)
        : (await ReadDocumentsAsync(connection, [subject], cancellation))[0];

    /// <summary>Runs each query on nobody, as often as it takes to be prepared: the first reading of a day does not wait for that.</summary>
    public async Task WarmAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        for (var i = 0; i < UsesToPrepare; i++)
        {
            await ReadCardAsync(connection, Subject.OfCard(Guid.Empty, withClinicalFacts: true), cancellation);
            await ReadDocumentsAsync(connection, [Subject.OfDocument(Guid.Empty, branch: null, default)], cancellation);
            await ReadPersonsAsync(connection, [-1], cancellation);
            await ReadClinicalFactsAsync(connection, personId: -1, cancellation);
        }
    }

    private async Task<Finding> ReadCardAsync(NpgsqlConnection connection, Subject subject, CancellationToken cancellation)
    {
        var asOf = clock.GetUtcNow();
        var row = await connection.QuerySingleOrDefaultAsync<CardRow>(new CommandDefinition(CardQuery, new { key = subject.Key }, cancellationToken: cancellation));
        if (row is null) return new Finding(0, 0, null, null, 0, null, asOf);
        var person = (await ReadPersonsAsync(connection, [row.PersonId], cancellation))[row.PersonId];
        var clinical = subject.WithClinicalFacts ? await ReadClinicalFactsAsync(connection, row.PersonId, cancellation) : null;
        return new Finding(1, 0, row.ToFacts(), person, 0, clinical, asOf);
    }

    /// <summary>What the store holds now of many documents, in their order: as many statements as for one.</summary>
    public async Task<Finding[]> ReadDocumentsAsync(NpgsqlConnection connection, IReadOnlyList<Subject> subjects, CancellationToken cancellation)
    {
        var asOf = clock.GetUtcNow();
        var parameters = new
        {
            keys = subjects.Select(s => s.Key).ToArray(),
            branches = subjects.Select(s => s.Branch < 0 ? null : s.Branch.ToString("00", CultureInfo.InvariantCulture)).ToArray(),
            birthDates = subjects.Select(s => s.BirthDate).ToArray(),
        };
        Dictionary<Guid, long> versions;
        ILookup<long, DocumentMatch> matches;
        await using (var results = await connection.QueryMultipleAsync(new CommandDefinition(DocumentQuery, parameters, cancellationToken: cancellation)))
        {
            versions = (await results.ReadAsync<(Guid Key, long Version)>()).ToDictionary(row => row.Key, row => row.Version);
            matches = (await results.ReadAsync<DocumentMatch>()).ToLookup(match => match.Place);
        }
        // Several coverages of one person under the same numbers are still one person; the latest counts.
        var found = new DocumentMatch?[subjects.Count];
        foreach (var of in matches)
            if (of.All(match => match.PersonId == of.First().PersonId)) found[of.Key] = of.First();
        var persons = await ReadPersonsAsync(connection, [.. found.OfType<DocumentMatch>().Select(match => match.PersonId).Distinct()], cancellation);

        var findings = new Finding[subjects.Count];
        for (var i = 0; i < findings.Length; i++)
        {
            var version = versions.GetValueOrDefault(subjects[i].Key);
            findings[i] = found[i] is { } match ? new Finding(1, version, null, persons[match.PersonId], match.CoverageId, null, asOf)
                : new Finding(matches.Contains(i) ? Finding.Many : (byte)0, version, null, null, 0, null, asOf);
        }
        return findings;
    }

    private async Task<Dictionary<long, PersonSnapshot>> ReadPersonsAsync(NpgsqlConnection connection, long[] persons, CancellationToken cancellation)
    {
        if (persons.Length == 0) return [];
        await using var command = new NpgsqlCommand(PersonQuery, connection)
        {
            Parameters = { new NpgsqlParameter<long[]>("persons", persons), new NpgsqlParameter<DateOnly>("today", JapanTime.Today(clock)) },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var versions = await OfEachAsync<long>(reader, cancellation);
        var details = await OfEachAsync<PersonDetail>(reader, cancellation);
        var coverages = await OfEachAsync<CoverageFact>(reader, cancellation);
        var burdens = await OfEachAsync<BurdenFact>(reader, cancellation);
        var limits = await OfEachAsync<LimitFact>(reader, cancellation);
        var diseases = await OfEachAsync<SpecificDiseaseFact>(reader, cancellation);
        var certificates = await OfEachAsync<EligibilityCertificateFact>(reader, cancellation);
        var charges = await OfEachAsync<ChargeFact>(reader, cancellation);
        var withheld = await OfEachAsync<WithheldLimitFact>(reader, cancellation);
        var tickets = await OfEachAsync<TicketRow>(reader, cancellation);
        return persons.ToDictionary(id => id, id => new PersonSnapshot(
            id, versions[id].FirstOrDefault(), [.. details[id]], [.. coverages[id]], [.. burdens[id]], [.. limits[id]], [.. diseases[id]], [.. certificates[id]],
            [.. charges[id]])
        {
            WithheldLimits = [.. withheld[id]],
            MedicalTickets = [.. tickets[id].Select(ticket => ticket.ToFact())],
        });
    }

    /// <summary>The rows of the present result, by person, in their order; goes on to the next.</summary>
    private static async Task<ILookup<long, T>> OfEachAsync<T>(NpgsqlDataReader reader, CancellationToken cancellation)
    {
        var rows = new List<(long Person, T Fact)>();
        Func<System.Data.Common.DbDataReader, T>? parse = null;
        while (await reader.ReadAsync(cancellation))
        {
            parse ??= reader.GetRowParser<T>(startIndex: 1);
            rows.Add((reader.GetInt64(0), parse(reader)));
        }
        await reader.NextResultAsync(cancellation);
        return rows.ToLookup(row => row.Person, row => row.Fact);
    }

    private static async Task<ClinicalFact[]> ReadClinicalFactsAsync(NpgsqlConnection connection, long personId, CancellationToken cancellation) =>
        (await connection.QueryAsync<ClinicalFact>(new CommandDefinition(ClinicalQuery, new { person = personId }, cancellationToken: cancellation))).ToArray();

    private sealed record TicketRow(
        long CoverageId, DateOnly ValidFrom, DateOnly ValidUntil, DateOnly TreatmentMonth, string Institution, string? Prescriber, int SelfPayYen, string Details)
    {
        public MedicalTicketFact ToFact() =>
            new(CoverageId, ValidFrom, ValidUntil, TreatmentMonth, Institution, Prescriber, SelfPayYen, TicketDetails.FromJson(Details));
    }

    private sealed record DocumentMatch(long Place, long PersonId, long CoverageId);

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
        public DateOnly? LastDay { get; init; }
        public short? Term { get; init; }
        public DateTime? PlasticNotBefore { get; init; }
        public DateTime? PlasticNotAfter { get; init; }
        public short? PlasticStatus { get; init; }
        public DateOnly? PlasticLastDay { get; init; }

        public CardFacts ToFacts() => new(
            CardKey, Version, PersonId, Fingerprint, Serial, Anchor, Modulus, Exponent, new DateTimeOffset(NotBefore), new DateTimeOffset(NotAfter),
            (CardCarrier)Carrier, (CardStatus)Status, new DateTimeOffset(StatusSince), Registered, LastDay, (CardTerm?)Term, Plastic);

        private PlasticCard? Plastic => PlasticStatus is { } status
            ? new(new DateTimeOffset(PlasticNotBefore!.Value), new DateTimeOffset(PlasticNotAfter!.Value), (CardStatus)status, PlasticLastDay)
            : null;
    }
}
