using System.Security.Cryptography;
using EligibilityGateway.Gateway.Keys;
using MemoryPack;
using Polly;
using Polly.CircuitBreaker;
using StackExchange.Redis;

namespace EligibilityGateway.Gateway.Snapshots;

/// <summary>
/// Findings in Redis: sealed values under pseudonymous names. Redis may be gone, slow or wrong: it then costs a read of the store and
/// nothing else, since no finding is trusted before its versions are proved.
/// </summary>
public sealed partial class RedisFindings : IDisposable
{
    /// <summary>First byte of a value; another form is a miss, so that two releases can share one Redis.</summary>
    private const byte Form = 6;

    private const int NameLength = 2 + 16;

    /// <summary>A day's first and second tap find each other; what is older is read again.</summary>
    private static readonly TimeSpan KeptFor = TimeSpan.FromHours(24);

    /// <summary>
    /// A healthy Redis answers within a millisecond. On a machine short of processor time the gateway itself may take a hundred to see
    /// the answer; to give up then would send each look-up to the store, which costs far more of what is already short.
    /// </summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    private readonly IConnectionMultiplexer _redis;
    private readonly IDatabase _database;
    private readonly KeyRing _names;
    private readonly Seal _values;
    private readonly ILogger<RedisFindings> _logger;
    private readonly CircuitBreakerStateProvider _circuitState = new();
    private readonly ResiliencePipeline _circuit;

    public RedisFindings(IConnectionMultiplexer redis, GatewayKeys keys, ILogger<RedisFindings> logger)
    {
        _redis = redis;
        _database = redis.GetDatabase();
        _names = keys.CacheNames;
        _values = new Seal(keys.CacheValues);
        _logger = logger;
        // While Redis hangs, one look-up in a while tries it; the others go to the store at once.
        _circuit = new ResiliencePipelineBuilder()
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                FailureRatio = 0.5,
                MinimumThroughput = 5,
                SamplingDuration = TimeSpan.FromSeconds(5),
                BreakDuration = TimeSpan.FromSeconds(1),
                StateProvider = _circuitState,
                ShouldHandle = new PredicateBuilder().Handle<RedisException>().Handle<TimeoutException>(),
                OnOpened = _ =>
                {
                    LogUnusable(_logger);
                    return default;
                },
            })
            .Build();
    }

    /// <summary>Null where Redis has none, or is out of reach, or holds something that does not belong to this subject.</summary>
    public async ValueTask<Finding?> GetAsync(Subject subject, CancellationToken cancellation)
    {
        // Looked at first: an exception for each look-up would cost the most where there is the least to spare.
        if (!_redis.IsConnected || _circuitState.CircuitState == CircuitState.Open) return null;
        var name = NameOf(subject);
        try
        {
            byte[]? sealedValue = await _circuit.ExecuteAsync(
                static async (state, token) => await state.Database.StringGetAsync(state.Name).WaitAsync(Patience, token),
                (Database: _database, Name: (RedisKey)name),
                cancellation);
            return sealedValue is null ? null : Read(sealedValue, name);
        }
        catch (Exception e) when (e is RedisException or TimeoutException or BrokenCircuitException)
        {
            return null;
        }
    }

    /// <summary>Keeps a finding, without waiting for Redis to have it.</summary>
    public void Put(Subject subject, Finding finding)
    {
        if (!_redis.IsConnected) return;
        var name = NameOf(subject);
        _database.StringSet(name, Write(finding, name), KeptFor, flags: CommandFlags.FireAndForget);
    }

    /// <summary>Keeps many findings and waits for Redis to have them: to warm a cache before a measurement or an opening.</summary>
    public async Task PutAllAsync(IEnumerable<KeyValuePair<Subject, Finding>> findings)
    {
        foreach (var chunk in findings.Chunk(1000))
        {
            await Task.WhenAll(chunk.Select(f =>
            {
                var name = NameOf(f.Key);
                return _database.StringSetAsync(name, Write(f.Value, name), KeptFor);
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
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_names.Active, plain, mac);
        var name = new byte[NameLength];
        name[0] = (byte)'f';
        name[1] = _names.ActiveId;
        mac[..16].CopyTo(name.AsSpan(2));
        return name;
    }

    public void Dispose() => _values.Dispose();

    [LoggerMessage(Level = LogLevel.Warning, Message = "Redis does not answer; findings are read from the store until it does.")]
    private static partial void LogUnusable(ILogger logger);
}
