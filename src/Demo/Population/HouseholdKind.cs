namespace EligibilityGateway.Demo.Population;

/// <summary>Who lives together.</summary>
internal enum HouseholdKind
{
    YoungSingle,
    MiddleAgedSingle,
    SingleOf65,
    SingleOf75,
    WorkingCouple,
    CoupleOf65,
    CoupleOf75,
    ParentsWithChildren,
    OneParentWithChildren,
    ChildWithElders,
}
