using EligibilityGateway.Gateway.Storage;
using Npgsql;
using Polly;
using Polly.Retry;

namespace EligibilityGateway.Gateway.Feeds.Insurers;

/// <summary>
/// The insurers' normal writes. A delivery is one transaction: its persons are locked in ascending order, then each entry that says
/// something new becomes the next revision of its fact; triggers raise the versions. Handing in the same again changes nothing.
/// </summary>
/// <param name="store">Connects as eg_insurer_feed.</param>
public sealed class InsurerFeed(NpgsqlDataSource store)
{
    private const int CommandSeconds = 30;

    // Family members share a document key, whose lock is taken by a trigger: two deliveries may still meet crosswise there. Postgres
    // ends one of them, whole, and it is tried again.
    internal static readonly ResiliencePipeline AgainAfterDeadlock = new ResiliencePipelineBuilder()
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<PostgresException>(
                exception => exception.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.LockNotAvailable),
            MaxRetryAttempts = 4,
            Delay = TimeSpan.FromMilliseconds(20),
            MaxDelay = TimeSpan.FromSeconds(1),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
        })
        .Build();

    /// <summary>Takes a delivery whole, or tells the first entry at fault.</summary>
    public async Task<DeliveryOutcome> DeliverAsync(InsurerDelivery delivery, CancellationToken cancellation)
    {
        if (DeliveryCheck.FirstFault(delivery) is { } fault) return fault;
        return await AgainAfterDeadlock.ExecuteAsync(token => TransactAsync(delivery, token), cancellation);
    }

    private async ValueTask<DeliveryOutcome> TransactAsync(InsurerDelivery delivery, CancellationToken cancellation)
    {
        await using var connection = await store.OpenPatientlyAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await ExecuteAsync(connection, new NpgsqlBatchCommand("SET LOCAL lock_timeout = '5s'"), cancellation);

        if (await PutInsurersAsync(connection, delivery, cancellation) is { } insurerFault) return insurerFault;
        var (persons, unknown) = await PersonsOfAsync(connection, delivery, cancellation);
        if (unknown is not null) return unknown;
        if (await LockAsync(connection, delivery, persons, cancellation) is { } personFault) return personFault;

        var revisions = await PutPersonsAsync(connection, delivery.Persons, cancellation);
        foreach (var step in FactSteps(delivery))
        {
            var (stepRevisions, stepFault) = await step(connection, cancellation);
            if (stepFault is not null) return stepFault;
            revisions += stepRevisions;
        }
        foreach (var kind in delivery.Withdrawals.GroupBy(withdrawal => withdrawal.Kind))
        {
            var command = new NpgsqlBatchCommand(FactTables.Of(kind.Key).WithdrawStatement);
            command.Parameters.Add(Array(kind.Select(withdrawal => withdrawal.Id)));
            revisions += await ExecuteAsync(connection, command, cancellation);
        }
        await transaction.CommitAsync(cancellation);
        return new DeliveryOutcome.Accepted(revisions);
    }

    // Coverages first: what hangs on them is checked against them.
    private static IEnumerable<Func<NpgsqlConnection, CancellationToken, Task<(int, DeliveryOutcome.Refused?)>>> FactSteps(InsurerDelivery delivery)
    {
        yield return (connection, cancellation) => PutAsync(connection, FactTables.Coverage, delivery.Coverages, null, cancellation);
        yield return (connection, cancellation) => PutAsync(
            connection, FactTables.Burden, delivery.Burdens, entry => (entry.BurdenId, entry.CoverageId, entry.PersonId), cancellation);
        yield return (connection, cancellation) => PutAsync(
            connection, FactTables.Limit, delivery.Limits, entry => (entry.LimitId, entry.CoverageId, entry.PersonId), cancellation);
        yield return (connection, cancellation) => PutAsync(
            connection, FactTables.SpecificDisease, delivery.SpecificDiseases, entry => (entry.DiseaseId, entry.CoverageId, entry.PersonId), cancellation);
        yield return (connection, cancellation) => PutAsync(
            connection,
            FactTables.EligibilityCertificate,
            delivery.EligibilityCertificates,
            entry => (entry.CertificateId, entry.CoverageId, entry.PersonId),
            cancellation);
        yield return (connection, cancellation) => PutAsync(
            connection, FactTables.WithheldLimit, delivery.WithheldLimits, entry => (entry.WithheldId, entry.CoverageId, entry.PersonId), cancellation);
        yield return (connection, cancellation) => PutAsync(
            connection, FactTables.MedicalTicket, delivery.MedicalTickets, entry => (entry.TicketId, entry.CoverageId, entry.PersonId), cancellation);
        yield return (connection, cancellation) => PutAsync(connection, FactTables.Clinical, delivery.ClinicalFacts, null, cancellation);
    }

    private static async Task<DeliveryOutcome.Refused?> PutInsurersAsync(NpgsqlConnection connection, InsurerDelivery delivery, CancellationToken cancellation)
    {
        var put = new NpgsqlBatchCommand("""
            INSERT INTO insurer (insurer_number, name)
            SELECT n.insurer_number, n.name FROM unnest($1, $2) AS n (insurer_number, name) ORDER BY 1
            ON CONFLICT (insurer_number) DO NOTHING
            """);
        put.Parameters.Add(Array(delivery.Insurers.Select(entry => entry.Number.ToString())));
        put.Parameters.Add(Array(delivery.Insurers.Select(entry => entry.Name)));
        await ExecuteAsync(connection, put, cancellation);

        var otherwise = new NpgsqlBatchCommand("""
            SELECT 1::bigint FROM unnest($1, $2) AS n (insurer_number, name) JOIN insurer i USING (insurer_number) WHERE i.name <> n.name LIMIT 1
            """);
        otherwise.Parameters.Add(Array(delivery.Insurers.Select(entry => entry.Number.ToString())));
        otherwise.Parameters.Add(Array(delivery.Insurers.Select(entry => entry.Name)));
        if (await FirstIdAsync(connection, otherwise, cancellation) is not null)
            return new(DeliveryFault.InsurerNamedOtherwise, FactKind.Insurer, 0);

        var unknown = new NpgsqlBatchCommand("""
            SELECT n.coverage_id FROM unnest($1, $2) AS n (coverage_id, insurer_number)
            WHERE NOT EXISTS (SELECT FROM insurer i WHERE i.insurer_number = n.insurer_number) LIMIT 1
            """);
        unknown.Parameters.Add(Array(delivery.Coverages.Select(entry => entry.CoverageId)));
        unknown.Parameters.Add(Array(delivery.Coverages.Select(entry => entry.Insurer.ToString())));
        return await FirstIdAsync(connection, unknown, cancellation) is { } coverage
            ? new(DeliveryFault.InsurerUnknown, FactKind.Coverage, coverage)
            : null;
    }

    private static async Task<(long[] Persons, DeliveryOutcome.Refused? Unknown)> PersonsOfAsync(
        NpgsqlConnection connection, InsurerDelivery delivery, CancellationToken cancellation)
    {
        var persons = new SortedSet<long>(delivery.Persons.Select(entry => entry.PersonId));
        persons.UnionWith(delivery.Coverages.Select(entry => entry.PersonId));
        persons.UnionWith(delivery.Burdens.Select(entry => entry.PersonId));
        persons.UnionWith(delivery.Limits.Select(entry => entry.PersonId));
        persons.UnionWith(delivery.SpecificDiseases.Select(entry => entry.PersonId));
        persons.UnionWith(delivery.EligibilityCertificates.Select(entry => entry.PersonId));
        persons.UnionWith(delivery.WithheldLimits.Select(entry => entry.PersonId));
        persons.UnionWith(delivery.MedicalTickets.Select(entry => entry.PersonId));
        persons.UnionWith(delivery.ClinicalFacts.Select(entry => entry.PersonId));
        foreach (var withdrawal in delivery.Withdrawals)
        {
            var (table, idColumn, _) = FactTables.Of(withdrawal.Kind);
            // A fact never changes its person, so any revision tells whose it is.
            var owner = new NpgsqlBatchCommand($"SELECT person_id FROM {table} WHERE {idColumn} = $1 LIMIT 1");
            owner.Parameters.Add(new NpgsqlParameter<long> { TypedValue = withdrawal.Id });
            if (await FirstIdAsync(connection, owner, cancellation) is not { } person)
                return ([], new(DeliveryFault.FactUnknown, withdrawal.Kind, withdrawal.Id));
            persons.Add(person);
        }
        return ([.. persons], null);
    }

    // New persons come in first, in ascending order as the locks do: whoever waits here holds no lock that the other needs.
    private static async Task<DeliveryOutcome.Refused?> LockAsync(
        NpgsqlConnection connection, InsurerDelivery delivery, long[] persons, CancellationToken cancellation)
    {
        var add = new NpgsqlBatchCommand("INSERT INTO person (person_id) SELECT DISTINCT n FROM unnest($1) n ORDER BY n ON CONFLICT (person_id) DO NOTHING");
        add.Parameters.Add(Array(delivery.Persons.Select(entry => entry.PersonId)));
        await ExecuteAsync(connection, add, cancellation);

        var locks = new NpgsqlBatchCommand("SELECT lock_persons($1)");
        locks.Parameters.Add(Array(persons));
        await ExecuteAsync(connection, locks, cancellation);

        var unknown = new NpgsqlBatchCommand("SELECT n FROM unnest($1) n WHERE NOT EXISTS (SELECT FROM person p WHERE p.person_id = n) LIMIT 1");
        unknown.Parameters.Add(Array(persons));
        return await FirstIdAsync(connection, unknown, cancellation) is { } person
            ? new(DeliveryFault.PersonUnknown, FactKind.Person, person)
            : null;
    }

    // What is said of a day replaces what was said of that day before; the person's other days stay.
    private static Task<int> PutPersonsAsync(NpgsqlConnection connection, IReadOnlyList<PersonEntry> entries, CancellationToken cancellation)
    {
        var command = new NpgsqlBatchCommand("""
            INSERT INTO person_detail (
                person_id, revision, valid_from, name, name_kana, other_name, sex, birth_date, address, post_code, other_name_kana, sex_on_document)
            SELECT n.person_id, coalesce(last.revision, -1) + row_number() OVER (PARTITION BY n.person_id ORDER BY n.valid_from),
                n.valid_from, n.name, n.name_kana, n.other_name, n.sex, n.birth_date, n.address, n.post_code, n.other_name_kana, n.sex_on_document
            FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
                AS n (person_id, valid_from, name, name_kana, other_name, sex, birth_date, address, post_code, other_name_kana, sex_on_document)
            CROSS JOIN LATERAL (SELECT max(d.revision) AS revision FROM person_detail d WHERE d.person_id = n.person_id) AS last
            LEFT JOIN LATERAL (
                SELECT * FROM person_detail d WHERE d.person_id = n.person_id AND d.valid_from = n.valid_from
                ORDER BY d.revision DESC LIMIT 1) AS latest ON true
            WHERE (latest.name, latest.name_kana, latest.other_name, latest.sex, latest.birth_date, latest.address, latest.post_code,
                    latest.other_name_kana, latest.sex_on_document)
                IS DISTINCT FROM (n.name, n.name_kana, n.other_name, n.sex, n.birth_date, n.address, n.post_code, n.other_name_kana, n.sex_on_document)
            """);
        command.Parameters.Add(Array(entries.Select(entry => entry.PersonId)));
        command.Parameters.Add(Array(entries.Select(entry => entry.ValidFrom)));
        command.Parameters.Add(Array(entries.Select(entry => entry.Name)));
        command.Parameters.Add(Array(entries.Select(entry => entry.NameKana)));
        command.Parameters.Add(Array(entries.Select(entry => entry.OtherName)));
        command.Parameters.Add(Array(entries.Select(entry => (short)entry.Sex)));
        command.Parameters.Add(Array(entries.Select(entry => entry.BirthDate)));
        command.Parameters.Add(Array(entries.Select(entry => entry.Address)));
        command.Parameters.Add(Array(entries.Select(entry => entry.PostCode)));
        command.Parameters.Add(Array(entries.Select(entry => entry.OtherNameKana)));
        command.Parameters.Add(Array(entries.Select(entry => (short?)entry.SexOnDocument)));
        return entries.Count == 0 ? Task.FromResult(0) : ExecuteAsync(connection, command, cancellation);
    }

    private static async Task<(int Revisions, DeliveryOutcome.Refused? Fault)> PutAsync<TEntry>(
        NpgsqlConnection connection,
        FactTable<TEntry> table,
        IReadOnlyList<TEntry> entries,
        Func<TEntry, (long Id, long Coverage, long Person)>? hangsOn,
        CancellationToken cancellation)
    {
        if (entries.Count == 0) return (0, null);
        if (await FirstIdAsync(connection, table.AnotherPersonsCommand(entries), cancellation) is { } others)
            return (0, new(DeliveryFault.AnotherPersons, table.Kind, others));
        if (hangsOn is not null)
        {
            var unknown = new NpgsqlBatchCommand("""
                SELECT n.id FROM unnest($1, $2, $3) AS n (id, coverage_id, person_id)
                WHERE NOT EXISTS (SELECT FROM coverage c WHERE c.coverage_id = n.coverage_id AND c.person_id = n.person_id) LIMIT 1
                """);
            unknown.Parameters.Add(Array(entries.Select(entry => hangsOn(entry).Id)));
            unknown.Parameters.Add(Array(entries.Select(entry => hangsOn(entry).Coverage)));
            unknown.Parameters.Add(Array(entries.Select(entry => hangsOn(entry).Person)));
            if (await FirstIdAsync(connection, unknown, cancellation) is { } id)
                return (0, new(DeliveryFault.CoverageUnknown, table.Kind, id));
        }
        return (await ExecuteAsync(connection, table.PutCommand(entries), cancellation), null);
    }

    private static async Task<int> ExecuteAsync(NpgsqlConnection connection, NpgsqlBatchCommand command, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection) { Timeout = CommandSeconds };
        batch.BatchCommands.Add(command);
        return Math.Max(0, await batch.ExecuteNonQueryAsync(cancellation));
    }

    private static async Task<long?> FirstIdAsync(NpgsqlConnection connection, NpgsqlBatchCommand command, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection) { Timeout = CommandSeconds };
        batch.BatchCommands.Add(command);
        return await batch.ExecuteScalarAsync(cancellation) as long?;
    }

    private static NpgsqlParameter<TValue[]> Array<TValue>(IEnumerable<TValue> values) => new() { TypedValue = [.. values] };
}
