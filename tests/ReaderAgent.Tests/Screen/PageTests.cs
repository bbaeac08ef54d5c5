using EligibilityGateway.ReaderAgent.Screen;

namespace EligibilityGateway.ReaderAgent.Tests.Screen;

public sealed class PageTests
{
    [Fact]
    public void Values_stand_below_each_other_and_rows_without_a_value_are_left_out()
    {
        var page = new Page();
        page.Headline("VALID");
        page.Row("Name", "A");
        page.Row("Also known as", "");
        page.Row("Insurer", "B");
        Assert.Equal("VALID\nName     A\nInsurer  B", page.ToString());
    }

    [Fact]
    public void Full_width_characters_take_two_columns()
    {
        var page = new Page();
        page.Row("氏名", "A");
        page.Row("Name", "B");
        page.Row("ｶﾅ", "C");
        Assert.Equal("氏名  A\nName  B\nｶﾅ    C", page.ToString());
    }

    [Fact]
    public void What_comes_from_outside_can_not_steer_the_terminal()
    {
        var page = new Page();
        page.Headline("a\u001b[2Jb");
        page.Row("c\r", "d\ne\u0007\u009b");
        Assert.Equal("a[U+001B][2Jb\nc[U+000D]  d[U+000A]e[U+0007][U+009B]", page.ToString());
    }

    [Fact]
    public void What_nobody_would_see_in_a_name_is_shown_by_its_number()
    {
        var page = new Page();
        page.Row("Name", "見本\u202E子花");
        Assert.Equal("Name  見本[U+202E]子花", page.ToString());
    }
}
