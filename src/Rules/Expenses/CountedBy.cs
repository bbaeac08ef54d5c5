namespace EligibilityGateway.Rules.Expenses;

/// <summary>Why an expense counts in the year or not. What counts is when it was paid, not when the treatment was (所得税法73条).</summary>
public enum CountedBy
{
    /// <summary>It was paid in the year.</summary>
    PaymentDate,

    /// <summary>When it was paid is not known, and the treatment was in the year: whoever files it must look whether it was paid then.</summary>
    TreatmentMonth,

    /// <summary>It was paid in another year, and counts there.</summary>
    OtherYear,
}
