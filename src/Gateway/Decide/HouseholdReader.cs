using System.Globalization;
using System.Text.Json;
using EligibilityGateway.Gateway.Eligibility.Policies;
using EligibilityGateway.Gateway.HighCost;
using EligibilityGateway.Gateway.Snapshots;

namespace EligibilityGateway.Gateway.Decide;

/// <summary>From a line's JSON to the types of the rules, or to the field at fault.</summary>
internal static class HouseholdReader
{
    private const long MostCost = 10_000_000_000;
    private const int MostBills = 1_000;
    private const int InstitutionDigits = 10;

    // The insurance itself began in 1922 (健康保険法); who lives was born after 1868.
    private static readonly DateOnly FirstService = new(1922, 1, 1);
    private static readonly DateOnly FirstBirth = new(1868, 1, 1);
    private static readonly DateOnly LastDay = new(2100, 12, 31);

    /// <exception cref="LineException">Which field, and what it must be.</exception>
    public static Household Read(DecideRequest request)
    {
        var serviceDate = Day(request.ServiceDate, "service_date", FirstService);
        if (request.Members is not { Length: > 0 } sent) throw new LineException("members", "At least one: the first is the patient.");
        var members = new Member[sent.Length];
        for (var i = 0; i < sent.Length; i++) members[i] = ReadMember(sent[i], i, sent[0]?.Coverages);
        return new Household(serviceDate, members, ReadBills(request.Bills ?? [], sent));
    }

    /// <param name="sent">The member.</param>
    /// <param name="index">Its place on the line.</param>
    /// <param name="ofThePatient">Coverages of who has none of their own: the household is under one insurer.</param>
    private static Member ReadMember(MemberIn? sent, int index, CoverageIn?[]? ofThePatient)
    {
        if (sent is null) throw new LineException($"members[{index}]", "It must be an object.");
        var birthDate = Day(sent.BirthDate, Path("birth_date"), FirstBirth);
        if (sent.Relation is not (null or "self" or "family")) throw new LineException(Path("relation"), "It must be self or family.");
        var coverages = sent.Coverages is { Length: > 0 } own ? own : ofThePatient ?? [];
        var facts = new CoverageFact[coverages.Length];
        for (var i = 0; i < facts.Length; i++) facts[i] = ReadCoverage(coverages[i], i, sent.Relation == "family", Path($"coverages[{i}]"));
        var detail = new PersonDetail(birthDate, "", "", "", Sex.NotSet, birthDate);
        var person = new PersonSnapshot(
            0, 0, [detail], facts,
            PerCoverage(sent.BurdenRatios, facts, ReadRatio),
            PerCoverage(sent.LimitClasses, facts, ReadLimitClass),
            PerCoverage(sent.SpecificDiseases, facts, ReadDisease),
            [],
            []);
        var ids = new JsonElement[coverages.Length];
        for (var i = 0; i < ids.Length; i++) ids[i] = coverages[i]!.Id;
        return new Member(sent.Id, person, ids, ReadMonths(sent.HighCostMonths ?? [], Path("high_cost_months")), ReadYear(sent.AnnualToDate, Path("annual_to_date")));

        string Path(string field) => $"members[{index}].{field}";

        BurdenFact ReadRatio(RatioIn? ratio, int i, long coverage)
        {
            var path = Path($"burden_ratios[{i}]");
            if (ratio?.Percent is not (10 or 20 or 30)) throw new LineException($"{path}.percent", "It must be 10, 20 or 30.");
            var (from, to) = Days(ratio.From, ratio.To, path);
            return new BurdenFact(coverage, (short)ratio.Percent.Value, from, to);
        }

        LimitFact ReadLimitClass(LimitClassIn? limit, int i, long coverage)
        {
            var path = Path($"limit_classes[{i}]");
            if (limit?.Class is not { } code || !LimitClasses.Holds(code)) throw new LineException($"{path}.class", "It must be A01 to A06 or B01 to B10.");
            var (from, to) = Days(limit.From, limit.To, path);
            return new LimitFact(coverage, "01", code, from, to, null);
        }

        SpecificDiseaseFact ReadDisease(DiseaseIn? disease, int i, long coverage)
        {
            var path = Path($"specific_diseases[{i}]");
            if (disease?.Category is not (1 or 2 or 3)) throw new LineException($"{path}.category", "It must be 1, 2 or 3.");
            var (from, to) = Days(disease.From, disease.To, path);
            // No yen: the rule says them.
            return new SpecificDiseaseFact(coverage, (short)disease.Category.Value, 0, from, to);
        }
    }

    private static CoverageFact ReadCoverage(CoverageIn? sent, int index, bool isFamily, string path)
    {
        if (sent is null) throw new LineException(path, "It must be an object.");
        var acquired = Day(sent.AcquiredOn, $"{path}.acquired_on", FirstService);
        if (sent.LostOn is { } lost && lost < acquired) throw new LineException($"{path}.lost_on", "It must not be before acquired_on; it is the first day that is no longer covered.");
        var cardClass = sent.CardClass ?? "01";
        if (!ClassificationPolicy.Holds(cardClass)) throw new LineException($"{path}.card_class", "It must be one of " + string.Join(", ", ClassificationPolicy.Codes) + ".");
        return new CoverageFact(
            index, sent.InsurerNumber ?? "", "", cardClass, sent.Symbol ?? "", sent.Number ?? "", sent.Branch, isFamily ? Relation.Dependant : Relation.Insured, acquired, sent.LostOn);
    }

