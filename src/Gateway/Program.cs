using System.CommandLine;
using EligibilityGateway.CommandLines;
using EligibilityGateway.Gateway;
using EligibilityGateway.Gateway.Access.Journal;
using EligibilityGateway.Gateway.Decide;
using EligibilityGateway.Gateway.Demo;
using EligibilityGateway.Gateway.Operation;
using EligibilityGateway.Gateway.Storage;

// As a shell says that a program ended by Ctrl-C.
const int Interrupted = 130;

var root = new RootCommand("The eligibility gateway: answers when a My Number Card is tapped at a hospital, a pharmacy or an ambulance.")
{
    ServeCommand.Create(),
    CheckCommand.Create(),
    MigrateCommand.Create(),
    TerminalCommand.Create(),
    CardCommand.Create(),
    ImportCommand.Create(),
    InsurerCommand.Create(),
    ExpensesCommand.Create(),
    HistoryCommand.Create(),
    AccessesCommand.Create(),
    KeysCommand.Create(),
    DecideCommand.Create(),
    DemoCommand.Create(),
};
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
