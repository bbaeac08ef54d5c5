using EligibilityGateway.Gateway.Keys;
using EligibilityGateway.Gateway.Storage;
using MemoryPack;
using StackExchange.Redis;

namespace EligibilityGateway.Gateway.Snapshots;

/// <summary>
/// Findings in Redis: sealed values under pseudonymous names. Redis may be gone, slow or wrong: it then costs a read of the store and
/// nothing else, since no finding is trusted before its versions are proved.
/// </summary>
public sealed class RedisFindings : IDisposable
{
    /// <summary>First byte of a value; another form is a miss, so that two releases can share one Redis.</summary>
    private const byte Form = 8;

    private const int NameLength = 2 + KeyRing.PseudonymLength;

    /// <summary>A day's first and second tap find each other; what is older is read again.</summary>
    private static readonly TimeSpan KeptFor = TimeSpan.FromHours(24);

    private readonly RedisCircuit _redis;
    private readonly KeyRing _names;
    private readonly Seal _values;

    public RedisFindings(RedisCircuit redis, GatewayKeys keys)
    {
        _redis = redis;
        _names = keys.CacheNames;
        _values = new Seal(keys.CacheValues);
    }

    /// <summary>Of the key that seals values.</summary>
    public KeyUse KeyUse => _values.Use;

    /// <summary>Null where Redis has none, or is out of reach, or holds something that does not belong to this subject.</summary>
    public async ValueTask<Finding?> GetAsync(Subject subject)
    {
        if (!_redis.IsUsable) return null;
        var name = NameOf(subject);
        var (_, sealedValue) = await _redis.AskAsync((RedisKey)name, static async (database, key) => (byte[]?)await database.StringGetAsync(key));
        return sealedValue is null ? null : Read(sealedValue, name);
    }

    /// <summary>Keeps a finding, without waiting for Redis to have it.</summary>
    public void Put(Subject subject, Finding finding)
    {
        if (!_redis.IsUsable) return;
        var name = NameOf(subject);
        _redis.Database.StringSet(name, Write(finding, name), KeptFor, flags: CommandFlags.FireAndForget);
    }

    /// <summary>A finding as it would come back from Redis, without Redis: written, sealed, opened and read.</summary>
    public Finding? Reopen(Subject subject, Finding finding)
    {
        var name = NameOf(subject);
        return Read(Write(finding, name), name);
    }

    /// <summary>Keeps many findings and waits for Redis to have them: to warm a cache before a measurement or an opening.</summary>
    public async Task PutAllAsync(IEnumerable<KeyValuePair<Subject, Finding>> findings)
    {
        foreach (var chunk in findings.Chunk(1000))
        {
            await Task.WhenAll(chunk.Select(f =>
            {
                var name = NameOf(f.Key);
                return _redis.Database.StringSetAsync(name, Write(f.Value, name), KeptFor);
            }));
        }
    }

    private byte[] Write(Finding finding, byte[] name)
    {
        var plain = MemoryPackSerializer.Serialize(finding);
        var closed = _values.Close(plain, name);
        var value = new byte[closed.Length + 1];
        value[0] = Form;
        closed.CopyTo(value, 1);
        return value;
    }

    private Finding? Read(byte[] value, byte[] name)
    {
        if (value.Length < 1 || value[0] != Form || _values.Open(value.AsSpan(1), name) is not { } plain) return null;
        return MemoryPackSerializer.Deserialize<Finding>(plain);
    }

    /// <summary>"f", the key id, and 16 bytes of HMAC-SHA256 over the subject: who reads Redis learns no number and no card.</summary>
    private byte[] NameOf(Subject subject)
    {
        Span<byte> plain = stackalloc byte[Subject.Length];
        subject.Write(plain);
        var name = new byte[NameLength];
        name[0] = (byte)'f';
        name[1] = _names.ActiveId;
        _names.WritePseudonym(plain, name.AsSpan(2));
        return name;
    }

    public void Dispose() => _values.Dispose();
}
