namespace EligibilityGateway.Gateway.Access;

/// <summary>A journalled record is of a terminal that the register does not have: the database is older than it, or another one.</summary>
internal sealed class UnregisteredTerminalException(Guid terminal) : Exception($"The terminal {terminal} is not in the register.")
{
    public Guid Terminal { get; } = terminal;
}
