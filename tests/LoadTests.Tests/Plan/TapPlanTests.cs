using EligibilityGateway.LoadTests.Plan;

namespace EligibilityGateway.LoadTests.Tests.Plan;

public sealed class TapPlanTests
{
    private static readonly TapPlan PeakHour = TapPlan.Make(Shape());

    private static IEnumerable<PlannedTap> Measured => PeakHour.Taps.Where(tap => tap.Measured);

    private static PlanShape Shape(double rate = 1000, double warmUp = 10, double measured = 60, int terminals = 500, int seed = 1) =>
        new(rate, TimeSpan.FromSeconds(warmUp), TimeSpan.FromSeconds(measured), terminals, TapMix.Realistic, seed);

    [Fact]
    public void The_same_shape_gives_the_same_plan() =>
        Assert.Equal(TapPlan.Make(Shape(measured: 5)).Taps, TapPlan.Make(Shape(measured: 5)).Taps);

    [Fact]
    public void Another_seed_gives_another_plan() =>
        Assert.NotEqual(TapPlan.Make(Shape(measured: 5)).Taps, TapPlan.Make(Shape(measured: 5, seed: 2)).Taps);

    [Theory]
    [InlineData(TapKind.First, 0.60)]
    [InlineData(TapKind.Second, 0.35)]
    [InlineData(TapKind.Cold, 0.05)]
    public void The_measured_part_keeps_the_mix(TapKind kind, double share) =>
        Assert.Equal(share, Share(Measured, tap => tap.Kind == kind), tolerance: 0.01);

    [Fact]
    public void Each_tenth_of_the_measured_part_keeps_the_mix_too()
    {
        foreach (var tenth in Measured.GroupBy(tap => (int)((tap.At - PeakHour.Shape.WarmUp) / (PeakHour.Shape.Measured / 10))))
            Assert.Equal(0.35, Share(tenth, tap => tap.Kind == TapKind.Second), tolerance: 0.03);
    }

    [Theory]
    [InlineData(TapKind.First)]
    [InlineData(TapKind.Second)]
    [InlineData(TapKind.Cold)]
    public void Two_thirds_of_each_kind_are_by_card(TapKind kind) =>
        Assert.Equal(2.0 / 3, Share(Measured.Where(tap => tap.Kind == kind), tap => tap.Subject.IsCard), tolerance: 0.03);

    [Fact]
    public void Nobody_taps_more_than_twice() =>
        Assert.All(PeakHour.Taps.GroupBy(tap => tap.Subject), taps => Assert.True(taps.Count() <= 2));

    [Fact]
    public void A_second_tap_follows_the_same_persons_first_or_cold_one_after_the_shortest_walk()
    {
        var seen = new Dictionary<PlannedSubject, TimeSpan>();
        foreach (var tap in PeakHour.Taps)
        {
            if (tap.Kind is TapKind.Second) Assert.True(tap.At - seen[tap.Subject] >= PlanShape.ShortestWalk);
            else Assert.True(seen.TryAdd(tap.Subject, tap.At));
        }
    }

    [Fact]
    public void First_taps_are_of_those_in_Redis_and_cold_ones_are_not()
    {
        Assert.All(PeakHour.Taps.Where(tap => tap.Kind is TapKind.First), tap => Assert.True(tap.Subject.InRedis));
        Assert.All(PeakHour.Taps.Where(tap => tap.Kind is TapKind.Cold), tap => Assert.False(tap.Subject.InRedis));
    }

    [Fact]
    public void Cards_and_documents_are_numbered_without_gaps()
    {
        Assert.Equal(Enumerable.Range(0, PeakHour.Cards), Indexes(isCard: true));
        Assert.Equal(Enumerable.Range(0, PeakHour.Documents), Indexes(isCard: false));

        static IEnumerable<int> Indexes(bool isCard) =>
            PeakHour.Taps.Select(tap => tap.Subject).Where(subject => subject.IsCard == isCard).Distinct().Select(subject => subject.Index);
    }

    [Fact]
    public void A_run_of_a_minute_has_at_least_24_000_first_taps_by_card() => Assert.True(PeakHour.Cards >= 24_000);

    [Fact]
    public void Taps_come_in_the_order_of_their_intended_starts_within_the_run()
    {
        Assert.Equal(PeakHour.Taps.Select(tap => tap.At).Order(), PeakHour.Taps.Select(tap => tap.At));
        Assert.True(PeakHour.Taps[^1].At < TimeSpan.FromSeconds(70));
    }

    [Fact]
    public void The_measured_part_begins_where_the_warm_up_ends()
    {
        Assert.All(PeakHour.Taps, tap => Assert.Equal(tap.At >= TimeSpan.FromSeconds(10), tap.Measured));
        Assert.All(PeakHour.Taps.Where(tap => !tap.Measured), tap => Assert.Equal(TapKind.First, tap.Kind));
    }

    [Fact]
    public void Arrivals_are_those_of_a_Poisson_process()
    {
        // Counts per second of a Poisson process have their mean as variance; of evenly spaced arrivals next to none.
        var counts = Measured.GroupBy(tap => (int)(tap.At.TotalSeconds * 10)).Select(second => (double)second.Count()).ToArray();
        var mean = counts.Average();
        var variance = counts.Sum(count => (count - mean) * (count - mean)) / counts.Length;
        Assert.Equal(100, mean, tolerance: 2);
        Assert.InRange(variance / mean, 0.75, 1.25);
    }

    [Fact]
    public void First_taps_are_at_receptions_and_second_ones_at_pharmacies() =>
        Assert.All(PeakHour.Taps, tap => Assert.Equal(tap.Kind is TapKind.Second, PeakHour.Shape.IsPharmacy(tap.Terminal)));

    [Fact]
    public void Each_terminal_has_about_the_same_load()
    {
        var perTerminal = Measured.GroupBy(tap => tap.Terminal).Select(taps => taps.Count()).ToArray();
        Assert.Equal(500, perTerminal.Length);
        Assert.InRange(perTerminal.Max(), 120, 180);
    }

    [Fact]
    public void One_terminal_takes_all_taps_where_there_is_but_one() =>
        Assert.All(TapPlan.Make(Shape(rate: 50, measured: 10, terminals: 1)).Taps, tap => Assert.Equal(0, tap.Terminal));

    [Fact]
    public void Before_anybody_can_have_walked_to_the_pharmacy_there_are_no_second_taps() =>
        Assert.DoesNotContain(TapPlan.Make(Shape(warmUp: 0.1, measured: 1.8)).Taps, tap => tap.Kind is TapKind.Second);

    private static double Share(IEnumerable<PlannedTap> taps, Func<PlannedTap, bool> counts)
    {
        var all = taps.ToList();
        return (double)all.Count(counts) / all.Count;
    }
}
