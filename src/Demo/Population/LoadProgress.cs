namespace EligibilityGateway.Demo.Population;

/// <summary>How far a load has come.</summary>
public readonly record struct LoadProgress(long Loaded, long People);
