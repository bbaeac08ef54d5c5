namespace EligibilityGateway.ReaderAgent.Simulate;

/// <summary>What the command line says.</summary>
internal sealed record SimulateOptions(
    IReadOnlyList<Uri> Gateways,
    string Certificate,
    string Key,
    string Trust,
    string Cards,
    string Spool,
    TimeSpan ClockShift,
    string Language);
