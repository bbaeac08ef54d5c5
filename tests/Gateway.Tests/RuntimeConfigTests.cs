using System.Text.Json.Nodes;

namespace EligibilityGateway.Gateway.Tests;

/// <summary>What the runtime is told of each program that this one starts.</summary>
public sealed class RuntimeConfigTests
{
    [Theory]
    [InlineData("gateway")]
    [InlineData("reader-agent")]
    public void Idle_threads_of_the_pool_do_not_spin(string program)
    {
        var config = JsonNode.Parse(File.ReadAllText(Path.ChangeExtension(ProgramPath.Of(program), "runtimeconfig.json")))!;
        Assert.Equal(0, config["runtimeOptions"]!["configProperties"]!["System.Threading.ThreadPool.UnfairSemaphoreSpinLimit"]!.GetValue<int>());
    }

    [Fact]
    public void Each_method_is_compiled_well_at_once()
    {
        var config = JsonNode.Parse(File.ReadAllText(Path.ChangeExtension(ProgramPath.Of("gateway"), "runtimeconfig.json")))!;
        Assert.False(config["runtimeOptions"]!["configProperties"]!["System.Runtime.TieredCompilation.QuickJit"]!.GetValue<bool>());
    }
}
