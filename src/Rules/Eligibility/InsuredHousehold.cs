using EligibilityGateway.Rules.Facts;

namespace EligibilityGateway.Rules.Eligibility;

/// <summary>
/// Those who share one limit: insurer, symbol and number. In national health insurance that is a household, elsewhere an insured person with
/// dependants. In the scheme of 75 and over each person has a number, and all of a household under one insurer belong together.
/// </summary>
internal readonly record struct InsuredHousehold(string Insurer, string Symbol, string Number)
{
    public static InsuredHousehold Of(CoverageFact coverage) => AgeGroups.IsLateElderly(coverage.InsurerNumber)
        ? new InsuredHousehold(coverage.InsurerNumber, "", "")
        : new InsuredHousehold(coverage.InsurerNumber, coverage.Symbol, coverage.Number);
}
