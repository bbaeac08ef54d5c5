using System.CommandLine;
using EligibilityGateway.Common.CommandLines;
using EligibilityGateway.LoadTests.Plan;

namespace EligibilityGateway.LoadTests;

/// <summary>The options that a floor run and a gateway run must share for their figures to be compared.</summary>
public sealed class LoadOptions
{
    /// <summary>A machine has no more ports to connect from.</summary>
    public const int MostTerminals = 60_000;

    private readonly Option<double> _rate = Rate("--rate");
    private readonly Option<double> _seconds = Seconds(60);
    private readonly Option<double> _warmUp = OptionValues.PositiveNumber("--warm-up", "Seconds of load before the measured part.", 10);
    private readonly Option<int> _terminals = Terminals();
    private readonly Option<int> _window = Window();
    private readonly Option<int> _seed = Seed();
    private readonly Option<FileInfo?> _json = Json();

    /// <summary>Taps per second, on average.</summary>
    public static Option<double> Rate(string name) => OptionValues.PositiveNumber(name, "Taps per second, on average.", 1000);

    public static Option<double> Seconds(double usual) => OptionValues.PositiveNumber("--seconds", "Length of the measured part.", usual);

    public static Option<int> Terminals() => OptionValues.WholeNumber("--terminals", "Terminals, each with a connection of its own.", 500, 1, MostTerminals);

    public static Option<int> Window() => OptionValues.WholeNumber("--window", "Unanswered taps on one stream at most.", 4, 1, 1_000);

    public static Option<int> Seed() => OptionValues.WholeNumber("--seed", "Of arrivals and people.", 1, int.MinValue, int.MaxValue);

    public static Option<FileInfo?> Json() => new("--json") { Description = "Where to write the figures; without it, to standard output." };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_rate, _seconds, _warmUp, _terminals, _window, _seed, _json]) command.Add(option);
    }

    public PlanShape Shape(ParseResult parsed) => new(
        parsed.GetValue(_rate),
        TimeSpan.FromSeconds(parsed.GetValue(_warmUp)),
        TimeSpan.FromSeconds(parsed.GetValue(_seconds)),
        parsed.GetValue(_terminals),
        TapMix.Realistic,
        parsed.GetValue(_seed));

    public int Window(ParseResult parsed) => parsed.GetValue(_window);

    public string? Json(ParseResult parsed) => parsed.GetValue(_json)?.FullName;
}
