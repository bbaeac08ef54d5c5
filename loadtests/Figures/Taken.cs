namespace EligibilityGateway.LoadTests.Figures;

/// <summary>A measurement's figures with the machine and the time they were taken on: the form of every result file.</summary>
/// <param name="Measurement">Which measurement: peak-hour, floor, idle …</param>
/// <param name="TakenAt">When it ended.</param>
/// <param name="Machine">What it ran on.</param>
/// <param name="Figures">The figures.</param>
public sealed record Taken<T>(string Measurement, DateTimeOffset TakenAt, Machine Machine, T Figures);
