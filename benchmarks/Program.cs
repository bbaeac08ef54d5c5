using System.CommandLine;
using EligibilityGateway.Benchmarks.Floor;
using EligibilityGateway.LoadTests;

var root = new RootCommand("Measures the gateway's parts and the floor that its figures are compared with.")
{
    FloorCommand.Create(),
    EchoServerCommand.Create(),
};
return await Commands.RunAsync(root, args);
