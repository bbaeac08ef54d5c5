using System.CommandLine;
using EligibilityGateway.LoadTests;
using EligibilityGateway.LoadTests.ColdPeaks;
using EligibilityGateway.LoadTests.FreshGateways;
using EligibilityGateway.LoadTests.Guesses;
using EligibilityGateway.LoadTests.Idle;
using EligibilityGateway.LoadTests.Overload;
using EligibilityGateway.LoadTests.PeakHour;

var root = new RootCommand("Puts a real gateway under load, open loop, over real gRPC and mutual TLS.")
{
    PeakHourCommand.Create(),
    ColdPeaksCommand.Create(),
    OverloadCommand.Create(),
    IdleCommand.Create(),
    GuessesCommand.Create(),
    BurnCommand.Create(),
};
return await Commands.RunAsync(root, args);
