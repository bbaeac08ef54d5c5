using EligibilityGateway.Gateway.Tests.Access;
using EligibilityGateway.Gateway.Tests.Feeds.Insurers.Deliveries;

namespace EligibilityGateway.Gateway.Tests.Startup;

/// <summary>A real gateway process takes nothing from the folder and the variables that it happens to be started with.</summary>
public sealed class BareHostTests(TestStores stores) : IAsyncLifetime
{
    private InsurerTown _town = null!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Ports and watches are read from /proc.");
        _town = await InsurerTown.OpenAsync(stores);
    }

    public async ValueTask DisposeAsync() => await _town.DisposeAsync();

    [Fact]
    public async Task Only_the_ports_that_are_meant_listen_nothing_is_watched_and_the_log_is_as_it_was()
    {
        using var place = new HostilePlace();
        var gateway = await GatewayProcess.StartAsync(_town.Settings() with { Ready = "http://127.0.0.1:0" }, place.Words);
        string printed, complained;
        await using (gateway)
        {
            var process = HostilePlace.ProcessIdIn(gateway.Printed);
            int[] meant = [gateway.Address.Port, gateway.InsurerFeedAddress.Port, gateway.ReadyAddress.Port];
            Assert.Equal(meant.Order(), ProcessPorts.ListenedAtBy(process));
            // The revocation lists' folder is looked at by the clock, and the settings are read once.
            Assert.Equal(0, ProcessPorts.WatchesOf(process));

            using var desk = new TestDesk(gateway.Address, await _town.Town.AddTerminalAsync(Contracts.TerminalRole.Reception));
            await desk.ChallengeAsync();
            (printed, complained) = await gateway.KillAsync();
        }
        Assert.Equal("", complained);
        Assert.Contains("Journal opened in", printed, StringComparison.Ordinal);
        Assert.DoesNotMatch("(?m)^(trce|dbug): ", printed);
        Assert.DoesNotContain("Microsoft.", printed, StringComparison.Ordinal);
        Assert.DoesNotContain("Grpc.", printed, StringComparison.Ordinal);
    }
}
