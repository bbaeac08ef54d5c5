using System.Text.Json.Nodes;
using EligibilityGateway.Rules.HighCost;
using EligibilityGateway.Rules.HighCost.Tables;
using FsCheck;
using FsCheck.Fluent;
using static EligibilityGateway.Gateway.Tests.Operator.Decide.Lines;

namespace EligibilityGateway.Gateway.Tests.Operator.Decide;

/// <summary>What holds for every household and every month. FsCheck prints the seed of a failure, which replays it.</summary>
public sealed class MonthPropertyTests
{
    // Under 70, from 70 and from 75; the last with an insurer of its own.
    private static readonly (string Born, string? Class, int? Percent, string Insurer)[] People =
    [
        ("1981-02-03", "A01", null, Employees), ("1990-02-03", "A03", null, Employees), ("2021-05-06", "A05", null, Employees),
        ("1953-02-03", null, 20, Employees), ("1954-02-03", "B02", 30, Employees), ("1955-02-03", "B06", 20, Employees), ("1945-02-03", "B09", 20, Late),
    ];

    private static readonly string[] Places = [Clinic, OtherClinic, "1310000035"];

    [Fact]
    public void A_window_never_collects_more_than_shares_rounded_nor_than_its_limit() => Holds(household =>
    {
        var answer = Ask(household.Line());
        var windows = household.Bills.Zip(answer.Windows, answer.Left).GroupBy(of => (of.First.Member, of.First.Place, of.First.Kind));
        foreach (var window in windows)
        {
            var bills = window.Select(of => of.First).ToList();
            var shares = bills.Sum(bill => Yen.ToTen(Yen.Share(bill.Cost, household.PercentOf(bill))));
            var row = LimitTables.Find(new DateOnly(2026, 8, 1), household.ClassOf(bills[0]))!;
            var cost = bills.Sum(bill => bill.Cost);
            var limit = (household.IsElderly(bills[0]) && bills[0].Kind != 2 ? MonthlyLimit.Outpatient(row, cost) : null) ?? MonthlyLimit.Whole(row, cost, household.IsMultipleHit(bills[0]));
            var collected = window.Sum(of => of.Second);
            if (collected > shares || collected > limit) return false;
            if (window.Last().Third != limit - collected) return false;
        }
        return true;
    });

    [Fact]
    public void More_cost_never_collects_less_there() => Holds(household =>
    {
        var more = household.With(household.Seed % household.Bills.Count, household.Seed % 200_000);
        return Ask(more.Line()).Charged >= Ask(household.Line()).Charged;
    });

    [Fact]
    public void The_final_burden_never_falls_with_more_cost_unless_a_share_crosses_21_000() => Holds(household =>
    {
        var more = household.With(household.Seed % household.Bills.Count, household.Seed % 200_000);
        if (!household.GroupsAggregated().SequenceEqual(more.GroupsAggregated())) return true;
        return Ask(more.Line()).Final >= Ask(household.Line()).Final;
    });

    [Fact]
    public void Their_order_changes_neither_shares_nor_final_burden() => Holds(household =>
    {
        var bills = household.Bills.ToArray();
        new Random(household.Seed).Shuffle(bills);
        var (one, other) = (Ask(household.Line()), Ask((household with { Bills = bills }).Line()));
        return (one.Shares, one.Final) == (other.Shares, other.Final);
    });

    [Fact]
    public void Nobody_bears_more_than_the_shares_and_nothing_is_refunded_that_was_not_paid() => Holds(household =>
    {
        var answer = Ask(household.Line());
        return answer.Final <= answer.Shares && answer.Refund >= 0 && answer.Refund <= answer.Charged
            && Math.Abs((answer.Charged - answer.Refund - answer.Final)!.Value) <= 5 * household.Bills.Count;
    });

