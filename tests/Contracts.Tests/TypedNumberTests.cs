namespace EligibilityGateway.Contracts.Tests;

public sealed class TypedNumberTests
{
    // 個人番号 12 digits: ordinance no. 85 of 2014, art. 5. 申請書ID 23: news.mynavi.jp/article/20210711-1905728. 照合番号B 14: DOMAIN 5.1 (birth
    // date of six, last year of four, security code of four). Insurers 6 or 8, recipients 7: 3.1. The zeros are nobody's.
    [Theory]
    [InlineData("000000000000", TypedNumberKind.MyNumber)]
    [InlineData("0000 0000 0000", TypedNumberKind.MyNumber)]
    [InlineData("００００－００００－００００", TypedNumberKind.MyNumber)]
    [InlineData("0000ー0000ー0000", TypedNumberKind.MyNumber)]
    [InlineData("0000‐0000–0000", TypedNumberKind.MyNumber)]
    [InlineData("0000─0000─0000", TypedNumberKind.MyNumber)]
    [InlineData("00000000000000000000000", TypedNumberKind.ApplicationId)]
    [InlineData("0000 0000 0000 0000 0000 000", TypedNumberKind.ApplicationId)]
    [InlineData("00000000000000", TypedNumberKind.FaceNumber)]
    [InlineData("0000000000000000", TypedNumberKind.ManufacturingNumber)]
    [InlineData("00AB 00CD 00XY 00ZZ", TypedNumberKind.ManufacturingNumber)]
    [InlineData("０0AB00CD00XY00ZZ", TypedNumberKind.ManufacturingNumber)]
    [InlineData("000000", TypedNumberKind.InsurerNumber)]
    [InlineData("00000000", TypedNumberKind.InsurerNumber)]
    [InlineData("0000000", TypedNumberKind.RecipientNumber)]
    [InlineData("00:ab:cd:ef:01", TypedNumberKind.CertificateNumber)]
    [InlineData("00abcdef0123456789ab", TypedNumberKind.CertificateNumber)]
    [InlineData("https://example.jp/?id=00000000000000000000000", TypedNumberKind.QrContent)]
    [InlineData("0000000000", TypedNumberKind.OtherDigits)]
    [InlineData("0000000000000000000000", TypedNumberKind.OtherDigits)]
    [InlineData("000000000000000000000000", TypedNumberKind.OtherDigits)]
    [InlineData("card.pem", TypedNumberKind.None)]
    [InlineData("", TypedNumberKind.None)]
    [InlineData("-", TypedNumberKind.None)]
    [InlineData("\uD800", TypedNumberKind.None)]
    [InlineData(null, TypedNumberKind.None)]
    public void A_number_is_told_apart_by_its_form(string? text, TypedNumberKind kind) => Assert.Equal(kind, TypedNumber.KindOf(text));

    [Theory]
    [InlineData("00000000000000000000001")]
    [InlineData("　0000 0000 0000 0000 0000 001 ")]
    [InlineData("０００００００００００００００００００００-０１")]
    public void An_application_id_is_read_however_it_is_written(string text)
    {
        Assert.True(CardApplicationId.TryParse(text, out var id));
        Assert.Equal("00000000000000000000001", id.ToString());
    }

    [Fact]
    public void A_text_without_end_is_no_number() => Assert.Equal(TypedNumberKind.None, TypedNumber.KindOf(new string('0', 10_000)));
}
