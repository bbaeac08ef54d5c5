using System.CommandLine;
using EligibilityGateway.Common.CommandLines;
using EligibilityGateway.LoadTests.Figures;
using EligibilityGateway.LoadTests.FreshGateways;
using EligibilityGateway.LoadTests.Plan;
using EligibilityGateway.LoadTests.Stand;

namespace EligibilityGateway.LoadTests.ColdPeaks;

/// <summary>
/// Starts gateways in the middle of the peak, by turns alone and beside a program that burns a core: the full rate comes from the first tap
/// on, nothing is warmed and nothing is left out.
/// </summary>
public static class ColdPeaksCommand
{
    public const string Name = "cold-peaks";

    public static Command Create()
    {
        var runs = OptionValues.WholeNumber("--runs", "Cold starts, every second one beside a program that burns one core.", 20, 1, 1_000);
        var rate = LoadOptions.Rate("--rate");
        var seconds = LoadOptions.Seconds(30);
        var terminals = LoadOptions.Terminals();
        var window = LoadOptions.Window();
        var seed = LoadOptions.Seed();
        var people = StandOptions.People();
        var folder = StandOptions.Folder();
        var json = LoadOptions.Json();
        var command = new Command(Name, "Starts gateways into the peak, one after another: the full rate of the realistic mix from the first tap on.")
        {
            runs, rate, seconds, terminals, window, seed, people, folder, json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var shape = new PlanShape(
                parsed.GetValue(rate), TimeSpan.Zero, TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(terminals), TapMix.Realistic, parsed.GetValue(seed));
            var figures = await MeasureAsync(
                shape, parsed.GetValue(runs), parsed.GetValue(window), parsed.GetValue(people), parsed.GetRequiredValue(folder), cancellation);
            Console.WriteLine(figures.Table());
            FigureFile.Write(Name, figures, parsed.GetValue(json)?.FullName);
            if (figures.Missed is not { } why) return 0;
            await Console.Error.WriteLineAsync(why);
            return 1;
        });
        return command;
    }

    public static async Task<ColdPeaksFigures> MeasureAsync(
        PlanShape shape, int runs, int window, long people, string folder, CancellationToken cancellation)
    {
        // The same taps each time, so that the runs differ in nothing but the burner and the day's luck.
        var plan = TapPlan.Make(shape);
        await using var gateways = await FreshGatewayRuns.OpenAsync(folder, people, shape.Terminals, window, cancellation);
        var done = new List<ColdPeakRun>();
        while (done.Count < runs)
        {
            Progress.Tell($"run {done.Count + 1} of {runs}");
            done.Add(ColdPeakRun.Of(await gateways.RunAsync(plan, besideBurner: done.Count % 2 == 1, cancellation)));
            Progress.Tell($"sent {done[^1].Run.Sent}, proved {done[^1].Run.Proved}, UNCONFIRMED {done[^1].Run.Unconfirmed}, busy {done[^1].Run.Busy}, errors {done[^1].Run.Errors}");
        }
        return new ColdPeaksFigures
        {
            Rate = shape.Rate,
            Seconds = shape.Measured.TotalSeconds,
            Terminals = shape.Terminals,
            Window = window,
            People = people,
            Runs = done,
        };
    }
}
