namespace EligibilityGateway.Demo.Scenario;

/// <summary>A terminal: its name in the steps, the same in Japanese, and the identity in its certificate.</summary>
public sealed record ScenarioTerminal(string Name, string NameJa, string Identity);
