using System.Text.Json;

namespace EligibilityGateway.ReaderAgent.Simulate;

/// <summary>Reads a command: a line of JSON from a program, or words from a person.</summary>
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

    /// <summary>Words parted by spaces; null where they make no command.</summary>
    public static DeskCommand? FromWords(string line, string id)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return words switch
        {
            ["tap", var card, var proof, .. var rest] => Tap(id, card, proof, rest),
            ["type", var document, var insurer, var symbol, var number, var branch, var birthDate] =>
                new TypeCommand(id, document, Given(insurer), Given(symbol), Given(number), Given(branch), birthDate),
            ["resend", var of] => new ResendCommand(id, of),
            ["charge", var of, var cost, var charged] when uint.TryParse(cost, out var total) && uint.TryParse(charged, out var paid) => new ChargeCommand(id, of, total, paid),
            ["take-back", var of] => new TakeBackCommand(id, of),
            ["status"] => new StatusCommand(id),
            _ => null,
        };
    }

    private static TapCommand? Tap(string id, string card, string proof, ReadOnlySpan<string> rest)
    {
        string? purpose = null;
        IReadOnlyList<ConsentWords>? consents = null;
        EmergencyWords? emergency = null;
        foreach (var word in rest)
        {
            switch (word)
            {
                case "given":
                    consents = [new ConsentWords("emergency-summary", true)];
                    break;
                case "month":
                    consents = [new ConsentWords("month-elsewhere", true)];
                    break;
                case "cannot-consent":
                    emergency = new EmergencyWords(CannotConsent: true);
                    break;
                case var _ when purpose is null && CommandWords.Purposes.ContainsKey(word):
                    purpose = word;
                    break;
                default:
                    return null;
            }
        }
        return proof is "face" or "sight"
            ? new TapCommand(id, card, proof, null, purpose, null, consents, emergency)
            : new TapCommand(id, card, "pin", proof, purpose, null, consents, emergency);
    }

    private static string Given(string word) => word == "-" ? "" : word;
}
