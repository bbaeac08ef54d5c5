using EligibilityGateway.Common;

namespace EligibilityGateway.Gateway.Keys;

/// <summary>
/// The gateway's secret keys, one ring for each use. All gateways of one installation share them, but for <see cref="Journal"/>,
/// which may differ. How they are written: <see cref="KeyFile"/>.
/// </summary>
/// <param name="Challenges">HMAC of challenges.</param>
/// <param name="CacheNames">HMAC that makes names in Redis pseudonymous.</param>
/// <param name="CacheValues">AES-256-GCM of values in Redis.</param>
/// <param name="Answers">AES-256-GCM of answers kept for resends.</param>
/// <param name="Journal">AES-256-GCM of the local journal.</param>
/// <param name="Records">HMAC of access records.</param>
public sealed record GatewayKeys(KeyRing Challenges, KeyRing CacheNames, KeyRing CacheValues, KeyRing Answers, KeyRing Journal, KeyRing Records)
{
    /// <exception cref="SettingsException">The file is missing or a ring in it is wrong: says which and how.</exception>
    public static GatewayKeys Load(string file)
    {
        var read = KeyFile.Read(file);
        return new GatewayKeys(
            read.RingOf(RingNames.Challenges), read.RingOf(RingNames.CacheNames), read.RingOf(RingNames.CacheValues), read.RingOf(RingNames.Answers), read.RingOf(RingNames.Journal),
            read.RingOf(RingNames.Records));
    }

    /// <summary>Writes a file of fresh random keys, readable by its owner alone. An existing file is never overwritten.</summary>
    public static void WriteNew(string file) => KeyFile.WriteNew(file, RingNames.All);

    /// <summary>Puts in, each with a fresh key, the rings that a file of an older version lacks.</summary>
    public static void AddMissingRings(string file)
    {
        var written = KeyFile.Read(file);
        foreach (var ring in RingNames.All.Where(ring => !written.Has(ring))) KeyFile.Change(file, keys => keys.Add(ring));
    }
}
