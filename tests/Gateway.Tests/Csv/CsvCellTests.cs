using EligibilityGateway.Gateway.Csv;

namespace EligibilityGateway.Gateway.Tests.Csv;

public sealed class CsvCellTests
{
    [Theory]
    [InlineData("国77", "国77")]
    [InlineData("1,2", "\"1,2\"")]
    [InlineData("a\"b", "\"a\"\"b\"")]
    [InlineData("a\nb", "\"a\nb\"")]
    public void A_field_is_quoted_where_it_must_be(string field, string written) => Assert.Equal(written, CsvCell.Quoted(field));

    // owasp.org/www-community/attacks/CSV_Injection
    [Theory]
    [InlineData("=HYPERLINK(\"http://example.invalid\")")]
    [InlineData("+1")]
    [InlineData("-1")]
    [InlineData("@SUM(A1)")]
    [InlineData("\t=1")]
    [InlineData("＝1")]
    public void A_text_that_a_spreadsheet_would_compute_is_made_inert(string text) => Assert.Equal("'" + text, CsvCell.Inert(text));

    [Theory]
    [InlineData("")]
    [InlineData("見本病院")]
    [InlineData("A=B")]
    public void Other_texts_stay_as_they_are(string text) => Assert.Equal(text, CsvCell.Inert(text));
}
