using EligibilityGateway.Common;
using EligibilityGateway.Contracts;
using EligibilityGateway.Gateway.Lists.Csv;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Rules.Certificates;
using Npgsql;

namespace EligibilityGateway.Gateway.Lists.CertificatesDue;

/// <summary>The list for one insurer on one day, read as eg_insurer_feed: row by row, however many there are.</summary>
internal sealed class DueList(NpgsqlDataSource store)
{
    /// <summary>An insurer of a nation has tens of millions of insured.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(30);

    private const string Columns = "person_id,symbol,number,branch,name,birth_date,due,card,certificate_until";

    private const string Query = """
        SELECT c.person_id, c.symbol, c.number, coalesce(c.branch, ''), d.name, d.birth_date, k.person_id IS NOT NULL, coalesce(k.registered, false),
               k.registered_until, e.until
          FROM (SELECT DISTINCT ON (coverage_id) * FROM coverage ORDER BY coverage_id, revision DESC) c
          JOIN LATERAL (SELECT p.name, p.birth_date FROM person_detail p WHERE p.person_id = c.person_id
                         ORDER BY (p.insurer_number IS NULL OR p.insurer_number = $1) DESC, p.valid_from <= $2 DESC, CASE WHEN p.valid_from <= $2 THEN p.valid_from END DESC, p.valid_from, p.revision DESC LIMIT 1) d ON true
          LEFT JOIN cards_of_insured($1, $2) k ON k.person_id = c.person_id
          LEFT JOIN LATERAL (SELECT max(valid_until) AS until FROM (
                SELECT DISTINCT ON (certificate_id) coverage_id, issued_on, valid_until, withdrawn FROM eligibility_certificate
                 WHERE person_id = c.person_id ORDER BY certificate_id, revision DESC) latest
               WHERE NOT withdrawn AND coverage_id = c.coverage_id AND issued_on <= $2 AND $2 <= valid_until) e ON true
         WHERE c.insurer_number = $1 AND NOT c.withdrawn AND c.acquired_on <= $2 AND (c.lost_on IS NULL OR $2 < c.lost_on)
         ORDER BY c.person_id, c.coverage_id
        """;

    /// <summary>Writes the list as CSV (RFC 4180, line feeds): a header, then a row for each coverage of who is due.</summary>
    /// <exception cref="SettingsException">The store knows no such insurer.</exception>
    public async Task WriteAsync(InsurerNumber insurer, DateOnly day, TextWriter output, CancellationToken cancellation)
    {
        await using var connection = await store.OpenPatientlyAsync(cancellation);
        await using (var known = new NpgsqlCommand("SELECT EXISTS (SELECT FROM insurer WHERE insurer_number = $1)", connection) { Parameters = { new() { Value = insurer.ToString() } } })
        {
            if (await known.ExecuteScalarAsync(cancellation) is not true)
                throw new SettingsException("--insurer is not known to the store: check the number, or import the insurer's file first.");
        }
        await using var command = new NpgsqlCommand(Query, connection) { Parameters = { new() { Value = insurer.ToString() }, new() { Value = day } } };
        command.CommandTimeout = (int)Deadline.TotalSeconds;
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        await output.WriteAsync($"{Columns}\n".AsMemory(), cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            DateOnly? expiresOn = await rows.IsDBNullAsync(8, cancellation) ? null : JapanTime.DateOf(rows.GetFieldValue<DateTimeOffset>(8));
            DateOnly? heldUntil = await rows.IsDBNullAsync(9, cancellation) ? null : rows.GetFieldValue<DateOnly>(9);
            var card = DueRule.UseOf(rows.GetBoolean(6), rows.GetBoolean(7), expiresOn, day);
            var birthDate = rows.GetFieldValue<DateOnly>(5);
            if (DueRule.Of(card, CertificateDuePolicy.Holds(insurer, birthDate, day), heldUntil, day) is not { } due) continue;
            string[] cells =
            [
                CsvCell.Of(rows.GetInt64(0)), CsvCell.Of(rows.GetString(1)), CsvCell.Of(rows.GetString(2)), CsvCell.Of(rows.GetString(3)), CsvCell.Of(rows.GetString(4)),
                CsvCell.Of(birthDate), CsvCell.Of(NameOf(due)), CsvCell.Of(NameOf(card)), CsvCell.Of(heldUntil),
            ];
            await output.WriteAsync($"{string.Join(',', cells)}\n".AsMemory(), cancellation);
        }
        await output.FlushAsync(cancellation);
    }

    private static string NameOf(DueReason due) => due switch
    {
        DueReason.NoneHeld => "none_held",
        DueReason.Ends => "ends",
        _ => throw new ArgumentOutOfRangeException(nameof(due)),
    };

    private static string NameOf(CardUse card) => card switch
    {
        CardUse.None => "none",
        CardUse.NotRegistered => "not_registered",
        CardUse.Lapsed => "lapsed",
        CardUse.Usable => "usable",
        _ => throw new ArgumentOutOfRangeException(nameof(card)),
    };
}
