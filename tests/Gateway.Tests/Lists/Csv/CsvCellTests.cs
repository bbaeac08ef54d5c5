using EligibilityGateway.Gateway.Lists.Csv;

namespace EligibilityGateway.Gateway.Tests.Lists.Csv;

public sealed class CsvCellTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("国77", "国77")]
    [InlineData("A=B", "A=B")]
    [InlineData("1,2", "\"1,2\"")]
    [InlineData("a\"b", "\"a\"\"b\"")]
    public void A_text_is_quoted_where_it_must_be(string text, string written) => Assert.Equal(written, CsvCell.Of(text));

    // owasp.org/www-community/attacks/CSV_Injection
    [Theory]
    [InlineData("+1")]
    [InlineData("-1")]
    [InlineData("@SUM(A1)")]
    [InlineData("=1")]
    [InlineData("＝1")]
    [InlineData("＋1")]
    [InlineData("－1")]
    [InlineData("＠A1")]
    public void A_text_that_a_spreadsheet_would_compute_is_made_inert(string text) => Assert.Equal("'" + text, CsvCell.Of(text));

    [Fact]
    public void A_formula_in_quotes_is_inert_too() => Assert.Equal("\"'=HYPERLINK(\"\"http://example.invalid\"\")\"", CsvCell.Of("=HYPERLINK(\"http://example.invalid\")"));

    // A spreadsheet trims some of them, and what stands behind would be computed.
    [Theory]
    [InlineData("\t=1", "[U+0009]=1")]
    [InlineData("\r\n=1", "[U+000D][U+000A]=1")]
    [InlineData("\u200B=1", "[U+200B]=1")]
    [InlineData("\u202E子花", "[U+202E]子花")]
    [InlineData("\uE000子", "●子")]
    public void What_nobody_would_see_stands_there_by_its_number(string text, string written) => Assert.Equal(written, CsvCell.Of(text));

    [Fact]
    public void Numbers_stay_numbers_and_days_days()
    {
        Assert.Equal("-1200", CsvCell.Of(-1200));
        Assert.Equal("2026-04-01", CsvCell.Of(new DateOnly(2026, 4, 1)));
        Assert.Equal("", CsvCell.Of((DateOnly?)null));
    }
}
