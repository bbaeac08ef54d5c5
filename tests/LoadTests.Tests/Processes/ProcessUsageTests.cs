using EligibilityGateway.LoadTests.Processes;

namespace EligibilityGateway.LoadTests.Tests.Processes;

public sealed class ProcessUsageTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    public ProcessUsageTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "Measurements read /proc.");

    [Fact]
    public async Task A_tree_has_used_what_its_living_and_its_ended_children_have()
    {
        const string work = "n=0; while [ $n -lt 200000 ]; do n=$((n+1)); done";
        await using var ended = await StartAsync($"/bin/sh -c '{work}'; echo done; exec sleep 60");
        await using var living = await StartAsync($"/bin/sh -c '{work}; echo done; exec sleep 60' & wait");
        foreach (var tree in (GuardedProcess[])[ended, living])
            Assert.True(ProcessUsage.CpuOfTree(tree.Id) > tree.Usage.Cpu, $"{ProcessUsage.CpuOfTree(tree.Id)} of the tree, {tree.Usage.Cpu} of its root");
    }

    [Fact]
    public void A_process_that_is_no_more_has_used_nothing() => Assert.Equal(TimeSpan.Zero, ProcessUsage.CpuOfTree(int.MaxValue));

    private static Task<GuardedProcess> StartAsync(string script) =>
        GuardedProcess.StartAsync("The script", ["/bin/sh", "-c", script], "done", Deadline, TestContext.Current.CancellationToken);
}
