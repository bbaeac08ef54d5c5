using System.CommandLine;
using EligibilityGateway.LoadTests.Plan;

namespace EligibilityGateway.LoadTests;

/// <summary>The options that a floor run and a gateway run must share for their figures to be compared.</summary>
public sealed class LoadOptions
{
    private readonly Option<double> _rate = Rate("--rate");
    private readonly Option<double> _seconds = Seconds(60);
    private readonly Option<double> _warmUp = new("--warm-up") { Description = "Seconds of load before the measured part.", DefaultValueFactory = _ => 10 };
    private readonly Option<int> _terminals = Terminals();
    private readonly Option<int> _window = Window();
    private readonly Option<int> _seed = Seed();
    private readonly Option<FileInfo?> _json = Json();

    public LoadOptions() => AboveZero(_warmUp);

    /// <summary>Taps per second, on average.</summary>
    public static Option<double> Rate(string name) =>
        AboveZero(new Option<double>(name) { Description = "Taps per second, on average.", DefaultValueFactory = _ => 1000 });

    public static Option<double> Seconds(double usual) =>
        AboveZero(new Option<double>("--seconds") { Description = "Length of the measured part.", DefaultValueFactory = _ => usual });

    public static Option<int> Terminals() =>
        AboveZero(new Option<int>("--terminals") { Description = "Terminals, each with a connection of its own.", DefaultValueFactory = _ => 500 });

    public static Option<int> Window() =>
        AboveZero(new Option<int>("--window") { Description = "Unanswered taps on one stream at most.", DefaultValueFactory = _ => 4 });

    public static Option<int> Seed() => new("--seed") { Description = "Of arrivals and people.", DefaultValueFactory = _ => 1 };

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

    /// <summary>Refuses what is not above zero.</summary>
    public static Option<T> AboveZero<T>(Option<T> option)
        where T : struct, IComparable<T>
    {
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<T>().CompareTo(default) <= 0) result.AddError($"{option.Name} must be above zero.");
        });
        return option;
    }
}
