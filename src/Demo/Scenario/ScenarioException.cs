namespace EligibilityGateway.Demo.Scenario;

/// <summary>The scenario's file is wrong, or can't be played; the message is one line for whoever started it.</summary>
public sealed class ScenarioException : Exception
{
    public ScenarioException()
    {
    }

    public ScenarioException(string message) : base(message)
    {
    }

    public ScenarioException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
