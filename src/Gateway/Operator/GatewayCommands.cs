using System.CommandLine;
using EligibilityGateway.Gateway.Operator.Decide;

namespace EligibilityGateway.Gateway.Operator;

/// <summary><c>gateway</c> and all that can follow it.</summary>
internal static class GatewayCommands
{
    public static RootCommand Create() => new("The eligibility gateway: answers when a My Number Card is tapped at a hospital, a pharmacy or an ambulance.")
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
    };
}
