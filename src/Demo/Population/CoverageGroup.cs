using EligibilityGateway.Contracts;

namespace EligibilityGateway.Demo.Population;

/// <summary>What one insured person and the dependants share: insurer, symbol, number, and the time for which it holds.</summary>
internal sealed record CoverageGroup(
    Scheme Scheme, InsurerNumber Insurer, string Symbol, string Number, DateOnly AcquiredOn, DateOnly? LostOn, short? LossReason);
