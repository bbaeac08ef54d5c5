using System.Text.Json;

namespace EligibilityGateway.Gateway.Decide;

/// <summary>Decides on lines, one answer each. A line that can't be read is answered with its fault; the next is read all the same.</summary>
internal static class LineDecider
{
    public static void Decide(ReadOnlySpan<byte> line, long number, DecisionWriter writer)
    {
        JsonElement id = default;
        try
        {
            var request = JsonSerializer.Deserialize(line, DecideJson.Default.DecideRequest) ?? throw new LineException("", "A line is one JSON object.");
            id = Readable(request.Id);
            var household = HouseholdReader.Read(request);
            writer.Write(id, household, HouseholdRules.Decide(household));
        }
        catch (LineException e)
        {
            writer.WriteError(id, number, e.Field, e.Message);
        }
        catch (JsonException e)
        {
            var path = e.Path is ['$', '.', .. var field] ? field : "";
            writer.WriteError(IdOf(line), number, path, path.Length > 0
                ? "It is not of the kind that docs/decide.md says: a date is yyyy-MM-dd and exists, yen are whole numbers."
                : $"Not a JSON object at byte {e.BytePositionInLine + 1} of the line.");
        }
    }

    /// <summary>Of a line whose other fields are at fault.</summary>
    private static JsonElement IdOf(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            using var document = JsonDocument.ParseValue(ref reader);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("id", out var id) ? Readable(id.Clone()) : default;
        }
        catch (JsonException)
        {
            return default;
        }
    }

    private static JsonElement Readable(JsonElement id) => id.ValueKind is JsonValueKind.String or JsonValueKind.Number ? id : default;
}
