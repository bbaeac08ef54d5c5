using System.Globalization;
using EligibilityGateway.Contracts;
using EligibilityGateway.Rules.Eligibility;
using EligibilityGateway.Rules.Eligibility.Policies;
using EligibilityGateway.Rules.Facts;
using EligibilityGateway.Rules.HighCost;
using EligibilityGateway.Rules.Households;

namespace EligibilityGateway.Gateway.Operator.Decide;

/// <summary>From a line's JSON to the types of the rules, or to the field at fault.</summary>
internal static class HouseholdReader
{
    // No sum of a line comes near what a long holds: 1,000 bills of it, in percent, are 10^15.
    private const long MostYen = 10_000_000_000;
    private const int LongestText = 200;
    private const int InstitutionDigits = 10;

    // What a line says of a person holds in each of the person's coverages. For the rules these have one id, so that each fact is there
    // once and not once a coverage.
    private const long AnyCoverage = 0;

    // The insurance itself began in 1922 (健康保険法); who lives was born after 1868.
    private static readonly DateOnly FirstService = new(1922, 1, 1);
    private static readonly DateOnly FirstBirth = new(1868, 1, 1);
    private static readonly DateOnly LastDay = new(2100, 12, 31);

    /// <exception cref="LineException">Which field, and what it must be.</exception>
    public static Household Read(DecideRequest request)
    {
        var line = new Place();
        Check(request.Id, line, "id");
        var serviceDate = Day(request.ServiceDate, line, "service_date", FirstService);
        if (request.Members is not { Count: > 0 } sent) throw line.Fault("members", "At least one: the first is the patient.");
        var members = new Member[sent.Count];
        for (var i = 0; i < members.Length; i++)
        {
            members[i] = ReadMember(sent[i], new Place(i), sent[0]?.Coverages);
            for (var earlier = 0; earlier < i; earlier++)
                if (sent[earlier]!.Id.Names(sent[i]!.Id)) throw new Place(i).Fault("id", "It is an earlier member's: each has one of its own.");
        }
        CheckNumbers(sent);
        if (BirthOf(members[0]) > serviceDate) throw new Place(0).Fault("birth_date", "The patient's must not be after service_date.");
        return new Household(serviceDate, members, ReadBills(request.Bills, sent, members));
    }

    /// <param name="sent">The member.</param>
    /// <param name="place">Where on the line.</param>
    /// <param name="ofThePatient">Coverages of who has none of their own: the household is under one insurer.</param>
    private static Member ReadMember(MemberIn? sent, Place place, UpTo100<CoverageIn?>? ofThePatient)
    {
        if (sent is null) throw place.Fault("", "It must be an object.");
        Check(sent.Id, place, "id");
        var birthDate = Day(sent.BirthDate, place, "birth_date", FirstBirth);
        if (sent.Relation is not (null or "self" or "family")) throw place.Fault("relation", "It must be self or family.");
        var relation = sent.Relation == "family" ? Relation.Dependant : Relation.Insured;
        var coverages = sent.Coverages is { Count: > 0 } own ? own : ofThePatient;
        var person = new PersonSnapshot(
            0, 0,
            [new PersonDetail(birthDate, "", "", "", Sex.NotSet, birthDate)],
            Each(coverages, place with { List = "coverages" }, (coverage, at) => ReadCoverage(coverage, at, relation)),
            Each(sent.BurdenRatios, place with { List = "burden_ratios" }, ReadRatio),
            Each(sent.LimitClasses, place with { List = "limit_classes" }, ReadLimitClass),
            Each(sent.SpecificDiseases, place with { List = "specific_diseases" }, ReadDisease),
            [],
            []);
        return new Member(
            person,
            Each(sent.HighCostMonths, place with { List = "high_cost_months" }, ReadMonth),
            sent.AnnualToDate is { } year ? ReadYear(year, place) : null);
    }

    // Symbol and number say who shares a limit. Where none has them, the members are one household as stated; a part of them would say
    // both.
    private static void CheckNumbers(UpTo100<MemberIn?> members)
    {
        bool? all = null;
        for (var i = 0; i < members.Count; i++)
        {
            for (var j = 0; j < members[i]!.Coverages?.Count; j++)
            {
                var coverage = members[i]!.Coverages![j]!;
                var has = !string.IsNullOrWhiteSpace(coverage.Symbol) || !string.IsNullOrWhiteSpace(coverage.Number);
                if ((all ??= has) != has) throw new Place(i, "coverages", j).Fault("number", "Each coverage of the line has its symbol and number, or none has: then the members are one household.");
            }
        }
    }

