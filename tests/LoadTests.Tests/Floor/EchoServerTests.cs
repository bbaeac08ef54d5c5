using System.Globalization;
using EligibilityGateway.Gateway.Tests.Startup;
using EligibilityGateway.LoadTests.Processes;

namespace EligibilityGateway.LoadTests.Tests.Floor;

/// <summary>The null echo that the gateway is compared with, as a process.</summary>
public sealed class EchoServerTests : IDisposable
{
    private const string Ready = "echoing on ";

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    private readonly string _folder = Directory.CreateTempSubdirectory("eligibility-echo-").FullName;

    public EchoServerTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "Ports and watches are read from /proc.");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task It_listens_at_its_own_port_alone_and_watches_nothing_wherever_it_is_started()
    {
        var now = TimeProvider.System.GetUtcNow();
        var (certificate, key) = TestCertificates.Write(_folder, "server", now.AddDays(-1), now.AddDays(1));
        using var place = new HostilePlace();
        await using var echo = await GuardedProcess.StartAsync(
            "The echo server", [.. place.Words, "dotnet", ProgramPath.Of("benchmarks"), "echo-server", "--certificate", certificate, "--key", key, "--authority", certificate],
            Ready, Deadline, TestContext.Current.CancellationToken, Path.Combine(_folder, "log"));
        Assert.Equal([int.Parse(echo.ReadyLine[Ready.Length..], CultureInfo.InvariantCulture)], ProcessPorts.ListenedAtBy(echo.Id));
        Assert.Equal(0, ProcessPorts.WatchesOf(echo.Id));
        Assert.DoesNotContain("Microsoft.", echo.LastLines, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_it_can_not_start_with_is_told()
    {
        var failure = await Assert.ThrowsAsync<MeasurementException>(() => GuardedProcess.StartAsync(
            "The echo server", ["dotnet", ProgramPath.Of("benchmarks"), "echo-server", "--certificate", "none", "--key", "none", "--authority", "none"],
            Ready, Deadline, TestContext.Current.CancellationToken));
        Assert.Contains("ended with 1. The echo server can't use none", failure.Message, StringComparison.Ordinal);
    }
}
