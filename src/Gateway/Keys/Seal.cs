using System.Security.Cryptography;

namespace EligibilityGateway.Gateway.Keys;

/// <summary>
/// Seals bytes with AES-256-GCM: key id (1), nonce (12, random), tag (16), ciphertext. What the bytes belong to goes in as
/// associated data, so that two sealed values can't be swapped. With random nonces a key should seal no more than 2^32 values
/// (NIST SP 800-38D, 8.3), so each is counted.
/// </summary>
public sealed class Seal : IDisposable
{
    private const int NonceLength = 12;
    private const int TagLength = 16;

    /// <summary>By how much a sealed value is longer.</summary>
    public const int Overhead = 1 + NonceLength + TagLength;

    private readonly byte _activeId;
    // An AesGcm object is not safe for two threads at once, and making one costs more than sealing a kilobyte.
    private readonly ThreadLocal<AesGcm>?[] _ciphers = new ThreadLocal<AesGcm>?[256];

    public Seal(KeyRing keys)
    {
        _activeId = keys.ActiveId;
        Use = new KeyUse(keys.ActiveId, keys.Active);
        foreach (var id in keys.Ids)
        {
            keys.TryGet(id, out var key);
            _ciphers[id] = new ThreadLocal<AesGcm>(() => new AesGcm(key, TagLength), trackAllValues: true);
        }
    }

    /// <summary>How many values this has sealed, all with the active key.</summary>
    public KeyUse Use { get; }

    public byte[] Close(ReadOnlySpan<byte> plain, ReadOnlySpan<byte> belongsTo)
    {
        var whole = new byte[Overhead + plain.Length];
        whole[0] = _activeId;
        var nonce = whole.AsSpan(1, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        Use.Add();
        _ciphers[_activeId]!.Value!.Encrypt(nonce, plain, whole.AsSpan(Overhead), whole.AsSpan(1 + NonceLength, TagLength), belongsTo);
        return whole;
    }

    /// <summary>Null where the bytes are cut, changed, sealed by an unknown key or belong to something else.</summary>
    public byte[]? Open(ReadOnlySpan<byte> whole, ReadOnlySpan<byte> belongsTo)
    {
        if (whole.Length < Overhead || _ciphers[whole[0]] is not { } cipher) return null;
        var plain = new byte[whole.Length - Overhead];
        try
        {
            cipher.Value!.Decrypt(whole.Slice(1, NonceLength), whole[Overhead..], whole.Slice(1 + NonceLength, TagLength), plain, belongsTo);
            return plain;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        foreach (var cipher in _ciphers)
        {
            if (cipher is null) continue;
            foreach (var aes in cipher.Values) aes.Dispose();
            cipher.Dispose();
        }
    }
}
