using System.Text.Json;

namespace EligibilityGateway.Demo.Scenario;

/// <summary>One thing that happens.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="TitleJa">The same in Japanese.</param>
/// <param name="At">At which terminal; card-office where a card is reported lost.</param>
/// <param name="Command">What the reader agent is told, as its <c>simulate</c> command reads it, without an id.</param>
/// <param name="ReportLost">Name of the card that is reported lost.</param>
/// <param name="SendAgain">Title of the step whose event is sent again; it must have one access record.</param>
/// <param name="Of">Title of the earlier step that a charge, or its taking back, is of.</param>
/// <param name="Expect">What must be answered.</param>
public sealed record ScenarioStep(
    string Title, string TitleJa, string At, JsonElement? Command = null, string? ReportLost = null, string? SendAgain = null, string? Of = null, ExpectedAnswer? Expect = null);
