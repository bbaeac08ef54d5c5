namespace EligibilityGateway.Gateway.Access.Journal;

/// <summary>The journal can't be opened; the message is one line for whoever starts the gateway.</summary>
public sealed class JournalUnavailableException(string message, Exception? cause = null) : Exception(message, cause);
