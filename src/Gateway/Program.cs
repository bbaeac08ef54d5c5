using System.CommandLine;
using EligibilityGateway.Gateway;
using EligibilityGateway.Gateway.Access.Journal;
using EligibilityGateway.Gateway.Decide;
using EligibilityGateway.Gateway.Demo;
using EligibilityGateway.Gateway.Operation;
using EligibilityGateway.Gateway.Storage;

var root = new RootCommand("The eligibility gateway: answers when a My Number Card is tapped at a hospital, a pharmacy or an ambulance.")
{
    ServeCommand.Create(),
    MigrateCommand.Create(),
    TerminalCommand.Create(),
    CardCommand.Create(),
    ImportCommand.Create(),
    InsurerCommand.Create(),
    ExpensesCommand.Create(),
    HistoryCommand.Create(),
    KeysCommand.Create(),
    DecideCommand.Create(),
    DemoCommand.Create(),
};
try
{
    return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = 2 * GatewayHost.ShutdownWithin });
}
catch (Exception e) when (e is SettingsException or StorageException or JournalUnavailableException)
{
    Console.Error.WriteLine($"gateway: {e.Message.ReplaceLineEndings(" ")}");
    return 1;
}
