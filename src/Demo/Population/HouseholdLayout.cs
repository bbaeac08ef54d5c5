using System.Collections.Immutable;

namespace EligibilityGateway.Demo.Population;

/// <summary>
/// How persons are parted into households: each block of <see cref="BlockSize"/> consecutive persons is parted by dice of its own, so
/// that a person's household is found without counting from the beginning. The last household of a block is cut where the block ends.
/// </summary>
internal static class HouseholdLayout
{
    public const int BlockSize = 32;

    // Chosen so that the ages come out roughly as Japan's in 2025: 11 % under 15, 60 % 15 to 64, 12 % 65 to 74, 17 % 75 and over.
    private static readonly int[] Weights = [10, 14, 7, 9, 13, 8, 7, 19, 3, 8];

    /// <summary>The household that a person belongs to.</summary>
    /// <param name="seed">The population's seed.</param>
    /// <param name="index">The person's index, from 1.</param>
    public static HouseholdPlace Of(ulong seed, long index)
    {
        var block = (index - 1) / BlockSize;
        foreach (var place in Block(seed, block))
            if (index < place.FirstIndex + place.Size) return place;
        throw new InvalidOperationException("The households of a block fill it.");
    }

    /// <summary>All households of a block.</summary>
    public static ImmutableArray<HouseholdPlace> Block(ulong seed, long block)
    {
        var dice = new Dice(seed, DiceUse.Block, block);
        var places = ImmutableArray.CreateBuilder<HouseholdPlace>();
        for (var taken = 0; taken < BlockSize;)
        {
            var kind = (HouseholdKind)dice.Weighted(Weights);
            var size = Math.Min(SizeOf(kind, dice), BlockSize - taken);
            places.Add(new HouseholdPlace(block * BlockSize + places.Count, block * BlockSize + taken + 1, kind, size));
            taken += size;
        }
        return places.ToImmutable();
    }

    private static int SizeOf(HouseholdKind kind, Dice dice) => kind switch
    {
        HouseholdKind.WorkingCouple or HouseholdKind.CoupleOf65 or HouseholdKind.CoupleOf75 => 2,
        HouseholdKind.ParentsWithChildren => 2 + 1 + dice.Weighted([45, 42, 13]),
        HouseholdKind.OneParentWithChildren => 1 + 1 + dice.Weighted([60, 40]),
        HouseholdKind.ChildWithElders => 1 + 1 + dice.Weighted([60, 40]),
        _ => 1,
    };
}
