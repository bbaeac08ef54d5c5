using EligibilityGateway.Gateway.Cards;
using FsCheck;
using FsCheck.Fluent;

namespace EligibilityGateway.Gateway.Tests.Cards;

public sealed class CertificateSerialTests
{
    [Fact]
    public void Leading_zeros_do_not_count()
    {
        Assert.Equal(Serial([1]), Serial([0, 0, 1]));
        Assert.Equal(Serial([0x80]), Serial([0, 0x80]));
        Assert.Equal(Serial([.. Enumerable.Repeat((byte)7, 20)]), Serial([0, .. Enumerable.Repeat((byte)7, 20)]));
    }

    [Fact]
    public void Nothing_zero_and_more_than_twenty_bytes_are_no_serial_number()
    {
        Assert.False(CertificateSerial.TryRead([], out _));
        Assert.False(CertificateSerial.TryRead([0], out _));
        Assert.False(CertificateSerial.TryRead(new byte[20], out _));
        Assert.False(CertificateSerial.TryRead([1, .. new byte[20]], out _));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(20)]
    public void Each_byte_counts(int length)
    {
        var bytes = Enumerable.Range(1, length).Select(n => (byte)n).ToArray();
        for (var at = 0; at < length; at++)
        {
            var other = (byte[])bytes.Clone();
            other[at] ^= 0x80;
            Assert.NotEqual(Serial(bytes), Serial(other));
        }
    }

    [Fact]
    public void Two_are_equal_exactly_where_their_numbers_are()
    {
        Check.QuickThrowOnFailure(Prop.ForAll<byte[], byte[]>((a, b) =>
        {
            if (!CertificateSerial.TryRead(a, out var one) || !CertificateSerial.TryRead(b, out var other)) return true;
            var same = a.AsSpan().TrimStart((byte)0).SequenceEqual(b.AsSpan().TrimStart((byte)0));
            return one.Equals(other) == same && (!same || one.GetHashCode() == other.GetHashCode());
        }));
    }

    private static CertificateSerial Serial(ReadOnlySpan<byte> bytes) =>
        CertificateSerial.TryRead(bytes, out var serial) ? serial : throw new ArgumentException("Not a serial number.", nameof(bytes));
}
