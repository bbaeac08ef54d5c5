using System.Collections.Immutable;
using System.Globalization;

namespace EligibilityGateway.Demo.Population;

/// <summary>A household: its members, their family name, where it lives, and how the head and those who depend on the head are insured.</summary>
internal sealed class Household
{
    private static readonly int[] WorkingSchemeWeights = [40, 27, 8, 25];
    private static readonly int[] ForeignWeights = [.. NameLists.Foreign.Select(names => names.Weight)];
    private static readonly string[] MunicipalSymbolLetters = ["国", "東", "西", "南", "北"];

    private readonly DateOnly _day;
    private readonly int _house;

    public Household(ulong seed, HouseholdPlace place, DateOnly day)
    {
        var dice = new Dice(seed, DiceUse.Household, place.Sequence);
        _day = day;
        Place = place;
        Prefecture = Prefecture.Draw(dice);
        _house = dice.Below(9_000);
        Members = HouseholdMembers.Draw(place, dice, day);
        Foreign = DrawForeign(place.Kind, dice);
        var families = Foreign?.Family ?? NameLists.Family;
        FamilyName = families[dice.Below(families.Count)];
        IncomeRank = dice.Below(100);
        Coverages = DrawCoverages(dice);
    }

    public HouseholdPlace Place { get; }

    public Prefecture Prefecture { get; }

    public ImmutableArray<HouseholdMember> Members { get; }

    /// <summary>Names of the household's country; null for Japanese households.</summary>
    public ForeignNames? Foreign { get; }

    public WrittenName FamilyName { get; }

    /// <summary>0 to 99, the richest first.</summary>
    public int IncomeRank { get; }

    /// <summary>How the head and those who depend on the head are insured, oldest first; at least one.</summary>
    public ImmutableArray<CoverageGroup> Coverages { get; }

    /// <summary>The head works for somebody, so that the family may depend on the head.</summary>
    public bool HeadIsEmployed => Coverages[^1].Scheme is Scheme.Association or Scheme.Society or Scheme.MutualAid;

    public string Address => $"{Prefecture.Name}{Prefecture.Capital}見本町{_house % 9 + 1}丁目{_house % 30 + 1}番{_house % 17 + 1}号";

    public string PostCode => string.Create(CultureInfo.InvariantCulture, $"{Prefecture.PostPrefix}-{_house % 90 + 1:D4}");

    /// <summary>Insurance by an employment of one's own.</summary>
    public CoverageGroup OwnEmployment(Dice dice) =>
        Group(dice, dice.Chance(0.6) ? Scheme.Association : Scheme.Society, slot: 2, Since(dice), lostOn: null, lossReason: null);

    /// <summary>Municipal insurance of one whom the head's insurance does not cover.</summary>
    public CoverageGroup OwnMunicipal(Dice dice) => Group(dice, Scheme.Municipal, slot: 3, Since(dice), lostOn: null, lossReason: null);

    private static ForeignNames? DrawForeign(HouseholdKind kind, Dice dice)
    {
        // 3 % of all people, hardly any among the old.
        var mayBe = kind is HouseholdKind.YoungSingle or HouseholdKind.MiddleAgedSingle or HouseholdKind.WorkingCouple
            or HouseholdKind.ParentsWithChildren or HouseholdKind.OneParentWithChildren;
        return mayBe && dice.Chance(0.048) ? NameLists.Foreign[dice.Weighted(ForeignWeights)] : null;
    }

    private ImmutableArray<CoverageGroup> DrawCoverages(Dice dice)
    {
        var scheme = DrawScheme(dice);
        var lot = dice.Below(1_000);
        if (scheme != Scheme.Municipal && lot < 40)
        {
            // Changed jobs within two years: the new coverage begins as the old one ends.
            var changed = _day.AddDays(-dice.Between(1, 730));
            return [Former(dice, scheme, changed, lossReason: 3), Group(dice, scheme, slot: 0, changed, lostOn: null, lossReason: null)];
        }
        if (scheme != Scheme.Municipal && lot < 44)
        {
            // Some weeks between two insurers.
            var changed = _day.AddDays(-dice.Between(1, 365));
            return [Former(dice, scheme, changed.AddDays(-dice.Between(7, 40)), lossReason: 99), Group(dice, scheme, slot: 0, changed, lostOn: null, lossReason: null)];
        }
        // Ended, and nothing newer is known.
        if (lot is >= 990 and < 996) return [Former(dice, scheme, _day.AddDays(-dice.Between(1, 90)), lossReason: 99)];
        return [Group(dice, scheme, slot: 0, Since(dice), lostOn: null, lossReason: null)];
    }

    private Scheme DrawScheme(Dice dice) => Members[0].AgeOn(_day) switch
    {
        < 65 => (Scheme)dice.Weighted(WorkingSchemeWeights),
        < 70 => dice.Chance(0.4) ? Scheme.Association : Scheme.Municipal,
        _ => dice.Chance(0.12) ? Scheme.Association : Scheme.Municipal,
    };

    private CoverageGroup Former(Dice dice, Scheme scheme, DateOnly lostOn, short lossReason) =>
        Group(dice, scheme, slot: 1, lostOn.AddDays(-dice.Between(90, 4_000)), lostOn, lossReason);

    // Nobody is insured by an employer before the age of 15; members' own first days are later where they were born later.
    private DateOnly Since(Dice dice)
    {
        var earliest = Members[0].BirthDate.AddYears(15);
        var since = _day.AddDays(-dice.Between(10, 9_000));
        return since < earliest ? earliest : since;
    }

    private CoverageGroup Group(Dice dice, Scheme scheme, int slot, DateOnly acquiredOn, DateOnly? lostOn, short? lossReason)
    {
        var symbol = scheme switch
        {
            Scheme.Association => string.Create(CultureInfo.InvariantCulture, $"{dice.Between(10_000_000, 99_999_999)}"),
            Scheme.Society => string.Create(CultureInfo.InvariantCulture, $"{dice.Between(1, 9_999)}"),
            Scheme.MutualAid => string.Create(CultureInfo.InvariantCulture, $"公{dice.Between(1, 99):D2}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{MunicipalSymbolLetters[dice.Below(MunicipalSymbolLetters.Length)]}{dice.Between(1, 99):D2}"),
        };
        // Eight numbers for each household, so that no two people share one without sharing the coverage.
        var number = string.Create(CultureInfo.InvariantCulture, $"{Place.Sequence * 8 + slot:D7}");
        return new CoverageGroup(scheme, SyntheticInsurers.Draw(dice, Prefecture, scheme), symbol, number, acquiredOn, lostOn, lossReason);
    }
}
