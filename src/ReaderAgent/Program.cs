using System.CommandLine;
using EligibilityGateway.Common.CommandLines;
using EligibilityGateway.ReaderAgent.Simulate;

var root = new RootCommand("The program at the terminal: reads cards, asks the gateway, shows the answer.") { SimulateCommand.Create() };
var parsed = root.Parse(args);
if (CommandFault.In(parsed) is not { } fault) return await parsed.InvokeAsync();
Console.Error.WriteLine($"reader-agent: {fault}");
return SimulateCommand.WrongSetup;
