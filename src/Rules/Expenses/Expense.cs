using EligibilityGateway.Rules.Expenses.Tables;

namespace EligibilityGateway.Rules.Expenses;

/// <summary>One claim's cost as the insurer states it last. All amounts are yen; an adjustment that takes back has them negative.</summary>
/// <param name="PersonId">Who was treated.</param>
/// <param name="Insurer">Who tells it.</param>
/// <param name="Id">The insurer's own number of it.</param>
/// <param name="Month">First day of the month of treatment (診療年月).</param>
/// <param name="InstitutionCode">10 digits, or empty.</param>
/// <param name="InstitutionName">Whom the patient paid.</param>
/// <param name="Setting">Kind of care.</param>
/// <param name="Days">Of treatment.</param>
/// <param name="TotalCost">The whole of it (10割).</param>
/// <param name="InsurerPaid">What the insurance bore.</param>
/// <param name="PublicPaid">What public expense bore.</param>
/// <param name="PatientPaid">What was left to the patient (窓口相当負担額).</param>
/// <param name="Reimbursed">What was given back of that afterwards: high-cost benefit and the like.</param>
/// <param name="PaidOn">When the patient paid; null where the insurer does not know.</param>
public sealed record Expense(
    long PersonId,
    ExpenseInsurer Insurer,
    long Id,
    DateOnly Month,
    string InstitutionCode,
    string InstitutionName,
    CareSetting Setting,
    int Days,
    long TotalCost,
    long InsurerPaid,
    long PublicPaid,
    long PatientPaid,
    long Reimbursed,
    DateOnly? PaidOn);

/// <summary>An insurer with the name that the store has.</summary>
public readonly record struct ExpenseInsurer(string Number, string Name);

/// <summary>Somebody whose expenses are asked for.</summary>
public readonly record struct ExpensePerson(long Id, string Name);

/// <summary>A month in which that insurer insures the person, and whether it has told all it knows of it.</summary>
public readonly record struct InsuredMonth(long PersonId, ExpenseInsurer Insurer, DateOnly Month, bool Complete);