    private static Bill[] ReadBills(BillIn?[] sent, MemberIn?[] members)
    {
        if (sent.Length > MostBills) throw new LineException("bills", "At most 1,000 on one line.");
        var bills = new Bill[sent.Length];
        for (var i = 0; i < bills.Length; i++)
        {
            bills[i] = ReadBill(sent[i], $"bills[{i}]", members);
            if ((bills[i].Date.Year, bills[i].Date.Month) != (bills[0].Date.Year, bills[0].Date.Month))
                throw new LineException($"bills[{i}].date", "All bills of a line are of one calendar month.");
        }
        return bills;
    }

    private static Bill ReadBill(BillIn? sent, string path, MemberIn?[] members)
    {
        if (sent is null) throw new LineException(path, "It must be an object.");
        var date = Day(sent.Date, $"{path}.date", FirstService);
        var table = sent.Table switch
        {
            "medical" => CareTable.Medical,
            "dental" => CareTable.Dental,
            "pharmacy" => CareTable.Pharmacy,
            _ => throw new LineException($"{path}.table", "It must be medical, dental or pharmacy."),
        };
        var isInpatient = sent.Setting switch
        {
            "inpatient" when table != CareTable.Pharmacy => true,
            "outpatient" => false,
            null when table == CareTable.Pharmacy => false,
            _ => throw new LineException($"{path}.setting", "It must be inpatient or outpatient; a pharmacy's is outpatient."),
        };
        var institution = Institution(sent.Institution, $"{path}.institution");
        var prescriber = table == CareTable.Pharmacy ? Institution(sent.Prescriber, $"{path}.prescriber") : null;
        if (sent.TotalCost is not (>= 0 and <= MostCost) || sent.TotalCost is not { } cost) throw new LineException($"{path}.total_cost", "It must be whole yen, from 0 to 10,000,000,000.");
        return new Bill(MemberAt(sent.Member, members, $"{path}.member"), date, institution, table, prescriber, isInpatient, cost, sent.SpecificDisease ?? false);
    }

    private static int MemberAt(JsonElement id, MemberIn?[] members, string path)
    {
        for (var i = 0; i < members.Length; i++)
            if (id.ValueKind is JsonValueKind.String or JsonValueKind.Number && JsonElement.DeepEquals(members[i]!.Id, id)) return i;
        throw new LineException(path, "It must be the id of one of the members.");
    }

    private static string Institution(string? sent, string path) =>
        sent is { Length: InstitutionDigits } && !sent.AsSpan().ContainsAnyExceptInRange('0', '9') ? sent : throw new LineException(path, "It must have 10 digits.");

    private static int[] ReadMonths(string?[] sent, string path)
    {
        var months = new int[sent.Length];
        for (var i = 0; i < months.Length; i++)
        {
            if (!DateOnly.TryParseExact(sent[i], "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month))
                throw new LineException($"{path}[{i}]", "It must be a month, yyyy-MM.");
            months[i] = (month.Year * 12) + month.Month;
        }
        return months;
    }

    private static YearToDate? ReadYear(YearToDateIn? sent, string path)
    {
        if (sent is null) return null;
        if (sent.Outpatient < 0) throw new LineException($"{path}.outpatient", "It must be whole yen, 0 or more.");
        if (sent.All is not >= 0) throw new LineException($"{path}.all", "It must be whole yen, 0 or more.");
        return new YearToDate(sent.Outpatient ?? 0, sent.All.Value);
    }

    /// <summary>A fact of the person holds in each of the person's coverages.</summary>
    private static TFact[] PerCoverage<TIn, TFact>(TIn[]? sent, CoverageFact[] coverages, Func<TIn, int, long, TFact> read)
    {
        if (sent is null || sent.Length == 0) return [];
        if (coverages.Length == 0)
        {
            for (var i = 0; i < sent.Length; i++) read(sent[i], i, 0);
            return [];
        }
        var facts = new TFact[sent.Length * coverages.Length];
        var next = 0;
        foreach (var coverage in coverages)
            for (var i = 0; i < sent.Length; i++) facts[next++] = read(sent[i], i, coverage.CoverageId);
        return facts;
    }

    private static (DateOnly From, DateOnly? To) Days(DateOnly? from, DateOnly? to, string path)
    {
        var first = Day(from, $"{path}.from", FirstService);
        return to < first ? throw new LineException($"{path}.to", "It must not be before from; it is the last day that counts, or null.") : (first, to);
    }

    private static DateOnly Day(DateOnly? day, string field, DateOnly first)
    {
        if (day is not { } known) throw new LineException(field, "A date is needed, yyyy-MM-dd.");
        return known >= first && known <= LastDay ? known : throw new LineException(field, $"It must be from {first:yyyy-MM-dd} to {LastDay:yyyy-MM-dd}.");
    }
}
