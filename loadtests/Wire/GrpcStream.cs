using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Grpc.Core;

namespace EligibilityGateway.LoadTests.Wire;

/// <summary>
/// One gRPC call with messages both ways, alone on a TLS connection of its own: as much of HTTP/2 (RFC 9113) as that needs, with
/// nothing between it and the socket. Grpc.Net.Client is made for programs that do something with what they get, and cost the
/// generator as much CPU for a message as the null echo took at the other end.
/// </summary>
/// <remarks>There is one reader and one writer at a time, who may be at work at once.</remarks>
internal sealed class GrpcStream : IAsyncDisposable
{
    /// <summary>The connection's only stream.</summary>
    private const int Call = 1;

    /// <summary>Stands for the connection itself.</summary>
    private const int Connection = 0;

    /// <summary>The largest payload of a frame where nothing else was agreed (SETTINGS_MAX_FRAME_SIZE).</summary>
    private const int LargestPayload = 16_384;

    /// <summary>Before each gRPC message: whether it is compressed, one byte, and its length, four.</summary>
    private const int PrefixLength = 5;

    /// <summary>One message, one frame: a tap has some 1,700 bytes.</summary>
    private const int LargestRequest = LargestPayload - PrefixLength;

    /// <summary>As much as gRPC's own clients take.</summary>
    private const int LargestAnswer = 4 << 20;

    // What the server may send unasked is all that can be said, and nothing is granted later: at a kilobyte an answer it is two million answers
    // on one stream, and a run has some hundreds.
    private const int Granted = int.MaxValue;

    private const int InitialCredit = 65_535;
    private const ushort HeaderTableSize = 1;
    private const ushort EnablePush = 2;
    private const ushort InitialWindowSize = 4;
    private const int SettingLength = sizeof(ushort) + sizeof(uint);
    private const uint NoError = 0;
    private const uint RefusedStream = 7;
    private const uint Cancel = 8;

    private const int CommonRead = 4096;
    private const int CommonRequest = 2048;

    private readonly SslStream _tls;
    private readonly ByteQueue _frames = new(CommonRead);
    private readonly ByteQueue _body = new(CommonRead);
    private readonly ByteQueue _replies = new(FrameHeader.Length + sizeof(ulong));
    private readonly SemaphoreSlim _writersTurn = new(1);
    private readonly Lock _gate = new();
    private byte[] _request = new byte[CommonRequest];
    private TaskCompletionSource? _moreCredit;
    private long _connectionCredit = InitialCredit;
    private long _callCredit = InitialCredit;
    private long _initialCallCredit = InitialCredit;
    private int _messageLength;
    private int _done;
    private Status? _end;

    private GrpcStream(SslStream tls) => _tls = tls;

    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    /// <summary>The message that was read last, until the next one is read.</summary>
    public ReadOnlySpan<byte> Message => _body.Unread.Slice(PrefixLength, _messageLength);

    /// <summary>Connects and begins the call.</summary>
    /// <param name="server">Where.</param>
    /// <param name="path">/package.Service/Method</param>
    /// <param name="tls">Whom to trust and what to show.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <exception cref="RpcException">Unavailable: nobody is there, or it hung up.</exception>
    public static async Task<GrpcStream> OpenAsync(Uri server, string path, SslClientAuthenticationOptions tls, CancellationToken cancellation)
    {
        try
        {
            var stream = new GrpcStream(new SslStream(await ConnectAsync(server, cancellation)));
            try
            {
                await stream._tls.AuthenticateAsClientAsync(tls, cancellation);
                await stream._tls.WriteAsync(Opening(RequestHeaders.Of(server, path)), cancellation);
                return stream;
            }
            catch
            {
                await stream.DisposeAsync();
                throw;
            }
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            throw new RpcException(Closed(e), e.Message);
        }
    }

