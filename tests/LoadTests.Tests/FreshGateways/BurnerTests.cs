using System.Diagnostics;
using EligibilityGateway.LoadTests.FreshGateways;

namespace EligibilityGateway.LoadTests.Tests.FreshGateways;

public sealed class BurnerTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    public BurnerTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "Measurements read /proc.");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_uses_up_processor_time_until_it_is_ended()
    {
        var burner = await Burner.StartAsync(Cancellation);
        using var itself = Process.GetProcessById(burner.Id);
        var before = burner.Usage.Cpu;
        using var limit = new CancellationTokenSource(Deadline);
        // More than a runtime uses up for its start. A loop that looks is a burner too, but a fair one.
        while (burner.Usage.Cpu - before < TimeSpan.FromSeconds(1))
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
        Assert.False(burner.HasEnded);
        await burner.DisposeAsync();
        await itself.WaitForExitAsync(Cancellation).WaitAsync(Deadline, Cancellation);
    }

    [Fact]
    public async Task It_ends_with_whoever_started_it_even_without_a_guard()
    {
        using var burner = Process.Start(new ProcessStartInfo("dotnet", [typeof(BurnCommand).Assembly.Location, BurnCommand.Name])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        Assert.Equal(BurnCommand.ReadyLine, await burner.StandardOutput.ReadLineAsync(Cancellation).AsTask().WaitAsync(Deadline, Cancellation));
        // All that is left of a parent that was killed: the kernel closes its end of the pipe.
        burner.StandardInput.Close();
        await burner.WaitForExitAsync(Cancellation).WaitAsync(Deadline, Cancellation);
        Assert.Equal(0, burner.ExitCode);
    }

    [Fact]
    public async Task It_stops_burning_when_it_is_told_to()
    {
        using var output = new StringWriter();
        await BurnCommand.BurnAsync(Stream.Null, output, Cancellation).WaitAsync(Deadline, Cancellation);
        Assert.Equal(BurnCommand.ReadyLine + Environment.NewLine, output.ToString());
    }
}
