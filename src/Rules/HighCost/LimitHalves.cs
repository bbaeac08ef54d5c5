namespace EligibilityGateway.Rules.HighCost;

/// <summary>Why a month's limits are halved: its days are shared by two insurers, each with limits of its own.</summary>
/// <param name="Turns75">The month of the 75th birthday, from which the person is in another scheme: the person's own limits.</param>
/// <param name="InsuredTurns75">The same of the insured person, whose dependants lose their cover by it: the dependant's own limits.</param>
/// <param name="HouseholdMoves">A household in national health insurance goes on in another municipality of the prefecture: its limits, and so each person's.</param>
public readonly record struct LimitHalves(bool Turns75 = false, bool InsuredTurns75 = false, bool HouseholdMoves = false)
{
    /// <summary>What a person's own limits are divided by: 1, 2, or 4 where the household moves besides.</summary>
    public int PersonPart => Turns75 || InsuredTurns75 ? 2 * HouseholdPart : HouseholdPart;

    /// <summary>What the household's limits are divided by: 1 or 2.</summary>
    public int HouseholdPart => HouseholdMoves ? 2 : 1;
}
