namespace EligibilityGateway.Rules.Expenses;

/// <summary>A month of which not all is known, so that nobody takes what is missing for nothing paid.</summary>
/// <param name="Month">Its first day.</param>
/// <param name="Insurer">Who owes it; null where nobody here insures the person then.</param>
/// <param name="Kind">What is missing.</param>
public sealed record MonthGap(DateOnly Month, ExpenseInsurer? Insurer, GapKind Kind);

/// <summary>What is missing of a month.</summary>
public enum GapKind
{
    /// <summary>The insurer has told nothing of it yet; claims come about two months after the treatment.</summary>
    NotDelivered,

    /// <summary>The insurer has told something, and not said that it is all.</summary>
    Incomplete,

    /// <summary>No insurer here insures the person in that month: who does so elsewhere is asked there.</summary>
    NotInsured,
}
