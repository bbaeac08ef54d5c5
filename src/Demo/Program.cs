using System.CommandLine;
using EligibilityGateway.Common.CommandLines;
using EligibilityGateway.Demo;
using EligibilityGateway.Gateway.Hosting;

var root = DemoCommand.Create();
var parsed = root.Parse(args);
if (CommandFault.In(parsed) is { } fault)
{
    Console.Error.WriteLine($"demo: {fault}");
    return 1;
}
return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = 2 * GatewayHost.ShutdownWithin });