    private static CoverageFact ReadCoverage(CoverageIn? sent, Place place, Relation relation)
    {
        if (sent is null) throw place.Fault("", "It must be an object.");
        Check(sent.Id, place, "id");
        var acquired = Day(sent.AcquiredOn, place, "acquired_on", FirstService);
        if (sent.LostOn is { } lost && lost < acquired) throw place.Fault("lost_on", "It must not be before acquired_on; it is the first day that is no longer covered.");
        var cardClass = sent.CardClass ?? "01";
        if (!ClassificationPolicy.Holds(cardClass)) throw place.Fault("card_class", "It must be one of " + string.Join(", ", ClassificationPolicy.Codes) + ".");
        var insurer = Insurer(sent.InsurerNumber, place);
        CheckIsOf(sent.HouseholdContinues, "household_continues");
        CheckIsOf(sent.InsuredTurned75, "insured_turned_75");
        if (sent.HouseholdContinues is not null && !HouseholdMove.IsPossibleAt(insurer)) throw place.Fault("household_continues", "A household goes on in national health insurance alone: an insurer number of 6 digits.");
        return new CoverageFact(
            AnyCoverage, insurer, "", cardClass, DocumentText(sent.Symbol, place, "symbol"), DocumentText(sent.Number, place, "number"), Text(sent.Branch, place, "branch"), relation, acquired, sent.LostOn,
            HouseholdContinuesOn: sent.HouseholdContinues, InsuredTurned75On: sent.InsuredTurned75);

        void CheckIsOf(DateOnly? change, string field)
        {
            if (change < acquired || change > sent.LostOn) throw place.Fault(field, "It must be a day of the coverage, from acquired_on to lost_on.");
        }
    }

    private static BurdenFact ReadRatio(RatioIn? sent, Place place)
    {
        if (sent?.Percent is not (10 or 20 or 30)) throw place.Fault("percent", "It must be 10, 20 or 30.");
        var (from, to) = Days(sent.From, sent.To, place);
        return new BurdenFact(AnyCoverage, (short)sent.Percent.Value, from, to, Issued(sent.IssuedOn, place));
    }

    private static LimitFact ReadLimitClass(LimitClassIn? sent, Place place)
    {
        if (sent?.Class is not { } code || !LimitClasses.Holds(code)) throw place.Fault("class", "It must be A01 to A06 or B01 to B10.");
        var (from, to) = Days(sent.From, sent.To, place);
        return new LimitFact(AnyCoverage, "01", code, from, to, null, Issued(sent.IssuedOn, place));
    }

    private static SpecificDiseaseFact ReadDisease(DiseaseIn? sent, Place place)
    {
        if (sent?.Category is not (1 or 2 or 3)) throw place.Fault("category", "It must be 1, 2 or 3.");
        var (from, to) = Days(sent.From, sent.To, place);
        // No yen: the rule says them.
        return new SpecificDiseaseFact(AnyCoverage, (short)sent.Category.Value, 0, from, to, Issued(sent.IssuedOn, place));
    }

    private static int ReadMonth(string? sent, Place place) =>
        DateOnly.TryParseExact(sent, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month)
            ? (month.Year * 12) + month.Month
            : throw place.Fault("", "It must be a month, yyyy-MM.");

    private static YearToDate ReadYear(YearToDateIn sent, Place place) =>
        new(Yen(sent.Outpatient ?? 0, place, "annual_to_date.outpatient"), Yen(sent.All, place, "annual_to_date.all"));

    private static Bill[] ReadBills(UpTo1000<BillIn?>? sent, UpTo100<MemberIn?> sentMembers, Member[] members)
    {
        var bills = Each(sent, new Place(List: "bills"), (bill, at) => ReadBill(bill, at, sentMembers));
        for (var i = 0; i < bills.Length; i++)
        {
            var (date, member) = (bills[i].Date, bills[i].Member);
            if ((date.Year, date.Month) != (bills[0].Date.Year, bills[0].Date.Month)) throw new Place(null, "bills", i).Fault("date", "All bills of a line are of one calendar month.");
            if (BirthOf(members[member]) > date) throw new Place(member).Fault("birth_date", $"It must not be after the day of the member's own bill, bills[{i}].date.");
        }
        return bills;
    }

