using System.CommandLine;
using System.Text;
using EligibilityGateway.Common;
using EligibilityGateway.Common.CommandLines;
using EligibilityGateway.Contracts;
using EligibilityGateway.Gateway.Access;
using EligibilityGateway.Gateway.Keys;
using EligibilityGateway.Gateway.Lists.Accesses;
using EligibilityGateway.Gateway.Startup;
using EligibilityGateway.Gateway.Storage;

namespace EligibilityGateway.Gateway.Operator;

/// <summary><c>gateway accesses --person N | --terminal ID | --institution CODE</c>: who asked what of whom, as the access records say.</summary>
internal static class AccessesCommand
{
    private const int DaysUnlessSaid = 31;

    private static readonly Option<string?> Person = new("--person") { Description = "Whose facts were looked at: the store's number of the person; never the My Number." };
    private static readonly Option<string?> Terminal = new("--terminal") { Description = "What this terminal asked: its id, as `gateway terminal list` shows it." };
    private static readonly Option<string?> Institution = new("--institution") { Description = "What this institution's terminals asked: its code of 10 digits." };
    private static readonly Option<string?> From = new("--from") { Description = $"The first day, in Japan, as yyyy-MM-dd; {DaysUnlessSaid} days up to the last one where it is not given." };
    private static readonly Option<string?> To = new("--to") { Description = "The last day; today where it is not given." };
    private static readonly Option<string> Format = new Option<string>("--format") { Description = "csv, or json: an object on each line.", DefaultValueFactory = _ => "csv" }.OneOf("csv", "json");
    private static readonly Option<string> AskedBy = new("--asked-by") { Description = "Who asks, as it goes on record beside the database login.", Required = true };
    private static readonly Option<string> Because = new("--because") { Description = "Why, as it goes on record: for example the number of a complaint.", Required = true };
    private static readonly Option<string> Postgres = StoreConnection.OptionOf("--auditor", "eg_auditor");

    private static readonly Option<string> Keys = new("--keys") { Description = "The gateways' key file, or a file with its ring \"records\" alone (`gateway keys copy`): each record's MAC is checked with it.", Required = true };

    public static Command Create()
    {
        var command = new Command("accesses", "Writes who asked what of whom, of a person, a terminal or an institution, in the order of the events. Each look is put on record first.")
        {
            Person, Terminal, Institution, From, To, Format, AskedBy, Because, Postgres, Keys,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        var look = LookIn(arguments, JapanTime.Today(TimeProvider.System));
        var connectionString = arguments.GetRequiredValue(Postgres);
        var macs = new RecordMacs(KeysCommand.Read(arguments.GetRequiredValue(Keys), arguments.GetValue<bool>(SecretFile.Insecure)).RingOf(RingNames.Records));
        var told = new Dictionary<RecordMacState, long>();
        await using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        try
        {
            return await StoreConnection.UseAsync(Postgres.Name, connectionString, async store =>
            {
                // What is put on record must be there after a crash, as a look-up's record is.
                if (await DurabilityCheck.FindFaultAsync(connectionString, cancellation, StoreRole.Auditor) is { } fault) throw new SettingsException(fault);
                var records = new AccessRecords(store, macs);
                var accesses = records.ReadAsync(await records.RecordAsync(look, cancellation) ?? throw Unknown(look), cancellation);
                var counted = CountAsync(accesses, told);
                await (arguments.GetValue(Format) == "json" ? AccessList.WriteJsonAsync(counted, output, cancellation) : AccessList.WriteCsvAsync(counted, output, cancellation));
                return Tell(told);
            });
        }
        catch (IOException)
        {
            throw new SettingsException("Standard output could not be written to its end: make room, or take another, and ask again.");
        }
        catch (OperationCanceledException)
        {
            throw new SettingsException("Stopped: what was written is not whole. That it was asked for may be on record.");
        }
    }

    private static async IAsyncEnumerable<RecordedAccess> CountAsync(IAsyncEnumerable<RecordedAccess> accesses, Dictionary<RecordMacState, long> told)
    {
        await foreach (var access in accesses)
        {
            told[access.Mac] = told.GetValueOrDefault(access.Mac) + 1;
            yield return access;
        }
    }

    /// <summary>Says on standard error what the column mac says of some; 1 where a record is not as a gateway made it.</summary>
    private static int Tell(Dictionary<RecordMacState, long> told)
    {
        if (told.GetValueOrDefault(RecordMacState.Missing) is > 0 and var old)
            Console.Error.WriteLine($"Of the records, {old} have no MAC: they are older than the MACs, and nothing proves who made them.");
        if (told.GetValueOrDefault(RecordMacState.KeyUnknown) is > 0 and var unknown)
            Console.Error.WriteLine($"Of the records, {unknown} have a MAC by a key that --keys does not have: give a file with all keys of the ring \"{RingNames.Records}\".");
        if (told.GetValueOrDefault(RecordMacState.Wrong) is not (> 0 and var wrong)) return 0;
        Console.Error.WriteLine($"Of the records, {wrong} are not as a gateway made them (mac: wrong): somebody wrote to the database past the gateways.");
        return 1;
    }

    private static AccessLook LookIn(ParseResult arguments, DateOnly today)
    {
        var (person, terminal, institution) = (arguments.GetValue(Person), arguments.GetValue(Terminal), arguments.GetValue(Institution));
        if (((string?[])[person, terminal, institution]).Count(given => given is not null) != 1)
            throw new SettingsException("Name one of --person, --terminal and --institution, and only one.");
        var last = DayIn(To, arguments) ?? today;
        var first = DayIn(From, arguments) ?? last.AddDays(1 - Math.Min(DaysUnlessSaid, last.DayNumber + 1));
        if (first > last) throw new SettingsException("--from is later than --to: name the first day and the last one.");
        if (last.DayNumber - first.DayNumber >= AccessLook.MostDays) throw new SettingsException($"--from and --to are more than {AccessLook.MostDays} days apart: ask for a shorter time.");
        return new AccessLook(
            OnRecord.AskerIn(arguments.GetRequiredValue(AskedBy)),
            OnRecord.ReasonIn(arguments.GetRequiredValue(Because)),
            person is null ? null : OnRecord.PersonIn(person),
            terminal is null ? null : Guid.TryParse(terminal, out var id) ? id : throw new SettingsException("--terminal is no terminal's id: copy it from `gateway terminal list`."),
            institution is null ? null : OptionText.InstitutionIn(Institution.Name, institution),
            first,
            last);
    }

    private static DateOnly? DayIn(Option<string?> option, ParseResult arguments) =>
        arguments.GetValue(option) is { } given ? OptionText.DayIn(option.Name, given) : null;

    private static SettingsException Unknown(AccessLook look) => new(
        look.Person is { } person ? $"--person {person} is nobody whom the store knows: check the number."
        : look.Terminal is { } terminal ? $"--terminal {terminal} is not in the register: check the id."
        : $"--institution {look.Institution} has no terminal in the register: check the code.");
}