    [Fact]
    public void A_history_in_more_rows_says_the_same() => Holds(household =>
    {
        var split = household.Line();
        foreach (var member in split["members"]!.AsArray())
        {
            var whole = member!["coverages"]![0]!.AsObject();
            var border = new DateOnly(2017, 1, 1).AddDays(household.Seed % 3_500);
            var day = border.ToString("yyyy-MM-dd");
            var (first, second) = (whole.DeepClone().AsObject(), whole.DeepClone().AsObject());
            (first["lost_on"], second["acquired_on"], second["id"]) = (day, day, "second");
            member["coverages"] = new JsonArray(first, second);
            foreach (var facts in (string[])["burden_ratios", "limit_classes"])
            {
                if (member[facts] is not JsonArray { Count: 1 } rows) continue;
                var (until, from) = (rows[0]!.DeepClone(), rows[0]!.DeepClone());
                (until["to"], from["from"]) = (border.AddDays(-1).ToString("yyyy-MM-dd"), day);
                member[facts] = new JsonArray(from, until);
            }
        }
        return Ask(split).Rest() == Ask(household.Line()).Rest();
    });

    private static void Holds(Func<Month, bool> property) => Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(Months().ToArbitrary(), property));

    private static Gen<Month> Months() =>
        from seed in Gen.Choose(0, int.MaxValue - 1)
        from count in Gen.Choose(1, 8)
        from bills in Gen.ListOf(Bills(), count)
        select new Month(seed, [.. bills]);

    private static Gen<OneBill> Bills() =>
        from member in Gen.Choose(0, People.Length - 1)
        from place in Gen.Choose(0, Places.Length - 1)
        from kind in Gen.Choose(0, 2)
        from tens in Gen.Frequency((3, Gen.Choose(0, 8_000)), (2, Gen.Choose(0, 60_000)), (1, Gen.Choose(0, 400_000)))
        from day in Gen.Choose(1, 31)
        select new OneBill(member, Places[place], kind, tens * 10L, day);

    // Kind: 0 medical outpatient, 1 dental outpatient, 2 medical inpatient.
    private sealed record OneBill(int Member, string Place, int Kind, long Cost, int Day);

    private sealed record Month(int Seed, IReadOnlyList<OneBill> Bills)
    {
        public Month With(int bill, int moreTens) =>
            this with { Bills = [.. Bills.Select((of, at) => at == bill ? of with { Cost = of.Cost + (moreTens * 10L) } : of)] };

        public bool IsElderly(OneBill bill) => People[bill.Member].Percent is not null;

        public int PercentOf(OneBill bill) => People[bill.Member].Percent ?? (bill.Member == 2 ? 20 : 30);

        public string ClassOf(OneBill bill) => People[bill.Member].Class ?? "B04";

        public bool IsMultipleHit(OneBill bill) => Seed % 2 == 1 && People[bill.Member].Insurer == Employees;

        /// <summary>Of each group under 70, whether it is aggregated.</summary>
        public IEnumerable<((int, string, int), bool)> GroupsAggregated() =>
            Bills.Where(bill => !IsElderly(bill)).GroupBy(bill => (bill.Member, bill.Place, bill.Kind))
                .Select(group => (group.Key, group.Sum(bill => Yen.Share(bill.Cost, PercentOf(bill))) >= MonthSettlement.AggregatedFrom)).OrderBy(of => of.Key);

        public JsonObject Line()
        {
            var members = new JsonArray([.. People.Select((person, at) => Member(
                person.Class, person.Born, at == 0 ? "p" : $"m{at}", person.Percent, [Coverage("2015-04-01", insurer: person.Insurer)]))]);
            if (Seed % 2 == 1) members[0]!["high_cost_months"] = new JsonArray("2026-05", "2026-06", "2026-07");
            return Lines.Line("2026-08-01", members, [.. Bills.Select(bill => Bill(
                bill.Cost, $"2026-08-{bill.Day:00}", bill.Kind == 2, bill.Place, bill.Kind == 1 ? "dental" : "medical", bill.Member == 0 ? "p" : $"m{bill.Member}"))]);
        }
    }
}
