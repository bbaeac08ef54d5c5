namespace EligibilityGateway.Gateway.Operator.Decide;

/// <summary>A line that can't be decided on: which field, and what it must be. Never repeats what was sent.</summary>
internal sealed class LineException(string field, string message) : Exception(message)
{
    public string Field { get; } = field;
}
