using System.Text.Json;
using System.Text.Json.Serialization;
using EligibilityGateway.Contracts;

namespace EligibilityGateway.Demo.Scenario;

/// <summary>The demonstration's script: insurers, terminals, persons with their facts and cards, steps and expected answers.</summary>
public sealed record ScenarioFile(
    DateTimeOffset Clock,
    IReadOnlyList<ScenarioInsurer> Insurers,
    IReadOnlyList<ScenarioTerminal> Terminals,
    IReadOnlyList<ScenarioPerson> Persons,
    IReadOnlyList<ScenarioStep> Steps)
{
    private const string CardOfficeInJapanese = "市区町村の窓口";

    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
    };

    public IReadOnlyList<ScenarioApplication> Applications { get; init; } = [];

    /// <summary>The script that comes with the program.</summary>
    public static ScenarioFile Embedded()
    {
        var type = typeof(ScenarioFile);
        using var stream = type.Assembly.GetManifestResourceStream($"{type.Namespace}.scenario.json")
            ?? throw new InvalidOperationException("scenario.json is not in the assembly.");
        using var reader = new StreamReader(stream);
        return Parse(reader.ReadToEnd());
    }

    /// <summary>A step's headline in Japanese or English: what it shows, and where, in brackets.</summary>
    public (string Title, string At) HeadlineOf(ScenarioStep step, bool inJapanese) => inJapanese
        ? (step.TitleJa, $"（{Terminals.FirstOrDefault(terminal => terminal.Name == step.At)?.NameJa ?? CardOfficeInJapanese}）")
        : (step.Title, $" ({step.At})");

    /// <exception cref="ScenarioException">Says where the text is wrong, and how.</exception>
    public static ScenarioFile Parse(string text)
    {
        ScenarioFile scenario;
        try
        {
            scenario = JsonSerializer.Deserialize<ScenarioFile>(text, Strict) ?? throw new ScenarioException("The scenario is empty.");
        }
        catch (JsonException e)
        {
            throw new ScenarioException($"The scenario, line {e.LineNumber + 1}, at {e.Path}: {e.Message}");
        }
        scenario.Check();
        return scenario;
    }

    private void Check()
    {
        Unique("insurer", Insurers.Select(insurer => insurer.Number));
        Unique("terminal", Terminals.Select(terminal => terminal.Name));
        Unique("person", Persons.Select(person => person.Key));
        Unique("card", Persons.SelectMany(person => person.Cards).Select(card => card.Name));
        Unique("step", Steps.Select(step => step.Title));
        foreach (var insurer in Insurers)
            if (!InsurerNumber.TryParse(insurer.Number, out var number) || !number.CheckDigitFits) throw Wrong("insurer", insurer.Number, "its number's check digit is wrong");
        foreach (var terminal in Terminals)
            if (!TerminalIdentity.TryParse(terminal.Identity, out _)) throw Wrong("terminal", terminal.Name, "its identity is none");
        var insurers = Insurers.Select(insurer => insurer.Number).ToHashSet();
        foreach (var person in Persons)
        {
            if (person.Coverages.FirstOrDefault(coverage => !insurers.Contains(coverage.Insurer)) is { } coverage)
                throw Wrong("person", person.Key, $"the insurer {coverage.Insurer} is not among the insurers");
            if (person.Coverages.Count == 0) throw Wrong("person", person.Key, "it has no coverage");
        }
        foreach (var application in Applications)
            if (!CardApplicationId.TryParse(application.Id, out _)) throw Wrong("application", application.Id, "its id has not 23 digits");
        var cards = Persons.SelectMany(person => person.Cards).Select(card => card.Name).ToHashSet();
        var earlier = new HashSet<string>();
        foreach (var step in Steps)
        {
            if (new[] { step.Command is not null, step.ReportLost is not null, step.SendAgain is not null }.Count(given => given) != 1)
                throw Wrong("step", step.Title, "it must have one of command, reportLost and sendAgain");
            if (step.Of is { } of && !earlier.Contains(of)) throw Wrong("step", step.Title, $"there is no earlier step \"{of}\"");
            if (step.ReportLost is { } lost && !cards.Contains(lost)) throw Wrong("step", step.Title, $"there is no card {lost}");
            if (step.SendAgain is { } again && !earlier.Contains(again)) throw Wrong("step", step.Title, $"there is no earlier step \"{again}\"");
            if (step.ReportLost is null && Terminals.All(terminal => terminal.Name != step.At)) throw Wrong("step", step.Title, $"there is no terminal {step.At}");
            if (step.ReportLost is null && step.Expect is null) throw Wrong("step", step.Title, "it says nothing of the answer");
            if (step.Command is { } command && command.TryGetProperty("card", out var card) && !cards.Contains(card.GetString() ?? ""))
                throw Wrong("step", step.Title, $"there is no card {card}");
            earlier.Add(step.Title);
        }
    }

    private static void Unique(string what, IEnumerable<string> names)
    {
        var seen = new HashSet<string>();
        foreach (var name in names)
            if (!seen.Add(name)) throw Wrong(what, name, "it is there twice");
    }

    private static ScenarioException Wrong(string what, string name, string how) => new($"The scenario, {what} \"{name}\": {how}.");
}
