using System.Text;

namespace EligibilityGateway.Gateway.Tests.Feeds.Insurers.Batches;

/// <summary>A feed's file as text: rows of <c>column=value</c> pairs under a header of all columns.</summary>
internal static class FeedFile
{
    public const string Insurer = "06139992";

    public static readonly string[] Columns =
    [
        "sequence", "kind", "insurer", "person", "fact", "withdraws", "name", "kana", "alias", "alias_kana", "sex", "sex_on_document", "birth_date", "address", "post_code", "classification", "symbol", "number",
        "branch", "relation", "insured_name", "acquired_on", "lost_on", "loss_reason", "coverage", "percent", "certificate_class", "limit_class", "disease", "monthly_limit",
        "household_continues", "insured_turned_75",
        "issued_on", "valid_from", "valid_until", "long_term_on", "treatment_month", "institution", "self_pay", "issue_number", "injury1", "prescriber",
    ];

    public static string Of(params string[] rows)
    {
        var text = new StringBuilder().AppendJoin(',', Columns).Append('\n');
        foreach (var row in rows) text.Append(row).Append('\n');
        return text.ToString();
    }

    /// <summary>A row; a later value of a column wins.</summary>
    public static string Row(string kind, long sequence, long person, params string[] values)
    {
        var fields = new string[Columns.Length];
        foreach (var value in (string[])[$"sequence={sequence}", $"kind={kind}", $"insurer={Insurer}", $"person={person}", .. values])
        {
            var at = value.IndexOf('=', StringComparison.Ordinal);
            fields[Array.IndexOf(Columns, value[..at])] = value[(at + 1)..];
        }
        return string.Join(',', fields);
    }

    public static string Person(long sequence, long person, params string[] values) =>
        Row("person", sequence, person, ["valid_from=1954-02-03", "name=見本　花子", "kana=ﾐﾎﾝ ﾊﾅｺ", "sex=2", "birth_date=1954-02-03", .. values]);

    public static string Insert(long sequence, long person, long coverage, params string[] values) =>
        Row("coverage-insert", sequence, person, [$"fact={coverage}", "classification=01", "symbol=記12", "number=42", "branch=00", "relation=1", "acquired_on=2020-04-01", .. values]);

    public static string End(long sequence, long person, long coverage, params string[] values) =>
        Row("coverage-end", sequence, person, [$"fact={coverage}", "lost_on=2026-10-01", "loss_reason=03", .. values]);
}
