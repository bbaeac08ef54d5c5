using System.Numerics;
using System.Security.Cryptography;
using EligibilityGateway.Demo.Pki;
using EligibilityGateway.Gateway.Cards;
using EligibilityGateway.Gateway.Tests.Cards;

namespace EligibilityGateway.Gateway.Tests.Demo.Pki;

public sealed class PrimePoolTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_key_signs_and_each_is_another()
    {
        var pool = PrimePool.Open(_folder["primes.bin"], 15);
        var digest = SHA256.HashData("a tap"u8);
        var moduli = new HashSet<string>();

        Assert.Equal(15, pool.KeyCount);
        for (var n = 0; n < pool.KeyCount; n++)
        {
            var parameters = pool.Key(n);
            using var key = RSA.Create(parameters);
            Assert.Equal(2048, key.KeySize);
            Assert.True(CardSignature.Verify(parameters.Modulus, 65537, digest, key.SignHash(digest, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)));
            Assert.True(moduli.Add(Convert.ToHexString(parameters.Modulus!)));
        }
    }

    [Fact]
    public void The_parts_of_a_key_fit_together_as_PKCS1_says()
    {
        var parameters = PrimePool.Open(_folder["primes.bin"], 1).Key(0);
        BigInteger n = Number(parameters.Modulus!), e = Number(parameters.Exponent!), d = Number(parameters.D!);
        BigInteger p = Number(parameters.P!), q = Number(parameters.Q!);

        Assert.Equal(n, p * q);
        Assert.True(p > q);
        Assert.Equal(BigInteger.One, e * d % (p - 1));
        Assert.Equal(BigInteger.One, e * d % (q - 1));
        Assert.Equal(d % (p - 1), Number(parameters.DP!));
        Assert.Equal(d % (q - 1), Number(parameters.DQ!));
        Assert.Equal(BigInteger.One, Number(parameters.InverseQ!) * q % p);

        static BigInteger Number(byte[] bytes) => new(bytes, isUnsigned: true, isBigEndian: true);
    }

    [Fact]
    public void A_pool_is_read_back_and_growing_it_changes_no_key()
    {
        var small = PrimePool.Open(_folder["primes.bin"], 3);
        var before = Enumerable.Range(0, small.KeyCount).Select(n => small.Key(n).Modulus!).ToList();

        var grown = PrimePool.Open(_folder["primes.bin"], 4);

        Assert.Equal(6, grown.KeyCount);
        for (var n = 0; n < before.Count; n++) Assert.Equal(before[n], grown.Key(n).Modulus);
        var again = PrimePool.Open(_folder["primes.bin"], 1);
        Assert.Equal(6, again.KeyCount);
        Assert.Equal(grown.Key(5).D, again.Key(5).D);
    }

    [Fact]
    public void A_prime_that_was_written_in_part_is_left_out()
    {
        PrimePool.Open(_folder["primes.bin"], 3);
        using (var file = File.OpenWrite(_folder["primes.bin"])) file.SetLength(3 * 128 - 1);

        Assert.Equal(1, PrimePool.Open(_folder["primes.bin"], 1).KeyCount);
        Assert.Equal(3, PrimePool.Open(_folder["primes.bin"], 2).KeyCount);
    }

    [Fact]
    public void A_file_of_something_else_is_no_pool()
    {
        File.WriteAllBytes(_folder["primes.bin"], new byte[256]);

        var fault = Assert.Throws<InvalidDataException>(() => PrimePool.Open(_folder["primes.bin"], 1));
        Assert.Contains("primes.bin", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(int.MaxValue)]
    public void A_number_outside_of_the_pool_is_a_bug(int number)
    {
        var pool = PrimePool.Open(_folder["primes.bin"], 1);

        Assert.Throws<ArgumentOutOfRangeException>(() => pool.Key(number));
    }
}
