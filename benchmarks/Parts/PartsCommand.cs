using System.CommandLine;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace EligibilityGateway.Benchmarks.Parts;

/// <summary>Runs the BenchmarkDotNet benchmarks of the hot path's pieces.</summary>
internal static class PartsCommand
{
    public static Command Create()
    {
        var command = new Command("parts", "Measures the pieces of a tap's way: verify, decode, decide.");
        // In this process: a generated project would be built under this repository's rules, which are not made for it.
        command.SetAction(_ => BenchmarkRunner.Run<PartsBenchmark>(
            DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))));
        return command;
    }
}
