namespace EligibilityGateway.LoadTests.Plan;

/// <summary>
/// All taps of a run, made beforehand: Poisson arrivals whose times don't depend on how the gateway keeps up (open loop), each
/// person tapping once or twice.
/// </summary>
public sealed class TapPlan
{
    private TapPlan(PlanShape shape, PlannedTap[] taps, int cards, int documents)
    {
        Shape = shape;
        Taps = taps;
        Cards = cards;
        Documents = documents;
    }

    public PlanShape Shape { get; }

    /// <summary>In the order of their intended starts.</summary>
    public IReadOnlyList<PlannedTap> Taps { get; }

    /// <summary>How many cards the plan needs.</summary>
    public int Cards { get; }

    /// <summary>How many documents the plan needs.</summary>
    public int Documents { get; }

    public static TapPlan Make(PlanShape shape)
    {
        var chance = new Random(shape.Seed);
        var end = shape.WarmUp + shape.Measured;
        var taps = new List<PlannedTap>((int)(shape.Rate * end.TotalSeconds * 1.1) + 16);
        // People who tapped once: first on their way to the pharmacy, then there, where each may come next.
        var onTheWay = new Queue<(TimeSpan Since, PlannedSubject Subject)>();
        var atThePharmacy = new List<PlannedSubject>();
        int cards = 0, documents = 0;
        for (var at = NextArrival(chance, shape.Rate); at < end; at += NextArrival(chance, shape.Rate))
        {
            while (onTheWay.TryPeek(out var person) && person.Since + PlanShape.ShortestWalk <= at)
                atThePharmacy.Add(onTheWay.Dequeue().Subject);

            var measured = at >= shape.WarmUp;
            var kind = measured ? DrawKind(chance, shape.Mix) : TapKind.First;
            if (kind is TapKind.Second && atThePharmacy.Count == 0) kind = TapKind.First;
            if (kind is TapKind.Second)
            {
                taps.Add(new PlannedTap(at, Pharmacy(chance, shape), TakeOne(chance, atThePharmacy), kind, measured));
                continue;
            }
            var byCard = chance.NextDouble() < shape.Mix.ByCard;
            var subject = new PlannedSubject(byCard, byCard ? cards++ : documents++, InRedis: kind is TapKind.First);
            taps.Add(new PlannedTap(at, chance.Next(shape.Receptions), subject, kind, measured));
            onTheWay.Enqueue((at, subject));
        }
        return new TapPlan(shape, [.. taps], cards, documents);
    }

    /// <summary>Gaps between arrivals of a Poisson process are exponentially distributed.</summary>
    private static TimeSpan NextArrival(Random chance, double rate) => TimeSpan.FromSeconds(-Math.Log(1 - chance.NextDouble()) / rate);

    private static TapKind DrawKind(Random chance, TapMix mix)
    {
        var drawn = chance.NextDouble();
        if (drawn < mix.FirstTaps) return TapKind.First;
        return drawn < mix.FirstTaps + mix.SecondTaps ? TapKind.Second : TapKind.Cold;
    }

    private static int Pharmacy(Random chance, PlanShape shape) =>
        shape.Receptions == shape.Terminals ? chance.Next(shape.Terminals) : chance.Next(shape.Receptions, shape.Terminals);

    private static PlannedSubject TakeOne(Random chance, List<PlannedSubject> people)
    {
        var index = chance.Next(people.Count);
        var taken = people[index];
        people[index] = people[^1];
        people.RemoveAt(people.Count - 1);
        return taken;
    }
}
