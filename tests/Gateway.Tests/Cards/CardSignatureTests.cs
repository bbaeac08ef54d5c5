using System.Numerics;
using System.Security.Cryptography;
using EligibilityGateway.Gateway.Cards;

namespace EligibilityGateway.Gateway.Tests.Cards;

/// <summary>Every case runs with both ways of checking, which must agree.</summary>
public sealed class CardSignatureTests
{
    private static readonly RSA Key = RSA.Create(2048);
    private static readonly RSA OtherKey = RSA.Create(2048);
    private static readonly RSAParameters Public = Key.ExportParameters(false);
    private static readonly byte[] Digest = SHA256.HashData("a tap"u8);
    private static readonly byte[] Signature = Key.SignHash(Digest, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    public static TheoryData<bool> Ways => OperatingSystem.IsLinux() ? [true, false] : [false];

    [Fact]
    public void On_Linux_libcrypto_is_used()
    {
        Assert.Equal(OperatingSystem.IsLinux(), LibcryptoRsa.IsThere);
    }

    [Theory, MemberData(nameof(Ways))]
    public void The_signature_of_the_card_is_good(bool byLibcrypto)
    {
        Assert.True(Verify(byLibcrypto, Public.Modulus, 65537, Digest, Signature));
    }

    [Theory, MemberData(nameof(Ways))]
    public void A_flipped_bit_anywhere_in_the_signature_undoes_it(bool byLibcrypto)
    {
        foreach (var at in (int[])[0, 1, 2, 7, 100, 127, 128, 203, 204, 205, 222, 223, 224, 254, 255])
            for (var bit = 0; bit < 8; bit++)
                Assert.False(Verify(byLibcrypto, Public.Modulus, 65537, Digest, Flipped(Signature, at, bit)));
    }

    [Theory, MemberData(nameof(Ways))]
    public void A_flipped_bit_anywhere_in_the_signed_block_undoes_it(bool byLibcrypto)
    {
        // First two bytes, padding at both ends and in the middle, the zero after it, each byte of the DigestInfo, digest.
        var block = Block(Digest);
        foreach (var at in (int[])[0, 1, 2, 3, 100, 200, 203, 204, .. Enumerable.Range(205, 19), 224, 240, 255])
            foreach (var bit in (int[])[0, 7])
            {
                var value = Flipped(block, at, bit);
                // A block of the modulus or above can't be signed.
                if (value.AsSpan().SequenceCompareTo(Public.Modulus) >= 0) continue;
                Assert.False(Verify(byLibcrypto, Public.Modulus, 65537, Digest, RawSign(value)), $"byte {at}, bit {bit}");
            }
    }

    [Theory, MemberData(nameof(Ways))]
    public void A_block_signed_raw_is_good_only_when_it_is_exactly_right(bool byLibcrypto)
    {
        Assert.True(Verify(byLibcrypto, Public.Modulus, 65537, Digest, RawSign(Block(Digest))));
    }

    [Theory, MemberData(nameof(Ways))]
    public void A_block_with_less_padding_and_rubbish_after_the_digest_is_refused(bool byLibcrypto)
    {
        // Bleichenbacher's forgery of 2006: parsers that looked only at the front took it.
        var right = Block(Digest);
        var block = new byte[256];
        block[1] = 1;
        block.AsSpan(2, 8).Fill(0xff);
        right.AsSpan(204).CopyTo(block.AsSpan(10));
        RandomNumberGenerator.Fill(block.AsSpan(10 + 52));

        Assert.False(Verify(byLibcrypto, Public.Modulus, 65537, Digest, RawSign(block)));
    }

    [Theory, MemberData(nameof(Ways))]
    public void A_digest_without_its_DigestInfo_is_refused(bool byLibcrypto)
    {
        var block = new byte[256];
        block[1] = 1;
        block.AsSpan(2, 256 - 3 - 32).Fill(0xff);
        Digest.CopyTo(block, 256 - 32);

        Assert.False(Verify(byLibcrypto, Public.Modulus, 65537, Digest, RawSign(block)));
    }

    [Theory, MemberData(nameof(Ways))]
    public void A_DigestInfo_of_another_hash_is_refused(bool byLibcrypto)
    {
        // SHA3-256 has digests of the same length.
        var block = Block(Digest);
        block[^33] = 0x20;
        block[^37] = 0x08;

        Assert.False(Verify(byLibcrypto, Public.Modulus, 65537, Digest, RawSign(block)));
    }

    [Theory, MemberData(nameof(Ways))]
    public void A_signature_with_another_padding_scheme_is_refused(bool byLibcrypto)
    {
        Assert.False(Verify(byLibcrypto, Public.Modulus, 65537, Digest, Key.SignHash(Digest, HashAlgorithmName.SHA256, RSASignaturePadding.Pss)));
    }

    [Theory, MemberData(nameof(Ways))]
    public void Another_digest_is_not_signed(bool byLibcrypto)
    {
        Assert.False(Verify(byLibcrypto, Public.Modulus, 65537, SHA256.HashData("another tap"u8), Signature));
        foreach (var at in (int[])[0, 15, 31]) Assert.False(Verify(byLibcrypto, Public.Modulus, 65537, Flipped(Digest, at, 0), Signature));
    }

    [Theory, MemberData(nameof(Ways))]
    public void Another_key_has_not_signed(bool byLibcrypto)
    {
        Assert.False(Verify(byLibcrypto, OtherKey.ExportParameters(false).Modulus, 65537, Digest, Signature));
        Assert.False(Verify(byLibcrypto, Public.Modulus, 65539, Digest, Signature));
    }

    [Theory, MemberData(nameof(Ways))]
    public void Signatures_and_digests_of_another_length_are_refused(bool byLibcrypto)
    {
        Assert.False(Verify(byLibcrypto, Public.Modulus, 65537, Digest, []));
        Assert.False(Verify(byLibcrypto, Public.Modulus, 65537, Digest, Signature.AsSpan(0, 255)));
        Assert.False(Verify(byLibcrypto, Public.Modulus, 65537, Digest, Signature.AsSpan(1)));
        Assert.False(Verify(byLibcrypto, Public.Modulus, 65537, Digest, [.. Signature, 0]));
        Assert.False(Verify(byLibcrypto, Public.Modulus, 65537, Digest, [0, .. Signature]));
        Assert.False(Verify(byLibcrypto, Public.Modulus, 65537, Digest.AsSpan(0, 31), Signature));
        Assert.False(Verify(byLibcrypto, Public.Modulus, 65537, [.. Digest, 0], Signature));
        Assert.False(Verify(byLibcrypto, Public.Modulus, 65537, [], Signature));
    }

    [Theory, MemberData(nameof(Ways))]
    public void A_signature_of_zero_one_or_all_bits_is_refused(bool byLibcrypto)
    {
        var one = new byte[256];
        one[255] = 1;
        var full = new byte[256];
        full.AsSpan().Fill(0xff);

        Assert.False(Verify(byLibcrypto, Public.Modulus, 65537, Digest, new byte[256]));
        Assert.False(Verify(byLibcrypto, Public.Modulus, 65537, Digest, one));
        Assert.False(Verify(byLibcrypto, Public.Modulus, 65537, Digest, full));
    }

    [Theory, MemberData(nameof(Ways))]
    public void A_signature_at_or_above_the_modulus_is_refused_even_where_its_rest_is_right(bool byLibcrypto)
    {
        // The same signature, written as s + n: the same number modulo n. It fits into 256 bytes only where s is small, so try until it does.
        var modulus = new BigInteger(Public.Modulus, isUnsigned: true, isBigEndian: true);
        for (var attempt = 0; ; attempt++)
        {
            var digest = SHA256.HashData(BitConverter.GetBytes(attempt));
            var signature = Key.SignHash(digest, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            var above = (new BigInteger(signature, isUnsigned: true, isBigEndian: true) + modulus).ToByteArray(isUnsigned: true, isBigEndian: true);
            if (above.Length != 256) continue;
            Assert.True(Verify(byLibcrypto, Public.Modulus, 65537, digest, signature));
            Assert.False(Verify(byLibcrypto, Public.Modulus, 65537, digest, above));
            break;
        }
        Assert.False(Verify(byLibcrypto, Public.Modulus, 65537, Digest, Public.Modulus));
    }

    public static TheoryData<byte[], int> UnusableKeys
    {
        get
        {
            var even = (byte[])Public.Modulus!.Clone();
            even[^1] &= 0xfe;
            var short2047 = (byte[])Public.Modulus!.Clone();
            short2047[0] &= 0x7f;
            var modulus = Public.Modulus!;
            return new()
            {
                { even, 65537 }, { short2047, 65537 }, { new byte[256], 65537 }, { [], 65537 }, { [15], 65537 },
                { modulus[..128], 65537 }, { modulus[..255], 65537 }, { [0, .. modulus], 65537 }, { [.. modulus, .. modulus], 65537 },
                { modulus, 0 }, { modulus, 1 }, { modulus, 2 }, { modulus, 3 }, { modulus, 17 }, { modulus, 65535 }, { modulus, 65536 }, { modulus, 65538 },
                { modulus, -1 }, { modulus, -65537 }, { modulus, int.MinValue },
            };
        }
    }

    [Theory, MemberData(nameof(UnusableKeys))]
    public void Keys_that_no_card_may_have_verify_nothing(byte[] modulus, int exponent)
    {
        Assert.False(CardSignature.IsUsableKey(modulus, exponent));
        Assert.False(CardSignature.Verify(modulus, exponent, Digest, Signature));
    }

    [Theory, MemberData(nameof(Ways))]
    public void With_the_exponent_one_the_block_itself_is_no_signature(bool byLibcrypto)
    {
        Assert.False(Verify(byLibcrypto, Public.Modulus, 1, Digest, Block(Digest)));
    }

    [Theory, MemberData(nameof(Ways))]
    public void The_greatest_exponent_is_usable(bool byLibcrypto)
    {
        Assert.True(CardSignature.IsUsableKey(Public.Modulus, int.MaxValue));
        Assert.False(Verify(byLibcrypto, Public.Modulus, int.MaxValue, Digest, Signature));
    }

    [Theory, MemberData(nameof(Ways))]
    public void Threads_do_not_get_into_each_others_way(bool byLibcrypto)
    {
        var forged = Flipped(Signature, 100, 0);
        var wrong = 0;

        Parallel.For(0, 4_000, n =>
        {
            var good = n % 2 == 0;
            if (Verify(byLibcrypto, Public.Modulus, 65537, Digest, good ? Signature : forged) != good) Interlocked.Increment(ref wrong);
        });

        Assert.Equal(0, wrong);
    }

    [Fact]
    public void After_a_refusal_the_platforms_own_cryptography_goes_on_working_on_the_same_thread()
    {
        CardSignature.Verify(Public.Modulus, 65537, Digest, Flipped(Signature, 0, 0));

        Assert.True(Key.VerifyHash(Digest, Key.SignHash(Digest, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        using var fresh = RSA.Create(2048);
        Assert.Throws<CryptographicException>(() => fresh.ImportPkcs8PrivateKey([0x30, 0x00], out _));
    }

    private static bool Verify(bool byLibcrypto, ReadOnlySpan<byte> modulus, int exponent, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature)
    {
        if (!CardSignature.CanVerify(modulus, exponent, digest, signature))
        {
            Assert.False(CardSignature.Verify(modulus, exponent, digest, signature));
            return false;
        }
        return byLibcrypto ? LibcryptoRsa.Verify(modulus, exponent, digest, signature) : PlatformRsa.Verify(modulus, exponent, digest, signature);
    }

    private static byte[] Flipped(byte[] bytes, int at, int bit)
    {
        var flipped = (byte[])bytes.Clone();
        flipped[at] ^= (byte)(1 << bit);
        return flipped;
    }

    /// <summary>The one right block, made by hand from RFC 8017, 9.2.</summary>
    private static byte[] Block(byte[] digest)
    {
        var block = new byte[256];
        block[1] = 1;
        block.AsSpan(2, 202).Fill(0xff);
        Convert.FromHexString("3031300d060960864801650304020105000420").CopyTo(block, 205);
        digest.CopyTo(block, 224);
        return block;
    }

    /// <summary>The private operation on a block as it is.</summary>
    private static byte[] RawSign(byte[] block)
    {
        var parameters = Key.ExportParameters(true);
        var signature = BigInteger.ModPow(Number(block), Number(parameters.D!), Number(parameters.Modulus!)).ToByteArray(isUnsigned: true, isBigEndian: true);
        var padded = new byte[256];
        signature.CopyTo(padded, 256 - signature.Length);
        return padded;

        static BigInteger Number(byte[] bytes) => new(bytes, isUnsigned: true, isBigEndian: true);
    }
}
