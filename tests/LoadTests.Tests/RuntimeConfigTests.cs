using System.Text.Json.Nodes;

namespace EligibilityGateway.LoadTests.Tests;

/// <summary>What the runtime is told of the programs that measure: the same as of the gateway, or the comparison would not be fair.</summary>
public sealed class RuntimeConfigTests
{
    [Theory]
    [InlineData("loadtests")]
    [InlineData("benchmarks")]
    public void Idle_threads_of_the_pool_do_not_spin(string program) =>
        Assert.Equal(0, PropertyOf(program, "System.Threading.ThreadPool.UnfairSemaphoreSpinLimit").GetValue<int>());

    [Theory]
    [InlineData("loadtests")]
    [InlineData("benchmarks")]
    public void Each_method_is_compiled_well_at_once(string program) =>
        Assert.False(PropertyOf(program, "System.Runtime.TieredCompilation.QuickJit").GetValue<bool>());

    private static JsonNode PropertyOf(string program, string name) =>
        JsonNode.Parse(File.ReadAllText(Path.ChangeExtension(ProgramPath.Of(program), "runtimeconfig.json")))!["runtimeOptions"]!["configProperties"]![name]!;
}
