namespace EligibilityGateway.Gateway.Tests.Feeds.Files;

public sealed class HalfWidthKanaTests
{
    // JIS X 0201 has what stands on the right, and no more.
    [Theory]
    [InlineData("ﾐﾎﾝ ﾊﾅｺ", "ﾐﾎﾝ ﾊﾅｺ")]
    [InlineData("ミホン　ハナコ", "ﾐﾎﾝ ﾊﾅｺ")]
    [InlineData("みほん　はなこ", "ﾐﾎﾝ ﾊﾅｺ")]
    [InlineData("ガギグ　パピプ　ヴ", "ｶﾞｷﾞｸﾞ ﾊﾟﾋﾟﾌﾟ ｳﾞ")]
    [InlineData("がぱゔ", "ｶﾞﾊﾟｳﾞ")]
    [InlineData("カ\u3099ハ\u309A", "ｶﾞﾊﾟ")] // marks that combine
    [InlineData("カ゛ハ゜", "ｶﾞﾊﾟ")] // and marks that stand alone
    [InlineData("ｶﾞハﾟ", "ｶﾞﾊﾟ")]
    [InlineData("ァィゥェォッャュョー・", "ｧｨｩｪｫｯｬｭｮｰ･")]
    [InlineData("ヲン。「」、", "ｦﾝ｡｢｣､")]
    [InlineData("ＪＯＨＮ Ｓｍｉｔｈ－２", "JOHN Smith-2")]
    [InlineData("", "")]
    [InlineData("見本", null)]
    [InlineData("ミホン花子", null)]
    [InlineData("ヱイコ", null)]
    [InlineData("ゐ", null)]
    [InlineData("ヶ", null)]
    [InlineData("スヾ", null)]
    [InlineData("José", null)]
    [InlineData("ﾐﾎﾝ\uE000", null)]
    [InlineData("ﾐﾎﾝ\u200B", null)]
    [InlineData("ﾐﾎﾝ\t", null)]
    public void Kana_come_to_half_width_or_are_none(string text, string? kana) => Assert.Equal(kana, HalfWidthKana.Of(text));

    [Fact]
    public void Each_half_width_letter_is_that_of_its_wide_one()
    {
        for (var half = '\uFF61'; half <= '\uFF9F'; half++)
            Assert.Equal(half.ToString(), HalfWidthKana.Of(half.ToString().Normalize(System.Text.NormalizationForm.FormKC)));
    }
}
