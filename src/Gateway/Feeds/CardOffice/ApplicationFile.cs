using EligibilityGateway.Contracts;
using EligibilityGateway.Rules.Applications;

namespace EligibilityGateway.Gateway.Feeds.CardOffice;

/// <summary>The card office's file of applications, read and checked as far as it can be without asking the store. docs/cards.md has its columns.</summary>
internal static class ApplicationFile
{
    private const int Application = 0, BirthDate = 1, Step = 2, On = 3, Place = 4;

    /// <summary>A day's reports of the whole country.</summary>
    public static readonly FeedFile Form = new(
        ["application", "birth_date", "step", "on", "place"], ["application", "birth_date", "step", "on"], MostRows: 100_000, "docs/cards.md");

    /// <summary>The steps as they are written.</summary>
    public static readonly IReadOnlyList<string> Steps = ["received", "in-process", "notice-sent", "handed-over"];

    /// <summary>All rows that are good.</summary>
    public static List<ApplicationEntry> Read(Stream file, DateOnly today, Action<FeedFault> tell, CancellationToken cancellation)
    {
        var entries = new List<ApplicationEntry>();
        Form.Read(
            file,
            row =>
            {
                if (Read(row, today) is { } entry) entries.Add(entry);
            },
            tell,
            cancellation);
        return entries;
    }

    /// <summary>The step that is written so; null where none is.</summary>
    public static ApplicationStep? StepOf(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < Steps.Count; i++)
            if (text.SequenceEqual(Steps[i])) return (ApplicationStep)(i + 1);
        return null;
    }

    /// <summary>What is wrong with a report, with the column it is in; null where nothing is.</summary>
    public static (string Column, string Reason)? FaultOf(DateOnly birthDate, ApplicationReport report, DateOnly today)
    {
        if (birthDate > today || birthDate.Year < 1890) return (Form.Columns[BirthDate], "nobody living was born on this day; check the year");
        if (report.On > today) return (Form.Columns[On], "lies ahead; check the year");
        if (report.On < birthDate) return (Form.Columns[On], "lies before the birth; check the year");
        if (report.Step == ApplicationStep.NoticeSent && report.Place.Length == 0) return (Form.Columns[Place], "a notice names the place where the card is handed over");
        if (report.Step != ApplicationStep.NoticeSent && report.Place.Length > 0) return (Form.Columns[Place], "only a notice names a place; leave it empty");
        return WrittenText.FaultOf(report.Place, ApplicationReport.MaxPlaceLength) switch
        {
            null => null,
            WrittenTextFault.TooLong => (Form.Columns[Place], $"is longer than {ApplicationReport.MaxPlaceLength} characters"),
            WrittenTextFault.LooksLikeMyNumber => (Form.Columns[Place], "looks like it holds a My Number: take it out"),
            _ => (Form.Columns[Place], "holds characters that can't be printed or seen"),
        };
    }

    private static ApplicationEntry? Read(FeedRow row, DateOnly today)
    {
        if (!CardApplicationId.TryParse(row[Application].ToString(), out var id))
        {
            row.Error(Application, TypedNumber.KindOf(row[Application].ToString()) == TypedNumberKind.MyNumber
                ? "is taken for a My Number, which must not be here: an application id has 23 digits"
                : "must be 23 digits");
        }
        if (row[BirthDate].IsEmpty) row.Needed(BirthDate);
        if (row[On].IsEmpty) row.Needed(On);
        var (birthDate, on, step) = (row.Day(BirthDate), row.Day(On), StepOf(row[Step]));
        if (step is null) row.Error(Step, $"must be one of {string.Join(", ", Steps)}");
        row.WarnOfPrivateUse(Place);
        if (!row.IsGood) return null;
        var entry = new ApplicationEntry(id, birthDate!.Value, new ApplicationReport(step!.Value, on!.Value, row[Place].ToString()), row.Line);
        if (FaultOf(entry.BirthDate, entry.Report, today) is not { } fault) return entry;
        row.Error(Form.Columns.ToList().IndexOf(fault.Column), fault.Reason);
        return null;
    }
}
