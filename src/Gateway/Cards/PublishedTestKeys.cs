using System.Security.Cryptography;
using EligibilityGateway.Gateway.Keys;

namespace EligibilityGateway.Gateway.Cards;

/// <summary>
/// Challenge keys that stand in public source, for demonstrations and tests. Whoever can read this file can make challenges with
/// them, so a gateway in production refuses to start with one.
/// </summary>
public static class PublishedTestKeys
{
    /// <summary>The key of the demonstration and of the load test, in base64: the ASCII text "published eligibility test key 1".</summary>
    public const string Demo = "cHVibGlzaGVkIGVsaWdpYmlsaXR5IHRlc3Qga2V5IDE=";

    /// <summary>SHA-256 of each key that was ever published; a key is never taken off this list.</summary>
    private static readonly string[] Fingerprints =
    [
        "548cf709d2aff0514d66e7c296e6b42b936ffdd31c0001ecf825e28c020d4e4d",
    ];

    /// <summary>Whether this key stands in public source.</summary>
    public static bool IsPublishedTestKey(ReadOnlySpan<byte> key)
    {
        var fingerprint = Convert.ToHexStringLower(SHA256.HashData(key));
        return Array.IndexOf(Fingerprints, fingerprint) >= 0;
    }

    /// <summary>Whether any of the ring's keys, active or not, stands in public source.</summary>
    public static bool AreIn(KeyRing ring)
    {
        foreach (var id in ring.Ids)
            if (ring.TryGet(id, out var key) && IsPublishedTestKey(key)) return true;
        return false;
    }
}
