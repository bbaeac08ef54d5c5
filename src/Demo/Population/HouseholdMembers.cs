using System.Collections.Immutable;
using EligibilityGateway.Rules.Facts;

namespace EligibilityGateway.Demo.Population;

/// <summary>Draws who lives in a household: ages that go together, the head first.</summary>
internal static class HouseholdMembers
{
    private const int OldestAge = 104;

    public static ImmutableArray<HouseholdMember> Draw(HouseholdPlace place, Dice dice, DateOnly day)
    {
        var members = ImmutableArray.CreateBuilder<HouseholdMember>(place.Size);
        var headAge = HeadAge(place.Kind, dice);
        var headSex = dice.Chance(0.55) ? Sex.Male : Sex.Female;
        members.Add(Member(FamilyRole.Head, headSex, headAge, dice, day));
        while (members.Count < place.Size)
            members.Add(Other(place.Kind, members.Count, headAge, headSex, dice, day));
        return members.MoveToImmutable();
    }

    private static int HeadAge(HouseholdKind kind, Dice dice) => kind switch
    {
        HouseholdKind.YoungSingle => dice.Between(18, 34),
        HouseholdKind.MiddleAgedSingle => dice.Between(35, 64),
        HouseholdKind.SingleOf65 or HouseholdKind.CoupleOf65 => dice.Between(65, 74),
        HouseholdKind.SingleOf75 or HouseholdKind.CoupleOf75 => 75 + Math.Min(dice.Below(18), dice.Below(27)),
        HouseholdKind.WorkingCouple => dice.Between(25, 64),
        HouseholdKind.ParentsWithChildren or HouseholdKind.OneParentWithChildren => dice.Between(27, 54),
        HouseholdKind.ChildWithElders => dice.Between(45, 66),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such household."),
    };

    private static HouseholdMember Other(HouseholdKind kind, int position, int headAge, Sex headSex, Dice dice, DateOnly day)
    {
        if (kind == HouseholdKind.ChildWithElders)
            return Member(FamilyRole.Elder, position == 1 ? Sex.Female : Sex.Male, Math.Min(OldestAge, headAge + dice.Between(23, 34)), dice, day);
        if (kind == HouseholdKind.OneParentWithChildren || (kind == HouseholdKind.ParentsWithChildren && position > 1))
            return Member(FamilyRole.Child, dice.Chance(0.51) ? Sex.Male : Sex.Female, Math.Clamp(headAge - dice.Between(24, 36), 0, 22), dice, day);
        return Member(FamilyRole.Spouse, headSex == Sex.Male ? Sex.Female : Sex.Male, Math.Max(20, headAge + dice.Between(-6, 3)), dice, day);
    }

    private static HouseholdMember Member(FamilyRole role, Sex sex, int age, Dice dice, DateOnly day)
    {
        var born = day.AddYears(-age).AddDays(-dice.Below(364));
        // Nobody here is born on 29 February: how such birthdays count is for tests of the rules, not for a crowd.
        return new HouseholdMember(role, sex, born is { Month: 2, Day: 29 } ? born.AddDays(-1) : born);
    }
}
