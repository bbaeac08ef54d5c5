using EligibilityGateway.Gateway.Lists.Expenses;
using EligibilityGateway.Rules.Expenses.Tables;

namespace EligibilityGateway.Gateway.Tests.Lists.Expenses;

/// <summary>The layouts are data that somebody may change: each name in them must be one that the program knows.</summary>
public sealed class XmlLayoutTests
{
    public static TheoryData<string> Layouts => [.. XmlLayout.All.Keys];

    [Theory]
    [MemberData(nameof(Layouts))]
    public void A_layout_names_only_columns_and_records_that_there_are(string name)
    {
        var layout = XmlLayout.All[name];
        foreach (var element in All(layout.Root))
        {
            Assert.True(element.Each is null || RecordKind.All.Contains(element.Each), element.Each);
            foreach (var text in (string?[])[element.Text, .. element.Attributes?.Values ?? []])
                if (text is ['{', .. var column, '}']) Assert.Contains(column, (string[])[.. ExportColumns.All, ExportColumns.Year, ExportColumns.CreatedOn]);
            Assert.False(element is { Text: not null, Children: not null }, $"{element.Name} holds both");
        }
        Assert.Equal(Enum.GetValues<CareSetting>(), layout.Settings.Keys.Order());
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void A_layout_says_where_it_comes_from_and_that_nobody_compared_it(string name)
    {
        Assert.NotEmpty(XmlLayout.All[name].Sources);
        Assert.False(XmlLayout.All[name].Verified, "if that has changed, so has docs/expenses.md");
    }

    [Fact]
    public void Every_kind_of_care_is_one_of_the_forms() => Assert.All(Enum.GetValues<CareSetting>(), setting => Assert.NotEmpty(CategoryRow.Of(setting).FormWord()));

    private static IEnumerable<LayoutElement> All(LayoutElement element) => (element.Children ?? []).SelectMany(All).Append(element);
}
