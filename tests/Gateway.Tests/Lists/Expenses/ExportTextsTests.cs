using EligibilityGateway.Gateway.Lists.Expenses;
using EligibilityGateway.Rules.Expenses;

namespace EligibilityGateway.Gateway.Tests.Lists.Expenses;

public sealed class ExportTextsTests
{
    [Fact]
    public void Each_note_and_each_gap_has_a_text_in_both_languages()
    {
        foreach (var texts in (ExportTexts[])[ExportTexts.Japanese, ExportTexts.English])
        {
            Assert.All(Enum.GetValues<ExpenseNote>(), note => Assert.NotEmpty(texts.Of(note)));
            Assert.All(Enum.GetValues<GapKind>(), gap => Assert.NotEmpty(texts.Of(gap)));
        }
        Assert.NotEqual(ExportTexts.Japanese.Of(GapKind.NotDelivered), ExportTexts.English.Of(GapKind.NotDelivered));
    }
}
