using System.Buffers.Binary;
using EligibilityGateway.LoadTests.Tests.Drive;
using EligibilityGateway.LoadTests.Wire;
using Grpc.Core;

namespace EligibilityGateway.LoadTests.Tests.Wire;

/// <summary>The client's side of HTTP/2 against a server that says it frame by frame; <see cref="TerminalStreamTests"/> has the real one.</summary>
public sealed class GrpcStreamTests : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    // Trailers as Kestrel writes them, names and values as they are.
    private static readonly byte[] Ok = [0x88];
    private static readonly byte[] StatusOk = [0x00, 11, .. "grpc-status"u8, 1, .. "0"u8];

    private readonly CancellationTokenSource _limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly LoopbackPki _pki = new();
    private readonly FramePeer _peer;

    public GrpcStreamTests()
    {
        _limit.CancelAfter(Deadline);
        _peer = new FramePeer(_pki.Server);
    }

    private CancellationToken Cancellation => _limit.Token;

    [Fact]
    public async Task A_call_begins_with_settings_room_for_answers_and_its_headers()
    {
        await using var _ = await OpenAsync();
        var settings = await _peer.ReadAsync(Cancellation);
        var room = await _peer.ReadAsync(Cancellation);
        var headers = await _peer.ReadAsync(Cancellation);
        Assert.Equal((FrameType.Settings, 0), (settings.Header.Type, settings.Header.Stream));
        Assert.Equal((FrameType.WindowUpdate, 0), (room.Header.Type, room.Header.Stream));
        Assert.Equal((FrameType.Headers, 1), (headers.Header.Type, headers.Header.Stream));
        Assert.True(headers.Header.Has(FrameHeader.EndOfHeaders));
        Assert.False(headers.Header.Has(FrameHeader.EndOfStream));
    }

    [Fact]
    public async Task A_message_goes_out_as_one_frame_with_its_length_before_it()
    {
        await using var client = await OpenAsync();
        await client.WriteAsync(new byte[] { 1, 2, 3 });
        var (header, payload) = await _peer.ReadAsync(FrameType.Data, Cancellation);
        Assert.Equal((1, (byte)0), (header.Stream, header.Flags));
        Assert.Equal([0, 0, 0, 0, 3, 1, 2, 3], payload);
    }

    [Fact]
    public async Task Messages_come_out_whole_however_they_are_cut_into_frames()
    {
        byte[][] messages = [[1], [], [2, 3, 4], .. Enumerable.Range(0, 3).Select(n => Enumerable.Repeat((byte)n, 7).ToArray())];
        byte[] body = [.. messages.SelectMany(Prefixed)];
        foreach (var length in (int[])[1, 2, 5, 6, 7, body.Length])
        {
            await using var peer = new FramePeer(_pki.Server);
            await using var client = await OpenAsync(peer);
            byte[] frames = [.. body.Chunk(length).SelectMany(part => FramePeer.Frame(FrameType.Data, 0, 1, part))];
            await peer.WriteAsync([.. FramePeer.Frame(FrameType.Headers, FrameHeader.EndOfHeaders, 1, Ok), .. frames, .. Trailers(StatusOk)], Cancellation);
            foreach (var message in messages)
            {
                Assert.True(await client.ReadAsync(Cancellation));
                Assert.Equal(message, client.Message.ToArray());
            }
            Assert.False(await client.ReadAsync(Cancellation));
        }
    }

    [Fact]
    public async Task A_message_of_many_frames_comes_out_whole()
    {
        await using var client = await OpenAsync();
        var message = new byte[100_000];
        new Random(1).NextBytes(message);
        foreach (var part in Prefixed(message).Chunk(16_384)) await _peer.WriteAsync(FrameType.Data, 0, 1, part, Cancellation);
        Assert.True(await client.ReadAsync(Cancellation));
        Assert.Equal(message, client.Message.ToArray());
    }

    [Fact]
    public async Task Padding_is_no_part_of_a_message()
    {
        await using var client = await OpenAsync();
        await _peer.WriteAsync(FrameType.Data, FrameHeader.Padded, 1, [2, .. Prefixed([7]), 0, 0], Cancellation);
        Assert.True(await client.ReadAsync(Cancellation));
        Assert.Equal([7], client.Message.ToArray());
    }

    [Fact]
    public async Task A_ping_is_answered_with_its_own_bytes_and_settings_are_acknowledged()
    {
        await using var client = await OpenAsync();
        var reading = client.ReadAsync(Cancellation).AsTask();
        await _peer.WriteAsync(FrameType.Ping, 0, 0, "12345678"u8, Cancellation);
        var (ping, echoed) = await _peer.ReadAsync(FrameType.Ping, Cancellation);
        Assert.True(ping.Has(FrameHeader.Acknowledged));
        Assert.Equal("12345678"u8, echoed);

        await _peer.WriteAsync(FrameType.Settings, 0, 0, [], Cancellation);
        var (settings, nothing) = await _peer.ReadAsync(FrameType.Settings, Cancellation);
        Assert.True(settings.Has(FrameHeader.Acknowledged));
        Assert.Empty(nothing);
        await EndAsync(reading);
    }

    [Fact]
    public async Task What_the_server_has_no_room_for_waits_until_it_has()
    {
        await using var client = await OpenAsync();
        var reading = client.ReadAsync(Cancellation).AsTask();
        // Room for nothing at all; the acknowledgement says that the client knows it.
        await _peer.WriteAsync(FrameType.Settings, 0, 0, InitialWindow(0), Cancellation);
        await AcknowledgementAsync();
        var writing = client.WriteAsync(new byte[] { 9 }).AsTask();
        Assert.False(writing.IsCompleted);

        await _peer.WriteAsync(FrameType.WindowUpdate, 0, 1, [0, 0, 0, 5], Cancellation);
        await _peer.WriteAsync(FrameType.Ping, 0, 0, "no room!"u8, Cancellation);
        await _peer.ReadAsync(FrameType.Ping, Cancellation);
        Assert.False(writing.IsCompleted);

        await _peer.WriteAsync(FrameType.WindowUpdate, 0, 1, [0, 0, 0, 1], Cancellation);
        await writing;
        Assert.Equal([0, 0, 0, 0, 1, 9], (await _peer.ReadAsync(FrameType.Data, Cancellation)).Payload);
        await EndAsync(reading);
    }

    [Fact]
    public async Task Room_that_was_used_up_stays_used_up_when_the_server_changes_its_mind()
    {
        await using var client = await OpenAsync();
        var reading = client.ReadAsync(Cancellation).AsTask();
        await client.WriteAsync(new byte[5]);
        // Ten bytes are used up; of eleven one is left.
        await _peer.WriteAsync(FrameType.Settings, 0, 0, InitialWindow(11), Cancellation);
        await AcknowledgementAsync();
        var writing = client.WriteAsync(new byte[5]).AsTask();
        Assert.False(writing.IsCompleted);
        await _peer.WriteAsync(FrameType.Settings, 0, 0, InitialWindow(20), Cancellation);
        await writing;
        await EndAsync(reading);
    }

    [Fact]
    public async Task Whoever_waits_for_room_hears_that_the_call_has_ended()
    {
        await using var client = await OpenAsync();
        var reading = client.ReadAsync(Cancellation).AsTask();
        await _peer.WriteAsync(FrameType.Settings, 0, 0, InitialWindow(0), Cancellation);
        await AcknowledgementAsync();
        var writing = client.WriteAsync(new byte[] { 9 }).AsTask();
        await _peer.WriteAsync(Trailers(StatusOk), Cancellation);
        Assert.False(await reading);
        await Assert.ThrowsAsync<RpcException>(() => writing);
    }

    [Fact]
    public async Task A_refusal_is_told_with_its_status_and_text()
    {
        await using var client = await OpenAsync();
        byte[] refusal = [.. Ok, 0x00, 11, .. "grpc-status"u8, 2, .. "16"u8, 0x00, 12, .. "grpc-message"u8, 23, .. "%E7%AB%AF%E6%9C%AB no 1"u8];
        await _peer.WriteAsync(Trailers(refusal), Cancellation);
        var refused = await Assert.ThrowsAsync<RpcException>(() => client.ReadAsync(Cancellation).AsTask());
        Assert.Equal((StatusCode.Unauthenticated, "端末 no 1"), (refused.StatusCode, refused.Status.Detail));
    }

    [Fact]
    public async Task What_came_before_the_end_is_read_first()
    {
        await using var client = await OpenAsync();
        await _peer.WriteAsync([.. FramePeer.Frame(FrameType.Data, 0, 1, Prefixed([5])), .. FramePeer.Frame(FrameType.ResetStream, 0, 1, [0, 0, 0, 7])], Cancellation);
        Assert.True(await client.ReadAsync(Cancellation));
        Assert.Equal([5], client.Message.ToArray());
        Assert.Equal(StatusCode.Unavailable, (await EndOfAsync(client)).StatusCode);
    }

    [Theory]
    [InlineData(7, StatusCode.Unavailable)]
    [InlineData(8, StatusCode.Cancelled)]
    [InlineData(2, StatusCode.Internal)]
    public async Task A_reset_ends_the_call(byte error, StatusCode status)
    {
        await using var client = await OpenAsync();
        await _peer.WriteAsync(FrameType.ResetStream, 0, 1, [0, 0, 0, error], Cancellation);
        Assert.Equal(status, (await EndOfAsync(client)).StatusCode);
    }

    [Fact]
    public async Task A_server_that_goes_away_in_order_finishes_the_call()
    {
        await using var client = await OpenAsync();
        await _peer.WriteAsync(FrameType.GoAway, 0, 0, [0, 0, 0, 1, 0, 0, 0, 0], Cancellation);
        await _peer.WriteAsync([.. FramePeer.Frame(FrameType.Data, 0, 1, Prefixed([5])), .. Trailers(StatusOk)], Cancellation);
        Assert.True(await client.ReadAsync(Cancellation));
        Assert.False(await client.ReadAsync(Cancellation));
    }

    [Fact]
    public async Task A_server_that_goes_away_for_a_fault_ends_the_call()
    {
        await using var client = await OpenAsync();
        await _peer.WriteAsync(FrameType.GoAway, 0, 0, [0, 0, 0, 1, 0, 0, 0, 11], Cancellation);
        Assert.Equal(StatusCode.Unavailable, (await EndOfAsync(client)).StatusCode);
    }

    [Fact]
    public async Task A_closed_connection_is_unavailable()
    {
        await using var client = await OpenAsync();
        await _peer.DisposeAsync();
        Assert.Equal(StatusCode.Unavailable, (await EndOfAsync(client)).StatusCode);
    }

    [Fact]
    public async Task Nobody_there_is_unavailable()
    {
        await _peer.DisposeAsync();
        var failure = await Assert.ThrowsAsync<RpcException>(() => GrpcStream.OpenAsync(_closed, "/a.B/C", _pki.Terminal.TlsTo(_closed), Cancellation));
        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
    }

    [Fact]
    public async Task What_is_not_HTTP_2_ends_the_call_and_nothing_else()
    {
        byte[][] wrong =
        [
            FramePeer.Frame(FrameType.Ping, 0, 0, new byte[16_385]),
            FramePeer.Frame(FrameType.Headers, 0, 1, Ok),
            FramePeer.Frame(FrameType.Headers, FrameHeader.EndOfHeaders, 1, [0x00, 11, 1]),
            FramePeer.Frame(FrameType.Data, FrameHeader.Padded, 1, [200, 1]),
            FramePeer.Frame(FrameType.WindowUpdate, 0, 1, [1]),
            FramePeer.Frame(FrameType.Data, 0, 1, [1, 0, 0, 0, 0]),
            FramePeer.Frame(FrameType.Data, FrameHeader.EndOfStream, 1, []),
        ];
        foreach (var frame in wrong)
        {
            await using var peer = new FramePeer(_pki.Server);
            await using var client = await OpenAsync(peer);
            await peer.WriteAsync(frame, Cancellation);
            Assert.Equal(StatusCode.Internal, (await EndOfAsync(client)).StatusCode);
        }
    }

    private readonly Uri _closed = new("https://127.0.0.1:1");

    private Task<GrpcStream> OpenAsync() => OpenAsync(_peer);

    private async Task<GrpcStream> OpenAsync(FramePeer peer)
    {
        var accepting = peer.AcceptAsync(Cancellation);
        var client = await GrpcStream.OpenAsync(peer.Address, "/a.B/C", _pki.Terminal.TlsTo(peer.Address), Cancellation);
        await accepting;
        return client;
    }

    private Task<RpcException> EndOfAsync(GrpcStream client) => Assert.ThrowsAsync<RpcException>(() => client.ReadAsync(Cancellation).AsTask());

    /// <summary>Past the client's own first settings.</summary>
    private async Task AcknowledgementAsync()
    {
        while (!(await _peer.ReadAsync(FrameType.Settings, Cancellation)).Header.Has(FrameHeader.Acknowledged))
        {
        }
    }

    private async Task EndAsync(Task<bool> reading)
    {
        await _peer.WriteAsync(Trailers(StatusOk), Cancellation);
        Assert.False(await reading);
    }

    private static byte[] Trailers(byte[] block) => FramePeer.Frame(FrameType.Headers, FrameHeader.EndOfHeaders | FrameHeader.EndOfStream, 1, block);

    private static byte[] InitialWindow(byte bytes) => [0, 4, 0, 0, 0, bytes];

    private static byte[] Prefixed(byte[] message)
    {
        var prefixed = new byte[5 + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(prefixed.AsSpan(1), message.Length);
        message.CopyTo(prefixed, 5);
        return prefixed;
    }

    public async ValueTask DisposeAsync()
    {
        await _peer.DisposeAsync();
        _pki.Dispose();
        _limit.Dispose();
    }
}
