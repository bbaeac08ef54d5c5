using System.CommandLine;
using EligibilityGateway.Common.CommandLines;
using EligibilityGateway.LoadTests.Figures;
using EligibilityGateway.LoadTests.FreshGateways;
using EligibilityGateway.LoadTests.Plan;
using EligibilityGateway.LoadTests.Stand;

namespace EligibilityGateway.LoadTests.Overload;

/// <summary>
/// How much a gateway carries, and how much of that is left when two and three times as much is offered. Real terminals have few taps
/// under way, and so has each of these; but all of the load must be offered at its time, or the generator would slow down just when it
/// is needed. 500 terminals with a window of 4 hold 2,000 taps: at 4,500 a second each may stay under way for 0.4 s before the windows
/// are full. How many could not be sent at their time is told, and too many of them are a goal missed. A window above 16 gains nothing:
/// the gateway lets one stream have no more under way.
/// </summary>
public static class OverloadCommand
{
    public const string Name = "overload";

    private static readonly int[] Multiples = [2, 3];

    public static Command Create()
    {
        var from = LoadOptions.Rate("--from");
        from.Description = "Where the search for the best rate begins, in taps a second.";
        var seconds = LoadOptions.Seconds(30);
        var warmUp = OptionValues.PositiveNumber(
            "--warm-up", "Seconds of the same load before the measured part. Without any, a fresh gateway's first moments are part of what it carries.", 0, orZero: true);
        var terminals = LoadOptions.Terminals();
        var window = LoadOptions.Window();
        var seed = LoadOptions.Seed();
        var people = StandOptions.People();
        var folder = StandOptions.Folder();
        var json = LoadOptions.Json();
        var command = new Command(Name, "Finds the best rate, then offers two and three times as much; a fresh gateway for each run.")
        {
            from, seconds, warmUp, terminals, window, seed, people, folder, json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var first = new PlanShape(
                parsed.GetValue(from), TimeSpan.FromSeconds(parsed.GetValue(warmUp)), TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(terminals), TapMix.Realistic, parsed.GetValue(seed));
            var figures = await MeasureAsync(first, parsed.GetValue(window), parsed.GetValue(people), parsed.GetRequiredValue(folder), cancellation);
            Console.WriteLine(figures.Table());
            FigureFile.Write(Name, figures, parsed.GetValue(json)?.FullName);
            if (figures.Missed is not { } why) return 0;
            await Console.Error.WriteLineAsync(why);
            return 1;
        });
        return command;
    }

    /// <summary>Measures.</summary>
    /// <param name="first">At the rate where the search begins.</param>
    /// <param name="window">Unanswered taps on one stream at most.</param>
    /// <param name="people">Size of the population.</param>
    /// <param name="folder">The stand's.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<OverloadFigures> MeasureAsync(PlanShape first, int window, long people, string folder, CancellationToken cancellation)
    {
        await using var gateways = await FreshGatewayRuns.OpenAsync(folder, people, first.Terminals, window, cancellation);
        var best = await new BestRateSearch<OverloadRun>(RunAsync, run => run.IsCarried).FindAsync(first.Rate);
        var multiples = new List<Multiple>();
        foreach (var times in Multiples) multiples.Add(new Multiple(times, await RunAsync(times * best.Rate)));
        return new OverloadFigures
        {
            Seconds = first.Measured.TotalSeconds,
            WarmUpSeconds = first.WarmUp.TotalSeconds,
            Terminals = first.Terminals,
            Window = window,
            People = people,
            Best = best,
            Multiples = multiples,
            BestAgain = await RunAsync(best.Rate),
        };

        async Task<OverloadRun> RunAsync(double rate)
        {
            var run = OverloadRun.Of(await gateways.RunAsync(TapPlan.Make(first with { Rate = rate }), besideBurner: false, cancellation), rate, first.Measured);
            Progress.Tell(
                $"offered {run.Offered:F0}/s, goodput {run.Goodput:F0}/s, UNCONFIRMED {run.Unconfirmed}, busy {run.Run.Busy}, errors {run.Run.Errors}, sent late {run.Run.SentLate}{(run.IsCarried ? ": carried" : "")}");
            return run;
        }
    }
}
