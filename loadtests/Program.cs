using System.CommandLine;
using EligibilityGateway.LoadTests;
using EligibilityGateway.LoadTests.Idle;
using EligibilityGateway.LoadTests.PeakHour;

var root = new RootCommand("Puts a real gateway under load, open loop, over real gRPC and mutual TLS.")
{
    PeakHourCommand.Create(),
    IdleCommand.Create(),
};
return await Commands.RunAsync(root, args);
