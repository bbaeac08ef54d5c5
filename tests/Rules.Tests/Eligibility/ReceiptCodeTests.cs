using EligibilityGateway.Rules.Eligibility;
using EligibilityGateway.Rules.Eligibility.Policies;
using EligibilityGateway.Rules.HighCost;
using static EligibilityGateway.Rules.Tests.Eligibility.Known;

namespace EligibilityGateway.Rules.Tests.Eligibility;

/// <summary>Special codes of bills: kokuho-kumamoto.or.jp/kiji003675, radianceware.sakura.ne.jp, medical-sv.com.</summary>
public sealed class ReceiptCodeTests
{
    [Theory]
    [InlineData("A01", "26", "区ア")]
    [InlineData("B01", "26", "区ア")]
    [InlineData("A02", "27", "区イ")]
    [InlineData("B02", "27", "区イ")]
    [InlineData("A03", "28", "区ウ")]
    [InlineData("B03", "28", "区ウ")]
    [InlineData("A04", "29", "区エ")]
    [InlineData("B04", "29", "区エ")]
    [InlineData("A05", "30", "区オ")]
    [InlineData("A06", "30", "区オ")]
    [InlineData("B05", "30", "区オ")]
    [InlineData("B06", "30", "区オ")]
    [InlineData("B07", "30", "区オ")]
    [InlineData("B08", "30", "区オ")]
    [InlineData("B09", "41", "区カ")]
    [InlineData("B10", "42", "区キ")]
    public void A_class_has_its_code(string limitClass, string code, string label) =>
        Assert.Equal(new ReceiptCodeLabel(code, label), ReceiptCodes.OfClass(limitClass, Day("2026-10-15")));

    [Theory]
    [InlineData("B09", "2022-09-30", null)]
    [InlineData("B09", "2022-10-01", "41")]
    [InlineData("B10", "2022-09-30", null)]
    [InlineData("B10", "2022-10-01", "42")]
    public void The_classes_of_75_and_over_have_theirs_since_October_2022(string limitClass, string day, string? code) =>
        Assert.Equal(code, ReceiptCodes.OfClass(limitClass, Day(day))?.Code);

    [Theory]
    [InlineData(5_000, "02", "長")]
    [InlineData(10_000, "02", "長")]
    public void A_specific_disease_has_its_code(int yen, string code, string label) =>
        Assert.Equal(new ReceiptCodeLabel(code, label), ReceiptCodes.OfSpecificDisease(yen, Day("2026-10-15")));

    // 16 長2 is known and was seen in no public text.
    [Fact]
    public void A_code_that_is_not_verified_is_told_to_nobody()
    {
        var unverified = ReceiptCodePolicy.All.Where(row => !row.Verified).ToList();
        Assert.Equal(["16"], unverified.Select(row => row.Code));
        Assert.All(unverified, row => Assert.Null(ReceiptCodes.OfSpecificDisease(row.SpecificDiseaseYen!.Value, Day("2026-10-15"))));
    }

    [Fact]
    public void Every_class_has_one_and_never_two_on_one_day()
    {
        Assert.All(LimitClasses.All, label => Assert.Single(ReceiptCodePolicy.All, row => row.LimitClass == label.Code && row.Counts(Day("2026-10-15"))));
        Assert.All(ReceiptCodePolicy.All, row => Assert.True((row.LimitClass is null) != (row.SpecificDiseaseYen is null)));
    }
}
