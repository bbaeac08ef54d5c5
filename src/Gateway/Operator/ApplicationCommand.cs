using System.CommandLine;
using EligibilityGateway.Common;
using EligibilityGateway.Common.CommandLines;
using EligibilityGateway.Contracts;
using EligibilityGateway.Gateway.Feeds.CardOffice;
using EligibilityGateway.Rules.Applications;

namespace EligibilityGateway.Gateway.Operator;

/// <summary><c>gateway card application ID --born DATE --step STEP --on DATE</c>: how far an application for a card has come, by hand.</summary>
internal static class ApplicationCommand
{
    public static Command Create()
    {
        var id = new Argument<string>("ID") { Description = "The id on the application form, 23 digits." };
        var born = new Option<string>("--born") { Description = "The applicant's birth date, as yyyy-MM-dd.", Required = true };
        var step = new Option<string>("--step") { Description = $"How far it has come: {string.Join(", ", ApplicationFile.Steps)}.", Required = true };
        var on = new Option<string>("--on") { Description = "The day it came to that, as yyyy-MM-dd.", Required = true };
        var place = new Option<string>("--place") { Description = "With notice-sent: where the card is handed over.", DefaultValueFactory = _ => "" };
        var store = StoreConnection.OptionOf("--card-office", "eg_card_office");
        step.OneOf([.. ApplicationFile.Steps]);
        var command = new Command("application", "How far an application for a card has come. Desks ask for it by the id and the birth date.") { id, born, step, on, place, store };
        command.SetAction(async (arguments, cancellation) =>
        {
            var report = new ApplicationReport(
                ApplicationFile.StepOf(arguments.GetRequiredValue(step))!.Value, OptionText.DayIn(on.Name, arguments.GetRequiredValue(on)), arguments.GetValue(place) ?? "");
            var entry = new ApplicationEntry(IdOf(arguments.GetRequiredValue(id)), OptionText.DayIn(born.Name, arguments.GetRequiredValue(born)), report);
            if (ApplicationFile.FaultOf(entry.BirthDate, report, JapanTime.Today(TimeProvider.System)) is { } fault)
                throw new SettingsException($"{fault.Column}: {fault.Reason}.");
            var outcome = await StoreConnection.UseAsync(
                store.Name, arguments.GetRequiredValue(store), async source => (await new ApplicationFeed(source).ReportAsync([entry], cancellation))[0]);
            Console.WriteLine(outcome switch
            {
                ApplicationOutcome.Done => "The application is as told.",
                ApplicationOutcome.AlreadySo => "The application was so before, or has come further: nothing was changed.",
                _ => throw new SettingsException("The application is known with another birth date: nothing was changed. Compare both with the form."),
            });
            return 0;
        });
        return command;
    }

    private static CardApplicationId IdOf(string text) => CardApplicationId.TryParse(text, out var id)
        ? id
        : throw new SettingsException(ApplicationTexts.Of(TypedNumber.KindOf(text)).En);
}
