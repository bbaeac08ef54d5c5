namespace EligibilityGateway.Rules.Expenses;

/// <summary>What whoever uses the list must know of it.</summary>
public enum ExpenseNote
{
    /// <summary>Only insured care is in it.</summary>
    InsuredCareOnly,

    /// <summary>The amounts are to the yen, the window's to ten.</summary>
    ToTheYen,

    /// <summary>Some are counted by the month of treatment.</summary>
    CountedByTreatmentMonth,

    /// <summary>Some are paid in another year, and are not counted.</summary>
    PaidInAnotherYear,

    /// <summary>Two insurers list care of one person, month, payee and kind.</summary>
    TwoInsurers,

    /// <summary>Months are missing.</summary>
    MonthsMissing,

    /// <summary>How much may be deducted is not known of this year.</summary>
    DeductionNotDecided,
}
