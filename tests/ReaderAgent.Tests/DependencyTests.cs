using EligibilityGateway.ReaderAgent.Link;

namespace EligibilityGateway.ReaderAgent.Tests;

public sealed class DependencyTests
{
    /// <summary>An agent is built and replaced without the gateway; they share the contracts alone.</summary>
    [Fact]
    public void The_agent_knows_the_contracts_and_not_the_gateway()
    {
        var known = typeof(GatewayLink).Assembly.GetReferencedAssemblies().Select(name => name.Name).ToList();
        Assert.DoesNotContain("gateway", known);
        Assert.Contains("Contracts", known);
    }
}
