using System.Security.Cryptography;

namespace EligibilityGateway.Gateway.Keys;

/// <summary>How many messages a key has sealed in this process, against the bound of AES-GCM with random nonces. Safe for many threads.</summary>
public sealed class KeyUse
{
    /// <summary>
    /// The messages that one key bears: with nonces of 96 random bits two of 2^32 are the same with a chance of 2^-33 (NIST SP 800-38D, 8.3,
    /// allows 2^-32).
    /// </summary>
    public const long Bound = 1L << 32;

    /// <summary>As many are reserved at once: what a gateway that is killed had reserved and not used is lost to the bound.</summary>
    public const long Block = 1L << 20;

    private const int NameBytes = 8;

    private long _messages;

    public KeyUse(byte keyId, ReadOnlySpan<byte> key) => (KeyId, KeyName) = (keyId, NameOf(key));

    public byte KeyId { get; }

    /// <summary>Tells it from another key of the same id, and nothing about it.</summary>
    public byte[] KeyName { get; }

    public long Messages => Volatile.Read(ref _messages);

    public void Add(long messages = 1) => Interlocked.Add(ref _messages, messages);

    /// <summary>The first 8 bytes of the key's SHA-256.</summary>
    public static byte[] NameOf(ReadOnlySpan<byte> key) => SHA256.HashData(key)[..NameBytes];

    /// <summary>How much must be reserved now, in whole blocks, so that a block is ahead; zero while half of one is.</summary>
    /// <param name="used">What was used.</param>
    /// <param name="reserved">What was reserved for it.</param>
    public static long Lacking(long used, long reserved) =>
        reserved - used >= Block / 2 ? 0 : (used - reserved + Block + Block - 1) / Block * Block;
}
