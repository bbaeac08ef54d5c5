using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Numerics;
using System.Security.Cryptography;

namespace EligibilityGateway.Demo.Pki;

/// <summary>
/// A pool of 1,024-bit primes whose pairs give many different RSA-2048 keys at once: generating 24,000 keys takes over an hour, the
/// 220 primes for as many pairs some ten seconds. Keys that share primes are open to whoever has two of them (a common divisor gives
/// the prime away): for test cards only. The pool grows at its end alone, so that a pair's number always means the same key.
/// </summary>
public sealed class PrimePool
{
    private const int PrimeLength = 128;
    private const int KeyBits = 2048;
    private const int PublicExponent = 65537;

    // Two primes of at least this give a product of exactly 2,048 bits: the square root of 2^2047, rounded up in its first 64 bits.
    private static readonly BigInteger SmallestPrime = (BigInteger)0xB504F333F9DE6485UL << (1024 - 64);

    private readonly ImmutableArray<Prime> _primes;

    private PrimePool(ImmutableArray<Prime> primes) => _primes = primes;

    /// <summary>How many keys the pool gives.</summary>
    public int KeyCount => PairsOf(_primes.Length);

    /// <summary>The pool in that file, grown where it gives fewer keys; a last prime that was written in part is made anew.</summary>
    /// <param name="path">The file; made where it is missing.</param>
    /// <param name="keys">How many keys are wanted.</param>
    /// <exception cref="InvalidDataException">The file is no pool of primes.</exception>
    public static PrimePool Open(string path, int keys)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keys, 1);
        var primes = File.Exists(path) ? Read(path) : [];
        var wanted = primes.Length;
        while (PairsOf(wanted) < keys) wanted++;
        if (wanted > primes.Length)
        {
            primes = Grow(primes, wanted);
            DemoFiles.WriteSecret(path, primes.SelectMany(prime => prime.Value.ToByteArray(isUnsigned: true, isBigEndian: true)).ToArray());
        }
        return new PrimePool(primes);
    }

    /// <summary>The key of that number, from 0 to <see cref="KeyCount"/> - 1: each number another key.</summary>
    public RSAParameters Key(int number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, KeyCount);
        // Pair 0 is primes 1 and 0, then 2 and 0, 2 and 1, 3 and 0 …: growing the pool changes no pair.
        var second = 1;
        while (PairsOf(second + 1) <= number) second++;
        return Multiply(_primes[second], _primes[number - PairsOf(second)]);
    }

    private static int PairsOf(int primes) => primes * (primes - 1) / 2;

    private static RSAParameters Multiply(Prime one, Prime other)
    {
        // PKCS#1 wants the inverse of the second modulo the first; which is greater doesn't matter to it, and to some libraries it does.
        var (p, q) = one.Value > other.Value ? (one, other) : (other, one);
        var modulus = p.Value * q.Value;
        var order = (p.Value - 1) * (q.Value - 1) / BigInteger.GreatestCommonDivisor(p.Value - 1, q.Value - 1);
        return new RSAParameters
        {
            Modulus = Bytes(modulus, KeyBits / 8),
            Exponent = Bytes(PublicExponent, 3),
            P = Bytes(p.Value, PrimeLength),
            Q = Bytes(q.Value, PrimeLength),
            D = Bytes(InverseOfExponent(order), KeyBits / 8),
            DP = Bytes(p.Exponent, PrimeLength),
            DQ = Bytes(q.Exponent, PrimeLength),
            InverseQ = Bytes(Inverse(q.Value, p.Value), PrimeLength),
        };
    }

    private static ImmutableArray<Prime> Read(string path)
    {
        var bytes = File.ReadAllBytes(path).AsSpan();
        var primes = ImmutableArray.CreateBuilder<Prime>(bytes.Length / PrimeLength);
        for (; bytes.Length >= PrimeLength; bytes = bytes[PrimeLength..])
        {
            var value = new BigInteger(bytes[..PrimeLength], isUnsigned: true, isBigEndian: true);
            if (!IsUsable(value)) throw new InvalidDataException($"{Path.GetFileName(path)} is no pool of primes. Delete it; it is made anew.");
            primes.Add(new Prime(value, InverseOfExponent(value - 1)));
        }
        return primes.ToImmutable();
    }

    private static ImmutableArray<Prime> Grow(ImmutableArray<Prime> primes, int wanted)
    {
        // The platform's key generation is the only fast maker of primes at hand; each key it makes gives two.
        var found = new ConcurrentDictionary<BigInteger, Prime>(primes.Select(prime => KeyValuePair.Create(prime.Value, prime)));
        while (found.Count < wanted)
        {
            Parallel.For(0, (wanted - found.Count + 1) / 2, _ =>
            {
                using var key = RSA.Create(KeyBits);
                var parameters = key.ExportParameters(includePrivateParameters: true);
                foreach (var bytes in (byte[][])[parameters.P!, parameters.Q!])
                {
                    var value = new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
                    if (IsUsable(value)) found.TryAdd(value, new Prime(value, InverseOfExponent(value - 1)));
                }
            });
        }
        return [.. primes, .. found.Values.Except(primes).Take(wanted - primes.Length)];
    }

    private static bool IsUsable(BigInteger prime) =>
        prime >= SmallestPrime && !prime.IsEven && BigInteger.Remainder(prime - 1, PublicExponent) != 0;

    // With d = (1 + k m) / e for the one k below e that makes it whole, only numbers of e's size are inverted: 100 times faster.
    private static BigInteger InverseOfExponent(BigInteger modulus)
    {
        var remainder = BigInteger.Remainder(modulus, PublicExponent);
        var k = PublicExponent - Inverse(remainder, PublicExponent);
        return (1 + k * modulus) / PublicExponent;
    }

    // Euclid's extended algorithm.
    private static BigInteger Inverse(BigInteger value, BigInteger modulus)
    {
        var (previous, current) = (modulus, value);
        var (previousFactor, factor) = (BigInteger.Zero, BigInteger.One);
        while (!current.IsZero)
        {
            var quotient = BigInteger.DivRem(previous, current, out var rest);
            (previous, current) = (current, rest);
            (previousFactor, factor) = (factor, previousFactor - quotient * factor);
        }
        return previousFactor.Sign < 0 ? previousFactor + modulus : previousFactor;
    }

    private static byte[] Bytes(BigInteger value, int length)
    {
        var bytes = new byte[length];
        var written = value.GetByteCount(isUnsigned: true);
        value.TryWriteBytes(bytes.AsSpan(length - written), out _, isUnsigned: true, isBigEndian: true);
        return bytes;
    }

    /// <param name="Value">The prime.</param>
    /// <param name="Exponent">The inverse of the public exponent modulo the prime less one.</param>
    private readonly record struct Prime(BigInteger Value, BigInteger Exponent);
}
