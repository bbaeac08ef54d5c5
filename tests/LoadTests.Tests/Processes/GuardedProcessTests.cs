using System.Diagnostics;
using EligibilityGateway.LoadTests.Processes;

namespace EligibilityGateway.LoadTests.Tests.Processes;

public sealed class GuardedProcessTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    public GuardedProcessTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "Measurements read /proc.");

    [Fact]
    public async Task It_is_ready_when_it_says_the_awaited_words()
    {
        await using var process = await StartAsync("echo starting; echo now listening on 42; exec sleep 60", "listening on");
        Assert.Equal("now listening on 42", process.ReadyLine);
        Assert.False(process.HasEnded);
    }

    [Fact]
    public async Task Its_id_is_its_own_and_not_the_guards()
    {
        await using var process = await StartAsync("echo \"I am $$\"; exec sleep 60", "I am");
        Assert.Equal($"I am {process.Id}", process.ReadyLine);
    }

    [Fact]
    public async Task Its_end_ends_the_process()
    {
        var process = await StartAsync("echo ready; exec sleep 60", "ready");
        using var itself = Process.GetProcessById(process.Id);
        await process.DisposeAsync();
        await itself.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Deadline, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Its_input_stays_open_until_its_end()
    {
        // The script reads its input by itself and is deaf to signals.
        var process = await StartAsync("trap '' TERM; echo ready; read -r _; exit 0", "ready");
        using var itself = Process.GetProcessById(process.Id);
        Assert.False(process.HasEnded);
        await process.DisposeAsync();
        await itself.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Deadline, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_process_that_ends_too_early_is_said_so_with_its_last_lines()
    {
        var failure = await Assert.ThrowsAsync<MeasurementException>(() => StartAsync("echo port taken >&2; exit 3", "ready"));
        Assert.Contains("ended with 3", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_said_so() =>
        await Assert.ThrowsAsync<MeasurementException>(
            () => GuardedProcess.StartAsync("Nothing", ["/no/such/program"], "ready", Deadline, TestContext.Current.CancellationToken));

    [Fact]
    public async Task Cpu_and_memory_are_read_from_the_kernel()
    {
        await using var process = await StartAsync("n=0; while [ $n -lt 300000 ]; do n=$((n+1)); done; echo done; exec sleep 60", "done");
        Assert.True(process.Usage.Cpu > TimeSpan.Zero);
        Assert.True(process.Usage.ResidentBytes > 0);
    }

    private static Task<GuardedProcess> StartAsync(string script, string awaited) =>
        GuardedProcess.StartAsync("The script", ["/bin/sh", "-c", script], awaited, Deadline, TestContext.Current.CancellationToken);
}
