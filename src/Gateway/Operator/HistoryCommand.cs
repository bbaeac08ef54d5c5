using System.CommandLine;
using System.Globalization;
using EligibilityGateway.Common;
using EligibilityGateway.Common.CommandLines;
using EligibilityGateway.Contracts;
using EligibilityGateway.Gateway.Lists.History;
using EligibilityGateway.Gateway.Operator.Decide;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Rules.Households;

namespace EligibilityGateway.Gateway.Operator;

/// <summary><c>gateway history --person N --service-date E --known-on D</c>: what was known on a day about a day.</summary>
internal static class HistoryCommand
{
    private static readonly Option<string> Person = new("--person") { Description = "The store's number of the person; never the My Number.", Required = true };
    private static readonly Option<string> ServiceDate = new("--service-date") { Description = "The day that is asked about, as yyyy-MM-dd.", Required = true };
    private static readonly Option<string> KnownOn = new("--known-on")
    {
        Description = "By when it was known: a day (yyyy-MM-dd, to its end in Japan) or a moment (2026-10-01T09:30:00+09:00).",
        Required = true,
    };
    private static readonly Option<string> AskedBy = new("--asked-by") { Description = "Who asks, as it goes on record.", Required = true };
    private static readonly Option<string> Because = new("--because") { Description = "Why, as it goes on record: for example the number of a bill that is in doubt.", Required = true };
    private static readonly Option<string> Language = new Option<string>("--lang") { Description = "Language of the explanation: ja or en.", DefaultValueFactory = _ => "ja" }.OneOf("ja", "en");
    private static readonly Option<string> Postgres = StoreConnection.OptionOf("--history", "eg_history");

    public static Command Create()
    {
        var command = new Command("history", "Decides by what was known at an earlier moment, and writes one line of JSON as `gateway decide` does. Each look is put on record first.")
        {
            Person, ServiceDate, KnownOn, AskedBy, Because, Language, Postgres,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        var access = new HistoryAccess(
            OnRecord.AskerIn(arguments.GetRequiredValue(AskedBy)),
            OnRecord.ReasonIn(arguments.GetRequiredValue(Because)),
            OnRecord.PersonIn(arguments.GetRequiredValue(Person)),
            OptionText.DayIn(ServiceDate.Name, arguments.GetRequiredValue(ServiceDate)),
            KnownAt(arguments.GetRequiredValue(KnownOn), TimeProvider.System.GetUtcNow()));
        var connectionString = arguments.GetRequiredValue(Postgres);
        var person = await StoreConnection.UseAsync(Postgres.Name, connectionString, async store =>
        {
            // What is put on record must be there after a crash, as a look-up's record is.
            if (await DurabilityCheck.FindFaultAsync(connectionString, cancellation, StoreRole.History) is { } fault) throw new SettingsException(fault);
            return await new KnownFacts(store).ReadAsync(access, cancellation);
        }) ?? throw new SettingsException($"--person {access.Person} is nobody whom the store knows: check the number.");

        var household = Household.Of(person, access.ServiceDate);
        using var writer = new DecisionWriter(arguments.GetRequiredValue(Language) == "ja");
        var decision = HouseholdRules.Decide(household);
        var coverageId = decision.CoverageIndex < 0 ? default : SentId.Of(person.Coverages[decision.CoverageIndex].CoverageId);
        writer.Write(SentId.Of(access.Person), household, decision, coverageId);
        await using var output = Console.OpenStandardOutput();
        await output.WriteAsync(writer.Written, cancellation);
        return 0;
    }

    /// <summary>A day counts to its end in Japan; nothing is known of what lies ahead.</summary>
    private static DateTimeOffset KnownAt(string given, DateTimeOffset now)
    {
        var moment = JapanTime.TryParseDate(given, out var day)
            ? new DateTimeOffset(day.AddDays(1).ToDateTime(TimeOnly.MinValue), JapanTime.Offset).AddMicroseconds(-1)
            : given.Contains('T', StringComparison.Ordinal) && DateTimeOffset.TryParse(given, CultureInfo.InvariantCulture, DateTimeStyles.None, out var exact) ? exact
            : throw new SettingsException("--known-on is neither a day nor a moment: write 2026-10-01, or 2026-10-01T09:30:00+09:00.");
        return moment < now ? moment
            : day == JapanTime.DateOf(now) ? now
            : throw new SettingsException("--known-on lies ahead: what will be known then nobody knows.");
    }
}
