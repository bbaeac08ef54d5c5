namespace EligibilityGateway.LoadTests;

/// <summary>A measurement can't be made, or would not be worth anything. The message is for the person who asked for it.</summary>
public sealed class MeasurementException(string message) : Exception(message);
