using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Rules.HighCost;

namespace EligibilityGateway.Rules.Households;

/// <summary>What the rules say of one household.</summary>
/// <param name="Validity">On the service date.</param>
/// <param name="CoverageIndex">The patient's coverage that counts; −1 where none or several do.</param>
/// <param name="BurdenPercent">The patient's share on the service date; null where not valid.</param>
/// <param name="LimitClass">Of the patient on the service date; null where there is none.</param>
/// <param name="Reason">Why it is not a plain yes; unspecified where it is.</param>
/// <param name="Doubt">Why amounts are missing.</param>
/// <param name="Terms">Of each bill.</param>
/// <param name="Charges">Of each bill; null where not valid.</param>
/// <param name="Month">The household's month; null where not valid.</param>
/// <param name="Year">Annual caps; null where nothing was sent to judge them by, or none applies.</param>
internal sealed record Decision(
    Validity Validity,
    int CoverageIndex,
    int? BurdenPercent,
    string? LimitClass,
    Reason Reason,
    AmountDoubt Doubt,
    BillTerms[] Terms,
    BillCharge[]? Charges,
    MonthOutcome? Month,
    YearOutcome? Year);

/// <summary>Why a limit, and so a refund and a final burden, can't be told though the person is insured. None of them means "no limit".</summary>
internal enum AmountDoubt
{
    None,

    /// <summary>The insurer gave no class and the ratio alone decides none: unpaid premiums, or not asked for yet.</summary>
    LimitNotGiven,

    /// <summary>No figures are decided for the class in that month.</summary>
    LimitNotDecided,

    /// <summary>An arrears certificate: the patient pays all and claims back.</summary>
    PaysAllFirst,

    /// <summary>Medical assistance: the ticket says what the patient pays, and no line holds one.</summary>
    TicketSays,

    /// <summary>A bill is of a day on which its patient is not, or more than once, covered.</summary>
    BillNotCovered,
}
