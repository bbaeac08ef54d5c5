using System.Net.Sockets;
using Polly;
using Polly.CircuitBreaker;
using StackExchange.Redis;

namespace EligibilityGateway.Gateway.Storage;

/// <summary>
/// Redis behind one circuit breaker, for all who ask it something that somebody waits for. While Redis hangs, one question in a while
/// tries it; the others do without it at once.
/// </summary>
public sealed partial class RedisCircuit
{
    /// <summary>
    /// A healthy Redis answers within a millisecond. On a machine short of processor time the gateway itself may take a hundred to see
    /// the answer; to give up then would send each look-up to the store, which costs far more of what is already short.
    /// </summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan Break = TimeSpan.FromSeconds(1);

    /// <summary>A peer that says nothing for so long, though there is something to acknowledge, is gone.</summary>
    private static readonly TimeSpan DeadAfter = TimeSpan.FromSeconds(3);

    private readonly IConnectionMultiplexer _redis;
    private readonly IDatabase _database;
    private readonly CircuitBreakerStateProvider _state = new();
    private readonly ResiliencePipeline _circuit;
    private readonly TimeProvider _clock;
    private long _opened;

    public RedisCircuit(IConnectionMultiplexer redis, TimeProvider clock, ILogger<RedisCircuit> logger)
    {
        _clock = clock;
        _redis = redis;
        _database = redis.GetDatabase();
        _circuit = new ResiliencePipelineBuilder()
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                FailureRatio = 0.5,
                MinimumThroughput = 5,
                SamplingDuration = TimeSpan.FromSeconds(5),
                BreakDuration = Break,
                StateProvider = _state,
                ShouldHandle = new PredicateBuilder().Handle<RedisException>().Handle<TimeoutException>(),
                OnOpened = _ =>
                {
                    Volatile.Write(ref _opened, clock.GetTimestamp());
                    LogUnusable(logger);
                    return default;
                },
                OnClosed = _ =>
                {
                    LogUsable(logger);
                    return default;
                },
            })
            .Build();
    }

    /// <summary>For what nobody waits for.</summary>
    public IDatabase Database => _database;

    /// <summary>
    /// Whether it is worth a question. An open circuit stays open in name until somebody asks through it: whoever comes after its break
    /// does, and the others meanwhile do without Redis.
    /// </summary>
    public bool IsUsable => _redis.IsConnected && _state.CircuitState switch
    {
        CircuitState.Closed => true,
        CircuitState.Open => _clock.GetElapsedTime(Volatile.Read(ref _opened)) >= Break,
        _ => false,
    };

    /// <summary>Asks Redis; says that it was not to be asked where it is away, hangs, or failed.</summary>
    /// <param name="what">Handed on to the question.</param>
    /// <param name="ask">The question.</param>
    public async ValueTask<(bool HasAnswered, T? Answer)> AskAsync<TWhat, T>(TWhat what, Func<IDatabase, TWhat, Task<T>> ask)
    {
        // Looked at first: an exception for each question would cost the most where there is the least to spare.
        if (!IsUsable) return default;
        try
        {
            return (true, await _circuit.ExecuteAsync(static async (state, _) => await WithinPatienceAsync(state.Ask(state.Database, state.What)), (Ask: ask, Database: _database, What: what)));
        }
        catch (Exception e) when (e is RedisException or TimeoutException or BrokenCircuitException)
        {
            return default;
        }
    }

    /// <summary>How a connection is set up: the system gives a dead one up within seconds, also where nothing tells that it is dead.</summary>
    internal static void SetUp(Socket socket)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 1);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 1);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 2);
        if (OperatingSystem.IsLinux()) socket.SetRawSocketOption(TcpLevel, TcpUserTimeout, BitConverter.GetBytes((int)DeadAfter.TotalMilliseconds));
    }

    private const int TcpLevel = 6;
    private const int TcpUserTimeout = 18;

    private static async ValueTask<T> WithinPatienceAsync<T>(Task<T> question)
    {
        if (await question.EndsWithinAsync(Patience)) return await question;
        question.Leave();
        throw new TimeoutException("Redis did not answer in time.");
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Redis does not answer; findings are read from the store until it does.")]
    private static partial void LogUnusable(ILogger logger);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Redis answers again.")]
    private static partial void LogUsable(ILogger logger);
}
