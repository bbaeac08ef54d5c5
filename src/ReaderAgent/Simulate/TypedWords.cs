using EligibilityGateway.Common.CommandLines;
using EligibilityGateway.ReaderAgent.Screen;

namespace EligibilityGateway.ReaderAgent.Simulate;

/// <summary>Reads what a person types at the terminal, words parted by spaces: a command, or which of its words is wrong.</summary>
internal sealed class TypedWords(Words words)
{
    private const string Given = "given", Month = "month", CannotConsent = "cannot-consent";
    private const int LongestRepeated = 40;

    private static readonly string[] Commands = ["tap", "type", "resend", "charge", "take-back", "status", "cards", "help", "quit"];

    // A Japanese keyboard has a wide one.
    private static readonly char[] Spaces = [' ', '\u3000'];

    /// <summary>How each command is typed, a line each.</summary>
    public string Help => string.Join('\n', Commands.Select(UsageOf));

    /// <summary>Null where the line is no command; then the fault says what is wrong with it.</summary>
    public DeskCommand? Read(string line, string id, out string fault)
    {
        var (command, wrong) = Read(line.Split(Spaces, StringSplitOptions.RemoveEmptyEntries), id);
        fault = wrong;
        return command;
    }

    private (DeskCommand? Command, string Fault) Read(string[] typed, string id) => typed switch
    {
        ["tap", var card, var proof, .. var rest] => Tap(id, card, proof, rest),
        ["type", var document, var insurer, var symbol, var number, var branch, var birthDate] => CommandWords.Documents.ContainsKey(document)
            ? (new TypeCommand(id, document, TextOf(insurer), TextOf(symbol), TextOf(number), TextOf(branch), birthDate), "")
            : Wrong(2, document, CommandWords.Documents.Keys),
        ["resend", var of] => (new ResendCommand(id, of), ""),
        ["charge", var of, var cost, var charged] =>
            !uint.TryParse(cost, out var total) ? Wrong(3, cost, [words["WholeYen"]])
            : !uint.TryParse(charged, out var paid) ? Wrong(4, charged, [words["WholeYen"]])
            : (new ChargeCommand(id, of, total, paid), ""),
        ["take-back", var of] => (new TakeBackCommand(id, of), ""),
        ["status"] => (new StatusCommand(id), ""),
        [var first, ..] when Commands.Contains(first) => (null, words.Format("TypedSo", UsageOf(first))),
        [var first, ..] => Wrong(1, first, Commands),
        [] => (null, Help),
    };

    private (DeskCommand? Command, string Fault) Tap(string id, string card, string proof, string[] rest)
    {
        var isPin = proof.All(char.IsAsciiDigit);
        if (!isPin && proof is not ("face" or "sight")) return Wrong(3, proof, [words["Pin"], "face", "sight"]);
        string? purpose = null;
        IReadOnlyList<ConsentWords>? consents = null;
        EmergencyWords? emergency = null;
        for (var i = 0; i < rest.Length; i++)
        {
            switch (rest[i])
            {
                case Given:
                    consents = [new ConsentWords("emergency-summary", true)];
                    break;
                case Month:
                    consents = [new ConsentWords("month-elsewhere", true)];
                    break;
                case CannotConsent:
                    emergency = new EmergencyWords(CannotConsent: true);
                    break;
                case var word when purpose is null && CommandWords.Purposes.ContainsKey(word):
                    purpose = word;
                    break;
                default:
                    string[] others = [Given, Month, CannotConsent];
                    return Wrong(4 + i, rest[i], purpose is null ? [.. CommandWords.Purposes.Keys.Order(StringComparer.Ordinal), .. others] : others);
            }
        }
        return (isPin ? new TapCommand(id, card, "pin", proof, purpose, null, consents, emergency) : new TapCommand(id, card, proof, null, purpose, null, consents, emergency), "");
    }

    /// <summary>Names the word, but one that has digits: those could be a My Number.</summary>
    private (DeskCommand? Command, string Fault) Wrong(int place, string word, IEnumerable<string> known)
    {
        var repeated = word.Length <= LongestRepeated && !word.Any(char.IsDigit) ? words.Format("WrongWord", place, word, string.Join(", ", known)) : words.Format("WrongWordUnnamed", place, string.Join(", ", known));
        return (null, NearestName.Of(word, known) is { } meant ? $"{repeated} {words.Format("DidYouMean", meant)}" : repeated);
    }

    private string UsageOf(string command) => command switch
    {
        "tap" => words.Format("Usage_tap", string.Join('|', CommandWords.Purposes.Keys.Order(StringComparer.Ordinal))),
        "type" => words.Format("Usage_type", string.Join('|', CommandWords.Documents.Keys.Order(StringComparer.Ordinal))),
        _ => words[$"Usage_{command}"],
    };

    private static string TextOf(string word) => word == "-" ? "" : word;
}
