using System.CommandLine;
using EligibilityGateway.Common;
using EligibilityGateway.Common.CommandLines;
using EligibilityGateway.Gateway.Feeds.Expenses;
using EligibilityGateway.Gateway.Feeds.Insurers.Batches;

namespace EligibilityGateway.Gateway.Operator;

/// <summary><c>gateway import expenses FILE</c>: what medical care cost, from insurers; docs/expenses.md has the columns.</summary>
internal static class ImportExpensesCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "CSV in UTF-8 with a header, a row for each expense." };
        var insurer = new Option<string[]>("--insurer") { Description = "Whose expenses the file may hold: the number of an insurer that is known. May be repeated.", Required = true };
        var postgres = StoreConnection.InsurerFeed();
        var command = new Command("expenses", "Checks a file of medical expenses whole, and stores it. Exit code 0: stored; 1: rejected, nothing was changed.") { file, insurer, postgres };
        command.SetAction(async (arguments, cancellation) =>
        {
            var insurers = ImportCommand.Insurers(arguments.GetRequiredValue(insurer)).Keys.ToHashSet();
            await using var content = ImportCommand.Open(arguments.GetRequiredValue(file));
            var outcome = await ImportCommand.RunOnStoreAsync(arguments.GetRequiredValue(postgres), async (store, listener) =>
            {
                if (await new InsurerBatches(store, TimeProvider.System).FirstUnknownAsync([.. insurers], cancellation) is { } unknown)
                    throw new SettingsException($"The insurer {unknown} is not known yet: import its coverages first, with `gateway import coverage`.");
                return await new ExpenseFiles(store, TimeProvider.System).ImportAsync(content, insurers, listener, cancellation);
            });
            Console.WriteLine(outcome switch
            {
                ExpenseOutcome.Applied { Rows: 0 } old => $"Nothing new: nothing was changed{ImportCommand.Old(old.AppliedBefore, old.Superseded)}.",
                ExpenseOutcome.Applied applied => $"Stored: {Counted.Of(applied.Rows, "row")}{ImportCommand.Old(applied.AppliedBefore, applied.Superseded)}.",
                ExpenseOutcome.Rejected rejected => throw new SettingsException(
                    $"Rejected for {Counted.Of(rejected.Errors, "error")}: nothing was changed. Mend the lines named above and import the file again."),
                _ => throw ImportCommand.Busy(),
            });
            return 0;
        });
        return command;
    }
}
