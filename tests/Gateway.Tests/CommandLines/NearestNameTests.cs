using EligibilityGateway.Common.CommandLines;

namespace EligibilityGateway.Gateway.Tests.CommandLines;

public sealed class NearestNameTests
{
    private static readonly string[] Names = ["journal", "journalMegabytes", "keys", "redis", "listen", "missBudget"];

    [Theory]
    [InlineData("jurnal", "journal")]
    [InlineData("journla", "journal")]
    [InlineData("JOURNAL", "journal")]
    [InlineData("journalMegabyte", "journalMegabytes")]
    [InlineData("key", "keys")]
    [InlineData("missbudjet", "missBudget")]
    [InlineData("postgres", null)]
    [InlineData("x", null)]
    [InlineData("", null)]
    public void The_name_that_was_meant_is_found(string typed, string? meant) => Assert.Equal(meant, NearestName.Of(typed, Names));

    [Fact]
    public void A_whole_document_is_no_name() => Assert.Null(NearestName.Of(new string('j', 10_000), Names));
}
