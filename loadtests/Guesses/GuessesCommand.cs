using System.CommandLine;
using EligibilityGateway.Common.CommandLines;
using EligibilityGateway.LoadTests.Figures;
using EligibilityGateway.LoadTests.Stand;

namespace EligibilityGateway.LoadTests.Guesses;

/// <summary>Whether the time of an answer tells a number that somebody has from one that nobody has, where the birth date is wrong.</summary>
public static class GuessesCommand
{
    public const string Name = "guesses";

    public static Command Create()
    {
        var pairs = OptionValues.WholeNumber("--pairs", "Look-ups of each sort, one after the other in a random order.", 5000, 1, 100_000);
        var people = StandOptions.People();
        var folder = StandOptions.Folder();
        var json = LoadOptions.Json();
        var command = new Command(Name, "Measures how long it takes to hear that nobody was found: for an unknown number, and for a known one with a wrong birth date.") { pairs, people, folder, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var figures = await GuessesMeasurement.RunAsync(parsed.GetValue(pairs), parsed.GetValue(people), parsed.GetRequiredValue(folder), cancellation);
            Progress.Tell($"unknown number {figures.UnknownNumberMedian} us, wrong birth date {figures.WrongBirthDateMedian} us");
            FigureFile.Write(Name, figures, parsed.GetValue(json)?.FullName);
            return 0;
        });
        return command;
    }
}
