namespace EligibilityGateway.Gateway.Tests.Demo;

/// <summary>How a run of the demonstration ended.</summary>
internal sealed record DemoEnd(int ExitCode, string Output, string Errors);
