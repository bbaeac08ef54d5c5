namespace EligibilityGateway.ReaderAgent.Spool;

/// <summary>Another agent holds this spool: two would send each other's events.</summary>
public sealed class SpoolInUseException(string message) : IOException(message);
