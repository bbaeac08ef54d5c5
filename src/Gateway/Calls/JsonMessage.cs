using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using EligibilityGateway.Contracts;
using Google.Protobuf.Reflection;
using Google.Rpc;

namespace EligibilityGateway.Gateway.Calls;

/// <summary>
/// Reads a message in proto3's JSON, and writes it anew in the one form that the library's transcoder takes; or says field by field what
/// is wrong. The transcoder alone would pass over a name that it does not know, refuse a null or a number that proto3 allows, and name
/// no field. Nothing is repeated but names.
/// </summary>
internal sealed class JsonMessage(Utf8JsonWriter json)
{
    // A client that has one name wrong has it wrong in each of 10,000 rows.
    private const int MostViolations = 20;

    private static readonly JsonWriterOptions AsItIs = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What is wrong; none where the message was read.</summary>
    public BadRequest Violations { get; } = new();

    /// <summary>What the caller calls the fields.</summary>
    public JsonNames Names { get; } = new();

    /// <param name="message">In any form that proto3 allows.</param>
    /// <param name="descriptor">What it must be.</param>
    /// <param name="written">The message in the form that is transcoded; of no use where something is wrong.</param>
    /// <exception cref="InvalidOperationException">A text in it is none: half of a surrogate pair, or no UTF-8.</exception>
    public static JsonMessage Read(JsonElement message, MessageDescriptor descriptor, out ReadOnlyMemory<byte> written)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(bytes, AsItIs);
        var read = new JsonMessage(json);
        read.Message(message, descriptor, "");
        json.Flush();
        written = bytes.WrittenMemory;
        return read;
    }

    /// <summary>By either of its names in JSON.</summary>
    public static FieldDescriptor? FieldOf(MessageDescriptor message, string name) =>
        message.Fields.InDeclarationOrder().FirstOrDefault(field => field.JsonName == name || field.Name == name);

    /// <summary>What is said of a field that the message does not have.</summary>
    public static BadRequest.Types.FieldViolation UnknownField(string path, string name) =>
        new() { Field = Join(path, Proto3Json.NameShown(name)), Description = "There is no such field: the .proto files have all of them." };

    private void Message(JsonElement message, MessageDescriptor descriptor, string path)
    {
        if (message.ValueKind != JsonValueKind.Object)
        {
            Fault(path, "Must be an object.");
            json.WriteNullValue();
            return;
        }
        // Fields, and the choices of which one was made.
        var seen = new HashSet<object>();
        json.WriteStartObject();
        foreach (var property in message.EnumerateObject())
        {
            if (FieldOf(descriptor, property.Name) is not { } field)
            {
                Fault(UnknownField(path, property.Name));
                continue;
            }
            var at = Join(path, property.Name);
            Names.Saw(field, property.Name);
            if (!seen.Add(field))
            {
                Fault(at, "Is there twice: send it once.");
                continue;
            }
            // The field left out.
            if (property.Value.ValueKind == JsonValueKind.Null) continue;
            if (field.ContainingOneof is { } choice && !seen.Add(choice)) Fault(at, "Only one may be there of " + string.Join(", ", choice.Fields.Select(one => one.JsonName)) + ".");
            else Field(field, property.Value, at);
        }
        json.WriteEndObject();
    }

    private void Field(FieldDescriptor field, JsonElement value, string path)
    {
        json.WritePropertyName(field.JsonName);
        if (!field.IsRepeated || field.IsMap)
        {
            Value(field, value, path);
            return;
        }
        json.WriteStartArray();
        if (value.ValueKind != JsonValueKind.Array) Fault(path, "Must be a list.");
        else
        {
            var place = 0;
            foreach (var entry in value.EnumerateArray()) Value(field, entry, string.Create(CultureInfo.InvariantCulture, $"{path}[{place++}]"));
        }
        json.WriteEndArray();
    }

    private void Value(FieldDescriptor field, JsonElement value, string path)
    {
        switch (field.FieldType)
        {
            case FieldType.Message when !field.IsMap && field.MessageType.File.Package != "google.protobuf":
                Message(value, field.MessageType, path);
                break;
            case FieldType.String when value.ValueKind == JsonValueKind.String:
                json.WriteStringValue(value.GetString());
                break;
            case FieldType.String:
                Refuse(path, "Must be a text, in quotes.");
                break;
            case FieldType.Bool when value.ValueKind is JsonValueKind.True or JsonValueKind.False:
                json.WriteBooleanValue(value.GetBoolean());
                break;
            case FieldType.Bool:
                Refuse(path, "Must be true or false.");
                break;
            case FieldType.Bytes:
                Bytes(value, path);
                break;
            case FieldType.Enum:
                Enumerated(field.EnumType, value, path);
                break;
            case FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32:
                Number(value, path, int.MinValue, int.MaxValue);
                break;
            case FieldType.UInt32 or FieldType.Fixed32:
                Number(value, path, uint.MinValue, uint.MaxValue);
                break;
            case FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64:
                Number(value, path, long.MinValue, long.MaxValue);
                break;
            case FieldType.UInt64 or FieldType.Fixed64:
                Number(value, path, ulong.MinValue, ulong.MaxValue);
                break;
            // Of no message of ours yet: as the transcoder reads it.
            default:
                value.WriteTo(json);
                break;
        }
    }

    private void Number(JsonElement value, string path, Int128 least, Int128 most)
    {
        var written = value.ValueKind switch { JsonValueKind.Number => value.GetRawText(), JsonValueKind.String => value.GetString()!, _ => "" };
        if (Proto3Json.TryWholeNumber(written, out var number) && number >= least && number <= most) json.WriteRawValue(number.ToString(CultureInfo.InvariantCulture));
        else Refuse(path, string.Create(CultureInfo.InvariantCulture, $"Must be a whole number from {least} to {most}."));
    }

    private void Enumerated(EnumDescriptor type, JsonElement value, string path)
    {
        if (value.ValueKind == JsonValueKind.String && type.FindValueByName(value.GetString()!) is { } known) json.WriteStringValue(known.Name);
        else if (value.ValueKind == JsonValueKind.Number) Number(value, path, int.MinValue, int.MaxValue);
        else Refuse(path, "Must be one of " + string.Join(", ", type.Values.Where(one => one.Number != 0).Select(one => one.Name)) + ".");
    }

    // Standard or for addresses, with padding or without.
    private void Bytes(JsonElement value, string path)
    {
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()!.Replace('-', '+').Replace('_', '/').TrimEnd('=') : "%";
        var bytes = new byte[text.Length];
        if (Convert.TryFromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='), bytes, out var length)) json.WriteBase64StringValue(bytes.AsSpan(0, length));
        else Refuse(path, "Must be bytes in Base64.");
    }

    /// <summary>With a value in its place, so that what is written stays JSON.</summary>
    private void Refuse(string path, string description)
    {
        json.WriteNullValue();
        Fault(path, description);
    }

    private void Fault(string path, string description) => Fault(new BadRequest.Types.FieldViolation { Field = path, Description = description });

    private void Fault(BadRequest.Types.FieldViolation violation)
    {
        if (Violations.FieldViolations.Count < MostViolations) Violations.FieldViolations.Add(violation);
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
