using System.CommandLine;
using EligibilityGateway.Benchmarks.Floor;
using EligibilityGateway.LoadTests;
using EligibilityGateway.LoadTests.Figures;
using EligibilityGateway.LoadTests.PeakHour;
using EligibilityGateway.LoadTests.Stand;

namespace EligibilityGateway.Benchmarks.Report;

/// <summary>Floor and gateway in one go, at the same rate, connections and window.</summary>
internal static class RatioCommand
{
    public static Command Create()
    {
        var options = new LoadOptions();
        var people = StandOptions.People();
        var folder = StandOptions.Folder();
        var results = Results.Option();
        var command = new Command("ratio", "Measures the floor and then the gateway, and tells how many floors an answer costs.") { people, folder, results };
        options.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var shape = options.Shape(parsed);
            var window = options.Window(parsed);
            var to = parsed.GetRequiredValue(results);
            var floor = await FloorCommand.MeasureAsync(shape, window, cancellation);
            FigureFile.Write(FloorCommand.Name, floor, Results.FileOf(to, FloorCommand.Name));
            var gateway = await PeakHourCommand.MeasureAsync(shape, window, parsed.GetValue(people), parsed.GetRequiredValue(folder), cancellation);
            FigureFile.Write(PeakHourCommand.Name, gateway, Results.FileOf(to, PeakHourCommand.Name));
            Console.WriteLine(
                $"floor {floor.FloorMicroseconds:F0} us, gateway {gateway.GatewayCpuMicrosecondsPerAnswer:F0} us an answer: {gateway.GatewayCpuMicrosecondsPerAnswer / floor.FloorMicroseconds:F2} x");
            if (gateway.WorthNothing(shape.Mix) is not { } why) return 0;
            await Console.Error.WriteLineAsync(why);
            return 1;
        });
        return command;
    }
}
