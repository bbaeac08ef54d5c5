namespace EligibilityGateway.ReaderAgent.Link;

/// <summary>The terminal's certificate, key or trust can't be used; the message says which and why, in one line.</summary>
public sealed class TerminalCertificateException(string message) : Exception(message);
