using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace EligibilityGateway.Gateway.Tests.Doubt;

/// <summary>
/// The network between a gateway and a store, on the loopback: bytes go through as they are, late, one at a time, or not at all, and
/// connections are cut, refused, or left to themselves, as the test says.
/// </summary>
internal sealed class FaultyLink : IAsyncDisposable
{
    private volatile IPEndPoint _target;
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<Socket, byte> _open = new();
    private readonly ConcurrentDictionary<Socket, byte> _forgotten = new();
    private readonly Lock _gate = new();
    private Socket _listener;
    private Task _accepting;
    private TaskCompletionSource _goesOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TimeSpan _delay;
    private TimeSpan _perByte;
    private int _accepted;

    private FaultyLink(IPEndPoint target)
    {
        _target = target;
        _goesOn.SetResult();
        _listener = Listen(0);
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _accepting = AcceptAsync(_listener);
    }

    public int Port { get; }

    /// <summary>How many connections were made through it so far.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>How many of them are open now.</summary>
    public int Open => _open.Count / 2;

    public static FaultyLink To(string host, int port) => new(new IPEndPoint(IPAddress.Parse(host), port));

    /// <summary>A link to a Postgres, and the connection string that leads over it.</summary>
    public static (FaultyLink Link, string ConnectionString) ToPostgres(string connectionString)
    {
        var direct = new NpgsqlConnectionStringBuilder(connectionString);
        var link = To(direct.Host!, direct.Port);
        return (link, new NpgsqlConnectionStringBuilder(connectionString) { Port = link.Port }.ConnectionString);
    }

    /// <summary>A link to a Redis, and the connection string that leads over it.</summary>
    public static (FaultyLink Link, string ConnectionString) ToRedis(string connectionString)
    {
        var (address, rest) = connectionString.Split(',', 2) is [var first, var second] ? (first, "," + second) : (connectionString, "");
        var link = To(address.Split(':')[0], int.Parse(address.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture));
        return (link, $"127.0.0.1:{link.Port}{rest}");
    }

    /// <summary>New connections lead to another server from now on; those that are open are reset.</summary>
    public void LeadTo(int port)
    {
        _target = new IPEndPoint(IPAddress.Loopback, port);
        Cut();
    }

    /// <summary>All is well again.</summary>
    public void Heal()
    {
        lock (_gate)
        {
            (_delay, _perByte) = (TimeSpan.Zero, TimeSpan.Zero);
            _goesOn.TrySetResult();
            if (!_accepting.IsCompleted) return;
            _listener = Listen(Port);
            _accepting = AcceptAsync(_listener);
        }
    }

    /// <summary>
    /// Half open: nothing is closed and nothing gets through. Of new connections the system takes one or two, which hear nothing either;
    /// the others wait for an answer to their first packet.
    /// </summary>
    public void GoSilent()
    {
        lock (_gate)
            if (_goesOn.Task.IsCompleted) _goesOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>
    /// As a firewall that no longer knows them: nothing gets through on the connections that are open, for good and without a word; new
    /// ones are as good as ever.
    /// </summary>
    public void Forget()
    {
        foreach (var socket in _open.Keys) _forgotten[socket] = 0;
    }

    /// <summary>Each piece comes so much later.</summary>
    public void Slow(TimeSpan delay) => _delay = delay;

    /// <summary>Bytes come one at a time.</summary>
    public void Drip(TimeSpan perByte) => _perByte = perByte;

    /// <summary>Resets what is open; new connections are taken.</summary>
    public void Cut()
    {
        foreach (var socket in _open.Keys) Reset(socket);
    }

    /// <summary>Resets what is open and refuses what comes, as a machine does whose server is gone.</summary>
    public async Task RefuseAsync()
    {
        _listener.Dispose();
        await _accepting;
        Cut();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        Cut();
        await _accepting;
        _end.Dispose();
    }

    // Almost no backlog: while nobody accepts, the system drops the first packets of new connections.
    private static Socket Listen(int port)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen(1);
        return listener;
    }

    private static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is closed already.
        }
        socket.Dispose();
    }

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true)
            {
                var near = await listener.AcceptAsync(_end.Token);
                await _goesOn.Task.WaitAsync(_end.Token);
                Interlocked.Increment(ref _accepted);
                _ = CarryAsync(near);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Nobody is let through any more.
        }
    }

    private async Task CarryAsync(Socket near)
    {
        var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        near.NoDelay = true;
        _open[near] = _open[far] = 0;
        try
        {
            await far.ConnectAsync(_target, _end.Token);
            await Task.WhenAny(CopyAsync(near, far), CopyAsync(far, near));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The far side is not there: so is the near one.
        }
        finally
        {
            _open.TryRemove(near, out _);
            _open.TryRemove(far, out _);
            Reset(near);
            Reset(far);
        }
    }

    private async Task CopyAsync(Socket from, Socket to)
    {
        var buffer = new byte[64 << 10];
        try
        {
            while (await from.ReceiveAsync(buffer, _end.Token) is > 0 and var length)
            {
                if (_forgotten.ContainsKey(from)) continue;
                if (_delay > TimeSpan.Zero) await Task.Delay(_delay, _end.Token);
                for (var sent = 0; sent < length;)
                {
                    await _goesOn.Task.WaitAsync(_end.Token);
                    var piece = _perByte > TimeSpan.Zero ? 1 : length - sent;
                    if (_perByte > TimeSpan.Zero) await Task.Delay(_perByte, _end.Token);
                    await to.SendAsync(buffer.AsMemory(sent, piece), _end.Token);
                    sent += piece;
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The connection is gone.
        }
    }
}
