using System.CommandLine;
using System.CommandLine.Parsing;
using EligibilityGateway.LoadTests.Plan;

namespace EligibilityGateway.LoadTests;

/// <summary>The options that a floor run and a gateway run must share for their figures to be compared.</summary>
public sealed class LoadOptions
{
    private readonly Option<double> _rate = new("--rate") { Description = "Taps per second, on average.", DefaultValueFactory = _ => 1000 };
    private readonly Option<double> _seconds = new("--seconds") { Description = "Length of the measured part.", DefaultValueFactory = _ => 60 };
    private readonly Option<double> _warmUp = new("--warm-up") { Description = "Seconds of load before the measured part.", DefaultValueFactory = _ => 10 };
    private readonly Option<int> _terminals = new("--terminals") { Description = "Terminals, each with a connection of its own.", DefaultValueFactory = _ => 500 };
    private readonly Option<int> _window = new("--window") { Description = "Unanswered taps on one stream at most.", DefaultValueFactory = _ => 4 };
    private readonly Option<int> _seed = new("--seed") { Description = "Of arrivals and people.", DefaultValueFactory = _ => 1 };
    private readonly Option<FileInfo?> _json = new("--json") { Description = "Where to write the figures; without it, to standard output." };

    public LoadOptions()
    {
        foreach (var positive in (Option<double>[])[_rate, _seconds, _warmUp]) positive.Validators.Add(RequirePositive<double>);
        foreach (var positive in (Option<int>[])[_terminals, _window]) positive.Validators.Add(RequirePositive<int>);
    }

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

    private static void RequirePositive<T>(OptionResult result)
        where T : struct, IComparable<T>
    {
        if (result.GetValueOrDefault<T>().CompareTo(default) <= 0) result.AddError($"{result.Option.Name} must be above zero.");
    }
}
