namespace EligibilityGateway.Demo.Scenario;

/// <summary>An insurer of the scenario.</summary>
public sealed record ScenarioInsurer(string Number, string Name);
