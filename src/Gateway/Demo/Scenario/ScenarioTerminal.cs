namespace EligibilityGateway.Gateway.Demo.Scenario;

/// <summary>A terminal: its name in the steps, and the identity in its certificate.</summary>
public sealed record ScenarioTerminal(string Name, string Identity);