    /// <summary>Sends a message. Waits for nothing but the server's room for it and the socket's, and so nearly always ends at once.</summary>
    /// <exception cref="RpcException">The call has ended.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> message)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(message.Length, LargestRequest, nameof(message));
        var length = FrameHeader.Length + PrefixLength + message.Length;
        // Before its turn: who waits for credit must not keep back the reader's replies, behind which the credit may come.
        await TakeCreditAsync(PrefixLength + message.Length);
        await _writersTurn.WaitAsync();
        try
        {
            if (_request.Length < length) _request = new byte[length];
            new FrameHeader(PrefixLength + message.Length, FrameType.Data, Flags: 0, Call).Write(_request);
            _request[FrameHeader.Length] = 0;
            BinaryPrimitives.WriteInt32BigEndian(_request.AsSpan(FrameHeader.Length + 1), message.Length);
            message.Span.CopyTo(_request.AsSpan(FrameHeader.Length + PrefixLength));
            await _tls.WriteAsync(_request.AsMemory(0, length));
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            throw new RpcException(Closed(e));
        }
        finally
        {
            _writersTurn.Release();
        }
    }

    /// <summary>Reads the next message into <see cref="Message"/>. False where the call has ended well.</summary>
    /// <exception cref="RpcException">The call has ended otherwise.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> ReadAsync(CancellationToken cancellation)
    {
        _body.Take(_done);
        _done = 0;
        while (!HasMessage())
        {
            if (_end is { } end) return end.StatusCode is StatusCode.OK ? false : throw new RpcException(end);
            try
            {
                var count = await _tls.ReadAsync(_frames.Room(CommonRead / 2), cancellation);
                if (count == 0) End(Closed());
                _frames.Add(count);
                TakeFrames();
                if (!_replies.Unread.IsEmpty) await WriteRepliesAsync();
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException)
            {
                End(Closed(e));
            }
            catch (InvalidDataException e)
            {
                End(new Status(StatusCode.Internal, e.Message));
            }
        }
        _done = PrefixLength + _messageLength;
        return true;
    }

    /// <summary>Closes the connection; to the server the call was cancelled.</summary>
    public ValueTask DisposeAsync() => _tls.DisposeAsync();

    private static async Task<NetworkStream> ConnectAsync(Uri server, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(server.Host, server.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>All that goes before the first message, in one piece.</summary>
    private static byte[] Opening(byte[] headers)
    {
        (ushort Id, uint Value)[] settings = [(HeaderTableSize, 0), (EnablePush, 0), (InitialWindowSize, Granted)];
        var opening = new byte[Preface.Length + (3 * FrameHeader.Length) + (settings.Length * SettingLength) + sizeof(uint) + headers.Length];
        var rest = opening.AsSpan();
        Preface.CopyTo(rest);
        rest = rest[Preface.Length..];

        new FrameHeader(settings.Length * SettingLength, FrameType.Settings, Flags: 0, Connection).Write(rest);
        rest = rest[FrameHeader.Length..];
        foreach (var (id, value) in settings)
        {
            BinaryPrimitives.WriteUInt16BigEndian(rest, id);
            BinaryPrimitives.WriteUInt32BigEndian(rest[sizeof(ushort)..], value);
            rest = rest[SettingLength..];
        }

        new FrameHeader(sizeof(uint), FrameType.WindowUpdate, Flags: 0, Connection).Write(rest);
        BinaryPrimitives.WriteUInt32BigEndian(rest[FrameHeader.Length..], Granted - InitialCredit);
        rest = rest[(FrameHeader.Length + sizeof(uint))..];

        new FrameHeader(headers.Length, FrameType.Headers, FrameHeader.EndOfHeaders, Call).Write(rest);
        headers.CopyTo(rest[FrameHeader.Length..]);
        return opening;
    }

    private bool HasMessage()
    {
        var body = _body.Unread;
        if (body.Length < PrefixLength) return false;
        if (body[0] != 0) throw new RpcException(new Status(StatusCode.Internal, "The server compressed a message that was to be plain."));
        var length = BinaryPrimitives.ReadUInt32BigEndian(body[1..]);
        if (length > LargestAnswer) throw new RpcException(new Status(StatusCode.ResourceExhausted, $"The server sent a message of {length} bytes."));
        _messageLength = (int)length;
        return body.Length - PrefixLength >= _messageLength;
    }

    /// <summary>Takes each frame that is here whole.</summary>
    private void TakeFrames()
    {
        while (_frames.Unread is { Length: >= FrameHeader.Length } bytes)
        {
            var header = FrameHeader.Read(bytes);
            if (header.PayloadLength > LargestPayload) throw new InvalidDataException("The server sent a larger frame than was agreed.");
            if (bytes.Length < FrameHeader.Length + header.PayloadLength) return;
            TakeFrame(header, bytes.Slice(FrameHeader.Length, header.PayloadLength));
            _frames.Take(FrameHeader.Length + header.PayloadLength);
        }
    }

    private void TakeFrame(FrameHeader header, ReadOnlySpan<byte> payload)
    {
        switch (header.Type)
        {
            case FrameType.Data:
                _body.Add(WithoutPadding(header, payload));
                if (header.Has(FrameHeader.EndOfStream)) End(new Status(StatusCode.Internal, "The call ended without a status."));
                break;
            case FrameType.Headers:
                TakeHeaders(header, WithoutPadding(header, payload));
                break;
            case FrameType.ResetStream:
                End(StatusOf(Number(payload)));
                break;
            case FrameType.Settings when !header.Has(FrameHeader.Acknowledged):
                TakeSettings(payload);
                Reply(header with { PayloadLength = 0 }, []);
                break;
            case FrameType.Ping when !header.Has(FrameHeader.Acknowledged):
                Reply(header, payload);
                break;
            case FrameType.GoAway:
                // What it has begun, it finishes, unless something is wrong.
                if (Number(payload) < Call || Number(payload[sizeof(uint)..]) != NoError) End(new Status(StatusCode.Unavailable, "The server closes the connection."));
                break;
            case FrameType.WindowUpdate:
                Credit(header.Stream, Number(payload));
                break;
            case FrameType.Continuation:
                throw new InvalidDataException("The server's headers go on in a second frame.");
        }
    }

    private static ReadOnlySpan<byte> WithoutPadding(FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (!header.Has(FrameHeader.Padded)) return payload;
        if (payload.IsEmpty || payload[0] >= payload.Length) throw new InvalidDataException("A frame has more padding than it is long.");
        return payload[1..^payload[0]];
    }

    private void TakeHeaders(FrameHeader header, ReadOnlySpan<byte> block)
    {
        const int priorityLength = 5;
        if (!header.Has(FrameHeader.EndOfHeaders)) throw new InvalidDataException("The server's headers go on in a second frame.");
        var headers = ResponseHeaders.Read(header.Has(FrameHeader.WithPriority) ? block[priorityLength..] : block);
        if (headers.GrpcStatus is { } status) End(new Status(status, headers.GrpcMessage));
        else if (headers.HttpStatus is not (null or 200)) End(new Status(StatusCode.Internal, $"HTTP status {headers.HttpStatus}."));
        else if (header.Has(FrameHeader.EndOfStream)) End(new Status(StatusCode.Internal, "The call ended without a status."));
    }

    private void TakeSettings(ReadOnlySpan<byte> settings)
    {
        for (; settings.Length >= SettingLength; settings = settings[SettingLength..])
        {
            if (BinaryPrimitives.ReadUInt16BigEndian(settings) != InitialWindowSize) continue;
            var initial = Number(settings[sizeof(ushort)..]);
            // RFC 9113, section 6.9.2: what was used up stays used up.
            Credit(Call, initial - _initialCallCredit);
            _initialCallCredit = initial;
        }
    }

    private static uint Number(ReadOnlySpan<byte> payload) => payload.Length >= sizeof(uint)
        ? BinaryPrimitives.ReadUInt32BigEndian(payload)
        : throw new InvalidDataException("A frame is too short.");

    private static Status StatusOf(uint error) => new(
        error switch
        {
            RefusedStream => StatusCode.Unavailable,
            Cancel => StatusCode.Cancelled,
            _ => StatusCode.Internal,
        },
        $"The server reset the call (HTTP/2 error {error}).");

    private void Reply(FrameHeader to, ReadOnlySpan<byte> payload)
    {
        Span<byte> header = stackalloc byte[FrameHeader.Length];
        (to with { Flags = FrameHeader.Acknowledged }).Write(header);
        _replies.Add(header);
        _replies.Add(payload);
    }

    private async ValueTask WriteRepliesAsync()
    {
        await _writersTurn.WaitAsync();
        try
        {
            var replies = _replies.Unread.ToArray();
            _replies.Take(replies.Length);
            await _tls.WriteAsync(replies);
        }
        finally
        {
            _writersTurn.Release();
        }
    }

    private void Credit(int stream, long more)
    {
        lock (_gate)
        {
            if (stream == Connection) _connectionCredit += more;
            else _callCredit += more;
            _moreCredit?.TrySetResult();
        }
    }

    private async ValueTask TakeCreditAsync(int length)
    {
        while (true)
        {
            Task more;
            lock (_gate)
            {
                if (_end is { } end) throw new RpcException(end);
                if (_connectionCredit >= length && _callCredit >= length)
                {
                    _connectionCredit -= length;
                    _callCredit -= length;
                    return;
                }
                _moreCredit = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                more = _moreCredit.Task;
            }
            await more;
        }
    }

    private void End(Status status)
    {
        lock (_gate)
        {
            _end ??= status;
            _moreCredit?.TrySetResult();
        }
    }

    private static Status Closed(Exception? why = null) => new(StatusCode.Unavailable, "The connection is closed.", why);
}
