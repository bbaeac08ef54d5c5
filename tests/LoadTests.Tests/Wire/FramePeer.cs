using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using EligibilityGateway.LoadTests.Wire;

namespace EligibilityGateway.LoadTests.Tests.Wire;

/// <summary>A server that says HTTP/2 frame by frame, over real TLS, so that a test may say what no real server does at its wish.</summary>
internal sealed class FramePeer : IAsyncDisposable
{
    private const int PrefaceLength = 24;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2 _certificate;
    private SslStream? _tls;

    public FramePeer(X509Certificate2 certificate)
    {
        _certificate = certificate;
        _listener.Start();
    }

    public Uri Address => new($"https://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>Lets one client in and takes its preface.</summary>
    public async Task AcceptAsync(CancellationToken cancellation)
    {
        _tls = new SslStream(new NetworkStream(await _listener.AcceptSocketAsync(cancellation), ownsSocket: true));
        await _tls.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                ServerCertificate = _certificate,
                ApplicationProtocols = [SslApplicationProtocol.Http2],
                ClientCertificateRequired = true,
                RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null,
            },
            cancellation);
        var preface = new byte[PrefaceLength];
        await _tls.ReadExactlyAsync(preface, cancellation);
        Assert.Equal("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, preface);
    }

    public async Task<(FrameHeader Header, byte[] Payload)> ReadAsync(CancellationToken cancellation)
    {
        var header = new byte[FrameHeader.Length];
        await _tls!.ReadExactlyAsync(header, cancellation);
        var read = FrameHeader.Read(header);
        var payload = new byte[read.PayloadLength];
        await _tls.ReadExactlyAsync(payload, cancellation);
        return (read, payload);
    }

    /// <summary>The next frame of that type; others are passed over.</summary>
    public async Task<(FrameHeader Header, byte[] Payload)> ReadAsync(FrameType type, CancellationToken cancellation)
    {
        while (true)
        {
            var frame = await ReadAsync(cancellation);
            if (frame.Header.Type == type) return frame;
        }
    }

    public Task WriteAsync(FrameType type, byte flags, int stream, ReadOnlySpan<byte> payload, CancellationToken cancellation) =>
        WriteAsync(Frame(type, flags, stream, payload), cancellation);

    public async Task WriteAsync(byte[] bytes, CancellationToken cancellation) => await _tls!.WriteAsync(bytes, cancellation);

    public static byte[] Frame(FrameType type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        var frame = new byte[FrameHeader.Length + payload.Length];
        new FrameHeader(payload.Length, type, flags, stream).Write(frame);
        payload.CopyTo(frame.AsSpan(FrameHeader.Length));
        return frame;
    }

    /// <summary>Closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_tls is not null) await _tls.DisposeAsync();
        _listener.Dispose();
    }
}
