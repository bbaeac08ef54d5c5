using EligibilityGateway.Rules.Expenses.Tables;

namespace EligibilityGateway.Rules.Expenses;

/// <summary>What one person paid to one payee for one kind of expense: a row of the tax form's part 2.</summary>
public sealed record PayeeSum(string InstitutionCode, string InstitutionName, TaxCategory Category, Sums Sums);
