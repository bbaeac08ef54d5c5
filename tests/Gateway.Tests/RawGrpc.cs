using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;

namespace EligibilityGateway.Gateway.Tests;

/// <summary>gRPC by hand over real mutual TLS and HTTP/2: the request's bytes are the test's, also those that no library would send.</summary>
internal sealed class RawGrpc(Uri gateway, X509Certificate2 certificate) : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http = new(TestDesk.HandlerFor(certificate)) { BaseAddress = gateway, Timeout = Deadline };

    /// <summary>A message in its frame; with another flag or length than it has, where the test says so.</summary>
    public static byte[] Frame(ReadOnlySpan<byte> message, byte flag = 0, uint? length = null)
    {
        var frame = new byte[5 + message.Length];
        frame[0] = flag;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), length ?? (uint)message.Length);
        message.CopyTo(frame.AsSpan(5));
        return frame;
    }

    /// <summary>Sends the body and takes what comes until the call's end.</summary>
    /// <param name="method">Service and method: eligibility.v1.Charges/ReportCharge.</param>
    /// <param name="body">All that is sent.</param>
    /// <param name="encoding">grpc-encoding.</param>
    /// <param name="open">The client does not end its side.</param>
    /// <param name="cut">Resets the stream.</param>
    public async Task<RawEnd> CallAsync(string method, byte[] body, string? encoding = null, bool open = false, CancellationToken cut = default)
    {
        using var unfinished = new Unfinished(body);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/" + method)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = open ? unfinished : new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        if (encoding is not null) request.Headers.Add("grpc-encoding", encoding);
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cut);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var messages = Messages(await response.Content.ReadAsByteArrayAsync(cut));
        return RawEnd.Of(response.Headers.Contains("grpc-status") ? response.Headers : response.TrailingHeaders, messages);
    }

    public void Dispose() => _http.Dispose();

    private static List<byte[]> Messages(ReadOnlySpan<byte> body)
    {
        var messages = new List<byte[]>();
        while (body.Length > 0)
        {
            var length = (int)BinaryPrimitives.ReadUInt32BigEndian(body[1..]);
            messages.Add(body.Slice(5, length).ToArray());
            body = body[(5 + length)..];
        }
        return messages;
    }

    /// <summary>Sends its bytes, and its end only when it is disposed of.</summary>
    private sealed class Unfinished(byte[] bytes) : HttpContent
    {
        private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(bytes);
            await stream.FlushAsync();
            await _end.Task;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }

        protected override void Dispose(bool disposing)
        {
            _end.TrySetResult();
            base.Dispose(disposing);
        }
    }
}

/// <summary>How a call ended.</summary>
/// <param name="Status">Its code.</param>
/// <param name="Detail">Its text.</param>
/// <param name="Rich">What grpc-status-details-bin holds.</param>
/// <param name="Messages">What came before.</param>
internal sealed record RawEnd(StatusCode Status, string Detail, Google.Rpc.Status? Rich, IReadOnlyList<byte[]> Messages)
{
    public static RawEnd Of(HttpResponseHeaders end, IReadOnlyList<byte[]> messages)
    {
        var details = One(end, "grpc-status-details-bin");
        var rich = details.Length > 0 ? Google.Rpc.Status.Parser.ParseFrom(Convert.FromBase64String(details.PadRight((details.Length + 3) / 4 * 4, '='))) : null;
        return new RawEnd((StatusCode)int.Parse(One(end, "grpc-status")), Uri.UnescapeDataString(One(end, "grpc-message")), rich, messages);
    }

    private static string One(HttpResponseHeaders headers, string name) => headers.TryGetValues(name, out var values) ? string.Join(",", values) : "";
}
