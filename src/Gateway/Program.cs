using System.CommandLine;
using EligibilityGateway.Common;
using EligibilityGateway.Common.CommandLines;
using EligibilityGateway.Gateway.Access.Journal;
using EligibilityGateway.Gateway.Hosting;
using EligibilityGateway.Gateway.Operator;
using EligibilityGateway.Gateway.Storage;

// As a shell says that a program ended by Ctrl-C.
const int Interrupted = 130;

var root = GatewayCommands.Create();
TypedConnection.AllowByHand(root);
try
{
    var parsed = root.Parse(args);
    if (CommandFault.In(parsed) is { } fault) throw new SettingsException(fault);
    TypedConnection.RefuseUnsafe(parsed);
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = 2 * GatewayHost.ShutdownWithin });
}
catch (Exception e) when (e is SettingsException or StorageException or JournalUnavailableException)
{
    Console.Error.WriteLine($"gateway: {e.Message.ReplaceLineEndings(" ")}");
    return 1;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("gateway: stopped before it was done.");
    return Interrupted;
}
