using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.ReaderAgent.Link;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Rpc;

namespace EligibilityGateway.ReaderAgent.Simulate;

/// <summary>Results as lines of JSON; the gateway's messages in protobuf's own JSON form.</summary>
internal static class ResultJson
{
    // Not for HTML: Japanese stays readable.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // A Problem's details are google.rpc messages or a remedy in an Any, whose JSON form needs their types.
    private static readonly JsonFormatter Formatter = new(new JsonFormatter.Settings(false, TypeRegistry.FromFiles(ErrorDetailsReflection.Descriptor, AnswerReflection.Descriptor)));

    public static string Ready(TerminalIdentity terminal) => Line(json =>
    {
        json.WriteBoolean("ready", true);
        json.WriteString("institution", terminal.Institution.ToString());
        json.WriteString("terminal", terminal.Name);
    });

    public static string Of(Result result) => result switch
    {
        EventResult ended => Of(ended),
        StatusResult status => Of(status),
        _ => throw new ArgumentOutOfRangeException(nameof(result), "Results are of these kinds."),
    };

    private static string Of(EventResult result) => Line(json =>
    {
        json.WriteString("id", result.Id);
        json.WriteString("eventId", result.EventId);
        json.WriteString("kind", result.Kind);
        if (result.Message is { } message)
        {
            json.WritePropertyName("message");
            json.WriteRawValue(Format(message));
        }
        json.WriteString("text", result.Text);
    });

    private static string Of(StatusResult result) => Line(json =>
    {
        json.WriteString("id", result.Id);
        json.WriteString("kind", "status");
        json.WriteString("state", result.Status.State switch
        {
            LinkState.Connecting => "connecting",
            LinkState.Open => "open",
            LinkState.Draining => "draining",
            _ => "closed",
        });
        json.WriteString("gateway", result.Status.Gateway.ToString());
        json.WriteNumber("pending", result.Status.Waiting);
        json.WriteNumber("clockOffSeconds", (long)result.Status.ClockOff.TotalSeconds);
        json.WriteString("text", result.Text);
    });

    private static string Format(IMessage message)
    {
        try
        {
            return Formatter.Format(message);
        }
        catch (InvalidOperationException) when (message is Problem problem)
        {
            // A detail of a type that this agent does not know: the code and the message still say what is the matter.
            var known = problem.Clone();
            known.Status.Details.Clear();
            return Formatter.Format(known);
        }
    }

    private static string Line(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Readable))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
