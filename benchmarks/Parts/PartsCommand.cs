using System.CommandLine;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using EligibilityGateway.Benchmarks.Report;
using EligibilityGateway.LoadTests;
using EligibilityGateway.LoadTests.Figures;

namespace EligibilityGateway.Benchmarks.Parts;

/// <summary>Runs the BenchmarkDotNet benchmarks of the hot path's pieces.</summary>
internal static class PartsCommand
{
    public const string Name = "parts";

    private const double NanosecondsPerMicrosecond = 1000;

    public static Command Create()
    {
        var results = Results.Option();
        var command = new Command(Name, "Measures the pieces of a tap's way: verify, decode, decide, canonical bytes, record.") { results };
        command.SetAction(parsed =>
        {
            // In this process: a generated project would be built under this repository's rules, which are not made for it.
            var config = DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
            PartFigure[] parts =
            [
                .. new[] { typeof(PartsBenchmark), typeof(CanonicalBenchmark), typeof(RecordBenchmark) }
                    .Select(type => BenchmarkRunner.Run(type, config)).SelectMany(summary => summary.Reports).Select(FigureOf),
            ];
            FigureFile.Write(Name, new PartsFigures(parts), Results.FileOf(parsed.GetRequiredValue(results), Name));
        });
        return command;
    }

    private static PartFigure FigureOf(BenchmarkReport report)
    {
        var name = report.BenchmarkCase.Descriptor.WorkloadMethod.Name;
        if (report.BenchmarkCase.HasParameters) name += $" ({report.BenchmarkCase.Parameters.DisplayInfo.Trim('[', ']')})";
        return report.ResultStatistics is { } statistics
            ? new PartFigure(
                name,
                statistics.Mean / NanosecondsPerMicrosecond,
                statistics.ConfidenceInterval.Margin / NanosecondsPerMicrosecond,
                report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? 0)
            : throw new MeasurementException($"{name} could not be measured: see what BenchmarkDotNet printed above.");
    }
}
