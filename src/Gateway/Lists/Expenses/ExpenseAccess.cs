namespace EligibilityGateway.Gateway.Lists.Expenses;

/// <summary>Who asks for whose expenses of which year: what goes on record before anything is read.</summary>
/// <param name="AskedBy">Who asks, in words that the installation can follow up.</param>
/// <param name="Persons">For whom.</param>
/// <param name="Year">Calendar year.</param>
/// <param name="WithHousehold">Also for those who share insurer, symbol and number with one of them on some day of the year.</param>
internal sealed record ExpenseAccess(string AskedBy, IReadOnlyList<long> Persons, int Year, bool WithHousehold);