    private static Bill ReadBill(BillIn? sent, Place place, UpTo100<MemberIn?> members)
    {
        if (sent is null) throw place.Fault("", "It must be an object.");
        var date = Day(sent.Date, place, "date", FirstService);
        var table = sent.Table switch
        {
            "medical" => CareTable.Medical,
            "dental" => CareTable.Dental,
            "pharmacy" => CareTable.Pharmacy,
            _ => throw place.Fault("table", "It must be medical, dental or pharmacy."),
        };
        var isInpatient = sent.Setting switch
        {
            "inpatient" when table != CareTable.Pharmacy => true,
            "outpatient" => false,
            null when table == CareTable.Pharmacy => false,
            _ => throw place.Fault("setting", "It must be inpatient or outpatient; a pharmacy's is outpatient."),
        };
        var institution = Institution(sent.Institution, place, "institution");
        var prescriber = table == CareTable.Pharmacy ? Institution(sent.Prescriber, place, "prescriber") : null;
        var cost = Yen(sent.TotalCost, place, "total_cost");
        return new Bill(MemberAt(sent.Member, members, place), date, institution, table, prescriber, isInpatient, cost, sent.SpecificDisease ?? false);
    }

    private static int MemberAt(SentId id, UpTo100<MemberIn?> members, Place place)
    {
        for (var i = 0; i < members.Count; i++)
            if (members[i]!.Id.Names(id)) return i;
        throw place.Fault("member", "It must be the id of one of the members.");
    }

    private static TOut[] Each<TIn, TOut>(BoundedList<TIn>? sent, Place place, Func<TIn, Place, TOut> read)
    {
        if (sent is null) return [];
        var all = new TOut[sent.Count];
        for (var i = 0; i < all.Length; i++) all[i] = read(sent[i], place with { Index = i });
        return all;
    }

    private static DateOnly BirthOf(Member member) => member.Person.Details[0].BirthDate;

    private static void Check(SentId id, Place place, string field)
    {
        if (id.Kind == SentIdKind.Unreadable) throw place.Fault(field, $"It must be a text or a number, of at most {SentId.Longest} characters.");
    }

    private static string? Text(string? sent, Place place, string field) =>
        sent?.Length > LongestText ? throw place.Fault(field, $"It must have at most {LongestText} characters.") : sent;

    // However it was written, one number is one insurer. What is no such number stands for itself.
    private static string Insurer(string? sent, Place place) =>
        Text(sent, place, "insurer_number") is not { } text ? "" : InsurerNumber.TryParse(text, out var number) ? number.ToString() : text;

    private static string DocumentText(string? sent, Place place, string field) =>
        Text(sent, place, field) is not { } text ? "" : DocumentNumbers.FormOf(text) ?? text;

    private static string Institution(string? sent, Place place, string field) =>
        sent is { Length: InstitutionDigits } && !sent.AsSpan().ContainsAnyExceptInRange('0', '9') ? sent : throw place.Fault(field, "It must have 10 digits.");

    private static long Yen(long? sent, Place place, string field) =>
        sent is { } yen and >= 0 and <= MostYen ? yen : throw place.Fault(field, "It must be whole yen, from 0 to 10,000,000,000.");

    private static (DateOnly From, DateOnly? To) Days(DateOnly? from, DateOnly? to, Place place)
    {
        var first = Day(from, place, "from", FirstService);
        return to < first ? throw place.Fault("to", "It must not be before from; it is the last day that counts, or null.") : (first, to);
    }

    // What was issued on an unknown day is older than what was issued on any day.
    private static DateOnly Issued(DateOnly? on, Place place) => on is null ? default : Day(on, place, "issued_on", FirstService);

    private static DateOnly Day(DateOnly? day, Place place, string field, DateOnly first)
    {
        if (day is not { } known) throw place.Fault(field, "A date is needed, yyyy-MM-dd.");
        return known >= first && known <= LastDay ? known : throw place.Fault(field, string.Create(CultureInfo.InvariantCulture, $"It must be from {first:yyyy-MM-dd} to {LastDay:yyyy-MM-dd}."));
    }
}
