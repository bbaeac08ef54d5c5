using System.CommandLine;
using EligibilityGateway.CommandLines;
using EligibilityGateway.LoadTests.Plan;

namespace EligibilityGateway.LoadTests;

/// <summary>The options that a floor run and a gateway run must share for their figures to be compared.</summary>
public sealed class LoadOptions
{
    /// <summary>A machine has no more ports to connect from.</summary>
    public const int MostTerminals = 60_000;

    private readonly Option<double> _rate = OptionValues.PositiveNumber("--rate", "Taps per second, on average.", 1000);
    private readonly Option<double> _seconds = OptionValues.PositiveNumber("--seconds", "Length of the measured part.", 60);
    private readonly Option<double> _warmUp = OptionValues.PositiveNumber("--warm-up", "Seconds of load before the measured part.", 10);
    private readonly Option<int> _terminals = OptionValues.WholeNumber("--terminals", "Terminals, each with a connection of its own.", 500, 1, MostTerminals);
    private readonly Option<int> _window = OptionValues.WholeNumber("--window", "Unanswered taps on one stream at most.", 4, 1, 1_000);
    private readonly Option<int> _seed = OptionValues.WholeNumber("--seed", "Of arrivals and people.", 1, int.MinValue, int.MaxValue);
    private readonly Option<FileInfo?> _json = new("--json") { Description = "Where to write the figures; without it, to standard output." };

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
