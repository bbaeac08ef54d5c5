namespace EligibilityGateway.Gateway.Keys;

/// <summary>The rings of <see cref="GatewayKeys"/> as the key file names them.</summary>
public static class RingNames
{
    public const string Challenges = "challenges", CacheNames = "cacheNames", CacheValues = "cacheValues", Answers = "answers", Journal = "journal", Records = "records";

    public static IReadOnlyList<string> All { get; } = [Challenges, CacheNames, CacheValues, Answers, Journal, Records];

    /// <summary>Whether its keys are AES-GCM's, which bear so many messages and no more; those of the others make HMACs, which know no such bound.</summary>
    public static bool IsCounted(string ring) => ring is CacheValues or Answers or Journal;
}
