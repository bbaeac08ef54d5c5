using System.CommandLine;
using EligibilityGateway.Benchmarks.Bulk;
using EligibilityGateway.Benchmarks.Floor;
using EligibilityGateway.Benchmarks.Idle;
using EligibilityGateway.Benchmarks.Load;
using EligibilityGateway.Benchmarks.Parts;
using EligibilityGateway.Benchmarks.Report;
using EligibilityGateway.LoadTests;

var root = new RootCommand("Measures the gateway's parts and the floor that its figures are compared with.")
{
    FloorCommand.Create(),
    PartsCommand.Create(),
    RatioCommand.Create(),
    IdleRatioCommand.Create(),
    LoadPeopleCommand.Create(),
    ImportFeedCommand.Create(),
    BulkCommand.Create(),
    ReportCommand.Create(),
    EchoServerCommand.Create(),
};
return await Commands.RunAsync(root, args);
