using System.Text.Json;

namespace EligibilityGateway.ReaderAgent.Simulate;

/// <summary>Reads a command that a program sends as a line of JSON.</summary>
internal static class CommandReader
{
    /// <summary>Null where the line is no command; then the fault says where it goes wrong, and never repeats what was in it.</summary>
    public static DeskCommand? FromJson(string line, out string? id, out string fault)
    {
        id = null;
        fault = "";
        try
        {
            // The id is read on its own, so that a wrong command too can be answered under its id.
            using (var document = JsonDocument.Parse(line))
                if (document.RootElement.ValueKind is JsonValueKind.Object && document.RootElement.TryGetProperty("id", out var member) && member.ValueKind is JsonValueKind.String)
                    id = member.GetString();
            if (JsonSerializer.Deserialize(line, CommandJson.Default.DeskCommand) is { } command) return command;
            fault = "null";
        }
        catch (JsonException e)
        {
            fault = $"JSON at {e.Path ?? "$"}, position {e.BytePositionInLine}";
        }
        catch (NotSupportedException)
        {
            fault = "\"do\" is tap, type, resend, charge, take-back or status";
        }
        return null;
    }
}
