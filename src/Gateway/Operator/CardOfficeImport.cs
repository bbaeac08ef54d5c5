using System.CommandLine;
using System.Globalization;
using EligibilityGateway.Common;
using EligibilityGateway.Common.CommandLines;
using EligibilityGateway.Gateway.Cards;
using EligibilityGateway.Gateway.Feeds.CardOffice;

namespace EligibilityGateway.Gateway.Operator;

/// <summary><c>gateway import cards FILE</c>, <c>gateway import applications FILE</c>: the card office's files; docs/cards.md has their columns.</summary>
internal static class CardOfficeImport
{
    public static Command Applications()
    {
        var (file, store) = (File(), Store());
        var command = new Command("applications", "The card office's applications for a card: checks the file whole, then takes it. Exit code 1: rejected, nothing was changed.") { file, store };
        command.SetAction((arguments, cancellation) => RunAsync(
            arguments.GetRequiredValue(file),
            arguments.GetRequiredValue(store),
            (source, content) => new ApplicationImport(source, TimeProvider.System).ImportAsync(content, Say, cancellation)));
        return command;
    }

    public static Command Cards()
    {
        var (file, store) = (File(), Store());
        var authorities = new Option<string>("--card-authorities") { Description = "Folder with the certificates of the authorities that issue cards (*.pem), as in the gateway's settings.", Required = true };
        var command = new Command("cards", "The card office's events of cards: checks the file whole, then takes it. Exit code 1: rejected, nothing was changed.") { file, authorities, store };
        command.SetAction((arguments, cancellation) =>
        {
            var anchors = TrustAnchors.Load(arguments.GetRequiredValue(authorities));
            return RunAsync(
                arguments.GetRequiredValue(file),
                arguments.GetRequiredValue(store),
                (source, content) => new CardImport(source, anchors, TimeProvider.System).ImportAsync(content, Say, cancellation));
        });
        return command;
    }

    private static Argument<string> File() => new("FILE") { Description = "CSV in UTF-8 with a header, a row for each report." };

    private static Option<string> Store() => StoreConnection.OptionOf("--card-office", "eg_card_office");

    private static async Task<int> RunAsync(string file, string store, Func<Npgsql.NpgsqlDataSource, Stream, Task<FileOutcome>> import)
    {
        await using var content = ImportCommand.Open(file);
        FileOutcome outcome;
        try
        {
            outcome = await StoreConnection.UseAsync("--card-office", store, source => import(source, content));
        }
        catch (OperationCanceledException)
        {
            throw new SettingsException("Stopped. What is in stays in: import the file again for the rest.");
        }
        catch (IOException)
        {
            throw new SettingsException("The file could not be read to its end: nothing of it was changed.");
        }
        if (outcome.Errors > 0 && outcome.Done + outcome.Before > 0)
            throw new SettingsException($"Stopped: the lines named above no longer fit what was reported meanwhile. {Counted.Of(outcome.Done, "row before them is in and stays in", "rows before them are in and stay in")}: mend the lines and import the file again.");
        if (outcome.Errors > 0)
            throw new SettingsException($"Rejected for {Counted.Of(outcome.Errors, "error")}: nothing was changed. Mend the lines named above and import the file again.");
        Console.WriteLine($"Done: {Counted.Of(outcome.Done, "row is in", "rows are in")}, {outcome.Before.ToString("N0", CultureInfo.InvariantCulture)} changed nothing.");
        return 0;
    }

    private static void Say(FeedFault fault) => Console.WriteLine(fault);
}
