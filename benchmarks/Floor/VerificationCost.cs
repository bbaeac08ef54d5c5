using System.Diagnostics;
using System.Security.Cryptography;
using EligibilityGateway.Demo.Pki;
using EligibilityGateway.Gateway.Cards;
using EligibilityGateway.LoadTests;

namespace EligibilityGateway.Benchmarks.Floor;

/// <summary>CPU of one RSA-2048 verification with a key that was not used just before, in the cheapest way known.</summary>
internal static class VerificationCost
{
    private const int Keys = 200;

    public static double Measure(TimeSpan length)
    {
        var signed = SignOnceEach();
        VerifyFor(signed, length / 5);
        var before = Environment.CpuUsage.TotalTime;
        var verified = VerifyFor(signed, length);
        return (Environment.CpuUsage.TotalTime - before).TotalMicroseconds / verified;
    }

    internal static Signed[] SignOnceEach()
    {
        var folder = Directory.CreateTempSubdirectory("eligibility-keys-");
        try
        {
            var pool = PrimePool.Open(Path.Combine(folder.FullName, "primes.bin"), Keys);
            var signed = new Signed[Keys];
            for (var i = 0; i < Keys; i++)
            {
                var parameters = pool.Key(i);
                using var key = RSA.Create(parameters);
                var digest = RandomNumberGenerator.GetBytes(CardSignature.DigestLength);
                signed[i] = new Signed(parameters.Modulus!, digest, key.SignHash(digest, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
            }
            return signed;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static int VerifyFor(Signed[] signed, TimeSpan length)
    {
        var begin = Stopwatch.GetTimestamp();
        var verified = 0;
        for (; Stopwatch.GetElapsedTime(begin) < length; verified++)
        {
            if (!signed[verified % Keys].Verify()) throw new MeasurementException("A right signature was taken for wrong.");
        }
        return verified;
    }

    /// <summary>A digest, its signature, and whose.</summary>
    internal sealed record Signed(byte[] Modulus, byte[] Digest, byte[] Signature)
    {
        private const int PublicExponent = 65537;

        public bool Verify() => CardSignature.Verify(Modulus, PublicExponent, Digest, Signature);
    }
}
