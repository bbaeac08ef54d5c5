using System.CommandLine;
using EligibilityGateway.ReaderAgent.Simulate;

var root = new RootCommand("The program at the terminal: reads cards, asks the gateway, shows the answer.") { SimulateCommand.Create() };
return await root.Parse(args).InvokeAsync();
