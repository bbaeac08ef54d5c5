using EligibilityGateway.Gateway.Feeds.Insurers;
using Npgsql;

namespace EligibilityGateway.Demo.Population;

/// <summary>
/// How each table takes the population: the columns of its COPY, and the rows of a person. Two groups of about equal work, each for
/// one connection; both refer to persons and insurers alone, which are there before.
/// </summary>
internal static class PopulationTables
{
    /// <summary>Persons alone; all other tables refer to them.</summary>
    public static readonly PopulationTable Person = new(
        "person",
        "COPY person (person_id) FROM STDIN (FORMAT binary)",
        (importer, person) =>
        {
            importer.StartRow();
            importer.Write(person.Index);
            return 1;
        });

    /// <summary>Identities and coverages.</summary>
    public static readonly IReadOnlyList<PopulationTable> Insured =
    [
        new PopulationTable(
            "person_detail",
            """
            COPY person_detail (person_id, revision, valid_from, name, name_kana, other_name, sex, birth_date, address, post_code)
            FROM STDIN (FORMAT binary)
            """,
            (importer, person) =>
            {
                var identity = person.Identity;
                importer.StartRow();
                importer.Write(identity.PersonId);
                importer.Write(0);
                importer.Write(identity.ValidFrom);
                importer.Write(identity.Name);
                importer.Write(identity.NameKana);
                importer.Write(identity.OtherName);
                importer.Write((short)identity.Sex);
                importer.Write(identity.BirthDate);
                importer.Write(identity.Address);
                importer.Write(identity.PostCode);
                return 1;
            }),
        Of(FactTables.Coverage, person => person.Coverages),
    ];

    /// <summary>What hangs on coverages, and cards.</summary>
    public static readonly IReadOnlyList<PopulationTable> FactsAndCards =
    [
        Of(FactTables.Burden, person => person.Burden),
        Of(FactTables.Limit, person => person.Limit),
        Of(FactTables.SpecificDisease, person => person.SpecificDisease),
        Of(FactTables.EligibilityCertificate, person => person.EligibilityCertificate),
        Of(FactTables.Clinical, person => person.ClinicalFacts),
        new PopulationTable(
            "card",
            "COPY card (card_key, person_id) FROM STDIN (FORMAT binary)",
            (importer, person) =>
            {
                if (person.Card is not { } card) return 0;
                importer.StartRow();
                importer.Write(card.Certificate.CardKey);
                importer.Write(person.Index);
                return 1;
            }),
        new PopulationTable(
            "card_certificate",
            """
            COPY card_certificate (card_key, fingerprint, serial, anchor, modulus, exponent, not_before, not_after)
            FROM STDIN (FORMAT binary)
            """,
            (importer, person) =>
            {
                if (person.Card?.Certificate is not { } certificate) return 0;
                importer.StartRow();
                importer.Write(certificate.CardKey);
                importer.Write(certificate.Fingerprint);
                importer.Write(certificate.Serial);
                importer.Write(certificate.Anchor);
                importer.Write(certificate.Modulus);
                importer.Write(certificate.Exponent);
                importer.Write(certificate.NotBefore.UtcDateTime);
                importer.Write(certificate.NotAfter.UtcDateTime);
                return 1;
            }),
        new PopulationTable(
            "card_state",
            "COPY card_state (card_key, revision, status, since, registered, channel) FROM STDIN (FORMAT binary)",
            (importer, person) =>
            {
                if (person.Card is not { State: var state } card) return 0;
                importer.StartRow();
                importer.Write(card.Certificate.CardKey);
                importer.Write(0);
                importer.Write((short)state.Status);
                importer.Write(state.Since.UtcDateTime);
                importer.Write(state.Registered);
                if (state.Channel is { } channel) importer.Write((short)channel);
                else importer.WriteNull();
                return 1;
            }),
    ];

    /// <summary>All of them, in an order in which they can be filled.</summary>
    public static readonly IReadOnlyList<PopulationTable> All = [Person, .. Insured, .. FactsAndCards];

    /// <summary>Fills the insurers, whom no person changes.</summary>
    public static void CopyInsurers(NpgsqlConnection connection)
    {
        using var importer = connection.BeginBinaryImport("COPY insurer (insurer_number, name) FROM STDIN (FORMAT binary)");
        foreach (var insurer in SyntheticPopulation.Insurers)
        {
            importer.StartRow();
            importer.Write(insurer.Number.ToString());
            importer.Write(insurer.Name);
        }
        importer.Complete();
    }

    private static PopulationTable Of<TEntry>(FactTable<TEntry> table, Func<SyntheticPerson, TEntry?> entryOf)
        where TEntry : class =>
        new(table.Name, table.CopyStatement, (importer, person) =>
        {
            if (entryOf(person) is not { } entry) return 0;
            table.CopyRow(importer, entry);
            return 1;
        });

    private static PopulationTable Of<TEntry>(FactTable<TEntry> table, Func<SyntheticPerson, IReadOnlyList<TEntry>> entriesOf) =>
        new(table.Name, table.CopyStatement, (importer, person) =>
        {
            var entries = entriesOf(person);
            for (var i = 0; i < entries.Count; i++) table.CopyRow(importer, entries[i]);
            return entries.Count;
        });
}
