using System.Security.Cryptography;
using EligibilityGateway.Gateway.Cards;

namespace EligibilityGateway.Gateway.Tests.Cards;

/// <summary>Runs while no other test does, since it looks at the memory of the whole process.</summary>
[Collection(Alone)]
public sealed class CardSignatureMemoryTests
{
    public const string Alone = "card signatures, memory";

    [Fact]
    public void Native_memory_does_not_grow_with_the_number_of_signatures()
    {
        using var key = RSA.Create(2048);
        var modulus = key.ExportParameters(false).Modulus!;
        var digest = SHA256.HashData("a tap"u8);
        var signature = key.SignHash(digest, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var forged = (byte[])signature.Clone();
        forged[9] ^= 1;
        Round(2_000);
        var before = Environment.WorkingSet;

        // A key that is not freed holds more than 1 KB: 60,000 would be 60 MB.
        Round(30_000);

        Assert.InRange(Environment.WorkingSet - before, long.MinValue, 20 << 20);

        void Round(int times)
        {
            for (var n = 0; n < times; n++)
            {
                Assert.True(CardSignature.Verify(modulus, CardKeyExponent, digest, signature));
                Assert.False(CardSignature.Verify(modulus, CardKeyExponent, digest, forged));
            }
        }
    }

    private const int CardKeyExponent = 65537;
}

[CollectionDefinition(CardSignatureMemoryTests.Alone, DisableParallelization = true)]
public sealed class CardSignatureMemory;
