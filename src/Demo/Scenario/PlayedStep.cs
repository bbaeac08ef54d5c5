namespace EligibilityGateway.Demo.Scenario;

/// <summary>A step as it went: what was read on the screen, and how that differs from what was expected.</summary>
public sealed record PlayedStep(ScenarioStep Step, string Text, IReadOnlyList<string> Differences)
{
    public bool AsExpected => Differences.Count == 0;
}
