namespace EligibilityGateway.Common;

/// <summary>The gateway can't start as it is set up. The message is one line: what, where, and what to do.</summary>
public sealed class SettingsException(string message) : Exception(message);
