using EligibilityGateway.LoadTests.Wire;
using Grpc.Core;

namespace EligibilityGateway.LoadTests.Tests.Wire;

public sealed class ResponseHeadersTests
{
    [Fact]
    public void A_status_of_the_static_table_is_read() => Assert.Equal(404, ResponseHeaders.Read([0x8d]).HttpStatus);

    [Fact]
    public void A_status_written_out_is_read() => Assert.Equal(503, ResponseHeaders.Read([0x08, 3, .. "503"u8]).HttpStatus);

    [Theory]
    [InlineData(0x00)]
    [InlineData(0x10)]
    [InlineData(0x40)]
    public void A_status_of_gRPC_is_read_however_it_may_be_kept(byte kind)
    {
        var headers = ResponseHeaders.Read([0x20, 0x88, kind, 11, .. "grpc-status"u8, 2, .. "14"u8]);
        Assert.Equal((200, StatusCode.Unavailable), (headers.HttpStatus, headers.GrpcStatus));
    }

    [Fact]
    public void Other_headers_are_passed_over_with_short_names_long_ones_and_in_Huffmans_code()
    {
        byte[] date = [0x0f, 0x12, 0x83, 1, 2, 3];
        byte[] name = [0x00, 0x82, 1, 2, 1, .. "x"u8];
        byte[] type = [0x5f, 3, .. "a/b"u8];
        Assert.Equal(StatusCode.OK, ResponseHeaders.Read([.. date, .. name, .. type, 0xc0, 0x00, 11, .. "grpc-status"u8, 1, .. "0"u8]).GrpcStatus);
    }

    [Fact]
    public void A_long_text_is_read_whole()
    {
        var text = new string('x', 300);
        // 300 is 127 in the first byte and 173 in two more of seven bits each.
        Assert.Equal(text, ResponseHeaders.Read([0x00, 12, .. "grpc-message"u8, 0x7f, 0xad, 0x01, .. System.Text.Encoding.ASCII.GetBytes(text)]).GrpcMessage);
    }

    [Fact]
    public void A_status_that_is_no_number_is_unknown() =>
        Assert.Equal(StatusCode.Unknown, ResponseHeaders.Read([0x00, 11, .. "grpc-status"u8, 1, .. "?"u8]).GrpcStatus);

    [Fact]
    public void A_table_that_was_not_offered_is_refused() => Assert.Throws<InvalidDataException>(() => ResponseHeaders.Read([0x3f, 0xe1, 0x1f]));

    [Fact]
    public void A_block_that_is_cut_off_anywhere_is_refused_or_says_less()
    {
        byte[] block = [0x88, 0x00, 11, .. "grpc-status"u8, 1, .. "0"u8, 0x00, 12, .. "grpc-message"u8, 2, .. "no"u8];
        for (var length = 0; length < block.Length; length++)
        {
            var cut = block[..length];
            if (Record.Exception(() => ResponseHeaders.Read(cut)) is { } e) Assert.IsType<InvalidDataException>(e);
        }
    }
}
