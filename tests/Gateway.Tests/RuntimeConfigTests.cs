using System.Text.Json.Nodes;

namespace EligibilityGateway.Gateway.Tests;

/// <summary>What the runtime is told of each program that this one starts.</summary>
public sealed class RuntimeConfigTests
{
    [Theory]
    [InlineData("gateway")]
    [InlineData("reader-agent")]
    public void Idle_threads_of_the_pool_do_not_spin(string program) =>
        Assert.Equal(0, PropertyOf(program, "System.Threading.ThreadPool.UnfairSemaphoreSpinLimit").GetValue<int>());

    [Fact]
    public void Each_method_is_compiled_well_at_once() =>
        Assert.False(PropertyOf("gateway", "System.Runtime.TieredCompilation.QuickJit").GetValue<bool>());

    private static JsonNode PropertyOf(string program, string name) =>
        JsonNode.Parse(File.ReadAllText(Path.ChangeExtension(ProgramPath.Of(program), "runtimeconfig.json")))!["runtimeOptions"]!["configProperties"]![name]!;
}
