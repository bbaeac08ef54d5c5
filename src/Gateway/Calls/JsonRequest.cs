using System.Net.Mime;
using System.Text;
using System.Text.Json;
using Google.Protobuf.Reflection;
using Google.Rpc;
using Microsoft.Net.Http.Headers;
using HttpRequest = Microsoft.AspNetCore.Http.HttpRequest;
using Status = Google.Rpc.Status;

namespace EligibilityGateway.Gateway.Calls;

/// <summary>A message that comes over HTTP, read before the transcoder reads it.</summary>
internal static class JsonRequest
{
    /// <summary>Makes the body one that the transcoder takes; or says what is wrong with it.</summary>
    public static async Task<Status?> ReadAsync(HttpRequest request, CallNote note, Type message)
    {
        var descriptor = Unreadable.DescriptorOf(message);
        if (HttpMethods.IsGet(request.Method)) return ReadQuery(request, note, message, descriptor);
        if (!IsJson(request.ContentType)) return Unreadable.Json(message);
        try
        {
            using var body = await JsonDocument.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted);
            if (body.RootElement.ValueKind != JsonValueKind.Object) return Unreadable.Json(message);
            var read = JsonMessage.Read(body.RootElement, descriptor, out var written);
            if (read.Violations.FieldViolations.Count > 0) return Unreadable.Json(message, read.Violations);
            note.Names = read.Names;
            request.ContentType = MediaTypeNames.Application.Json;
            request.ContentLength = written.Length;
            request.Body = new MemoryStream(written.ToArray());
            return null;
        }
        // Too long is an IOException, as a line is that is cut: there nobody hears it.
        catch (Exception e) when (e is JsonException or InvalidOperationException or IOException or OperationCanceledException)
        {
            return Unreadable.Json(message);
        }
    }

    // Values are the transcoder's to read.
    private static Status? ReadQuery(HttpRequest request, CallNote note, Type message, MessageDescriptor descriptor)
    {
        note.Names = new JsonNames();
        var violations = new BadRequest();
        foreach (var name in request.Query.Keys)
        {
            if (JsonMessage.FieldOf(descriptor, name) is { } field) note.Names.Saw(field, name);
            else violations.FieldViolations.Add(JsonMessage.UnknownField("", name));
        }
        return violations.FieldViolations.Count > 0 ? Unreadable.Json(message, violations) : null;
    }

    private static bool IsJson(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && type.MediaType.Equals(MediaTypeNames.Application.Json, StringComparison.OrdinalIgnoreCase)
        && (!type.Charset.HasValue || type.Charset.Equals(Encoding.UTF8.WebName, StringComparison.OrdinalIgnoreCase));
}
