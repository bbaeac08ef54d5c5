using System.CommandLine;
using System.Diagnostics;
using EligibilityGateway.LoadTests;
using EligibilityGateway.LoadTests.Drive;
using EligibilityGateway.LoadTests.Figures;
using EligibilityGateway.LoadTests.Plan;
using EligibilityGateway.LoadTests.Terminals;

namespace EligibilityGateway.Benchmarks.Floor;

/// <summary>The floor of a tap, at the rate, connections and window that the gateway is measured at.</summary>
internal static class FloorCommand
{
    public const string Name = "floor";

    private static readonly TimeSpan OpenDeadline = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan PartLength = TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        var options = new LoadOptions();
        var command = new Command(Name, "Measures what a tap costs at least: null echo, RSA verification, Redis GET, in CPU microseconds.");
        options.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var figures = await MeasureAsync(options.Shape(parsed), options.Window(parsed), cancellation);
            FigureFile.Write(Name, figures, options.Json(parsed));
            return 0;
        });
        return command;
    }

    public static async Task<FloorFigures> MeasureAsync(PlanShape shape, int window, CancellationToken cancellation)
    {
        var (echo, generator, tally) = await MeasureEchoAsync(shape, window, cancellation);
        return new FloorFigures
        {
            Rate = shape.Rate,
            Seconds = shape.Measured.TotalSeconds,
            Terminals = shape.Terminals,
            Window = window,
            EchoMicroseconds = echo,
            GeneratorMicroseconds = generator,
            VerificationMicroseconds = VerificationCost.Measure(PartLength),
            RedisGetMicroseconds = await RedisGetCost.MeasureAsync(PartLength, cancellation),
            VerificationShare = shape.Mix.ByCard,
            RedisGetShare = 1 - shape.Mix.SecondTaps,
            Echo = tally,
        };
    }

    private static async Task<(double EchoMicroseconds, double GeneratorMicroseconds, RunTally Tally)> MeasureEchoAsync(PlanShape shape, int window, CancellationToken cancellation)
    {
        var requests = FillerTaps.Of(TapPlan.Make(shape));
        await using var server = await EchoProcess.StartAsync(cancellation);
        await using var fleet = await TerminalFleet.OpenAsync(
            server.Address, server.IssueTerminals(TerminalNames.Of(shape)), window, OpenDeadline, cancellation);

        var (echoBefore, generatorBefore) = (TimeSpan.Zero, TimeSpan.Zero);
        var ledger = await new OpenLoop(fleet.Streams).RunAsync(
            requests,
            Stopwatch.GetTimestamp(),
            () => (echoBefore, generatorBefore) = (server.Usage.Cpu, Environment.CpuUsage.TotalTime),
            cancellation);
        var (echo, generator) = (server.Usage.Cpu - echoBefore, Environment.CpuUsage.TotalTime - generatorBefore);
        var tally = RunTally.Of(ledger);
        if (tally.Errors > 0) throw new MeasurementException($"{tally.Errors} of {tally.Sent} echoes did not come back: this machine can't carry {shape.Rate} a second.");
        return (echo.TotalMicroseconds / tally.Answered, generator.TotalMicroseconds / tally.Answered, tally);
    }
}
