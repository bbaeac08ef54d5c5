namespace EligibilityGateway.Contracts.Tests;

public sealed class Proto3JsonTests
{
    // protobuf.dev/programming-guides/json: "decimal number … either numbers or strings are accepted"; a fraction of zeros and an exponent are allowed.
    [Theory]
    [InlineData("0", 0L)]
    [InlineData("-0", 0L)]
    [InlineData("150000", 150_000L)]
    [InlineData("-7", -7L)]
    [InlineData("150000.0", 150_000L)]
    [InlineData("1.5e5", 150_000L)]
    [InlineData("1E+2", 100L)]
    [InlineData("1500e-2", 15L)]
    [InlineData("1.50e1", 15L)]
    [InlineData("0.0e99", 0L)]
    [InlineData("0e-99999999999999999999", 0L)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("1.5", null)]
    [InlineData("15e-1", null)]
    [InlineData("1e-40", null)]
    [InlineData("1.00000000000000000000000000000000000000001", null)]
    [InlineData("1e400", null)]
    [InlineData("1e99999999999999999999", null)]
    [InlineData("01", null)]
    [InlineData("+1", null)]
    [InlineData(" 1", null)]
    [InlineData("1,000", null)]
    [InlineData("１", null)]
    [InlineData("0x10", null)]
    [InlineData("NaN", null)]
    [InlineData("", null)]
    public void A_number_without_a_fraction_is_whole_however_it_is_written(string written, long? number)
    {
        Assert.Equal(number is not null, Proto3Json.TryWholeNumber(written, out var read));
        if (number is { } known) Assert.Equal(known, (long)read);
    }

    [Theory]
    [InlineData("serviceDay", true)]
    [InlineData("_x1", true)]
    [InlineData("123456789018", false)]
    [InlineData("x123456789018", false)]
    [InlineData("見本", false)]
    [InlineData("a b", false)]
    [InlineData("", false)]
    [InlineData("a\n", false)]
    public void A_name_is_repeated_where_a_program_would_call_a_field_so(string name, bool isRepeated) => Assert.Equal(isRepeated ? name : "?", Proto3Json.NameShown(name));

    [Fact]
    public void A_text_without_end_is_no_name() => Assert.Equal("?", Proto3Json.NameShown(new string('x', 65)));
}
