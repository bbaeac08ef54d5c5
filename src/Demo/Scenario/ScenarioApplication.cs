using EligibilityGateway.Rules.Applications;

namespace EligibilityGateway.Demo.Scenario;

/// <summary>An application for a card, which documentation asks for; no step of the scenario does.</summary>
/// <param name="Id">23 digits.</param>
/// <param name="Born">The applicant's birth date.</param>
/// <param name="Step">How far it has come.</param>
/// <param name="On">Since when.</param>
public sealed record ScenarioApplication(string Id, DateOnly Born, ApplicationStep Step, DateOnly On);
