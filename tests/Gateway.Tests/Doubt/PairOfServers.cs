using System.Diagnostics;
using EligibilityGateway.Demo.Embedded;
using EligibilityGateway.Gateway.Storage;

namespace EligibilityGateway.Gateway.Tests.Doubt;

/// <summary>A primary and a standby of the same database, as a fail-over leaves them: real servers, the second a copy of the first in recovery.</summary>
internal sealed class PairOfServers : IAsyncDisposable
{
    private readonly string _folder;
    private readonly ClusterFolder _standbyFolder;
    private readonly Postmaster _standby;

    private PairOfServers(string folder, EmbeddedPostgres primary, ClusterFolder standbyFolder, Postmaster standby, int standbyPort)
    {
        _folder = folder;
        Primary = primary;
        _standbyFolder = standbyFolder;
        _standby = standby;
        StandbyPort = standbyPort;
    }

    public EmbeddedPostgres Primary { get; }

    /// <summary>On 127.0.0.1.</summary>
    public int StandbyPort { get; }

    public static async Task<PairOfServers> StartAsync(CancellationToken cancellation)
    {
        var folder = TestFolder.NewPath();
        var (first, second) = (Path.Combine(folder, "first"), Path.Combine(folder, "second"));
        Directory.CreateDirectory(second);
        string data;
        await using (var made = await EmbeddedPostgres.StartAsync(first, cancellation))
        {
            await Migrator.MigrateAsync(made.ConnectionString(StoreRole.Owner), report: null, cancellation);
            data = Path.Combine(made.Folder, ClusterFolder.DataName);
        }

        // A copy of the stopped cluster that stays in recovery: it takes no writes, and waits for a primary's changes that never come.
        var place = await ClusterPlace.ChooseAsync(second, cancellation);
        var files = ClusterFolder.Open(place);
        await RunAsync("cp", "-a", data, files.Data);
        var signal = Path.Combine(files.Data, "standby.signal");
        await File.WriteAllTextAsync(signal, "", cancellation);
        place.User.GiveTo(signal);
        var port = FreePort.Choose();
        ClusterFolder.Replace(files.HostRules, ClusterConfiguration.HostRules);
        ClusterFolder.Replace(files.Configuration, ClusterConfiguration.Settings(port, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes));
        var standby = await Postmaster.StartAsync(await PostgresBinaries.FindAsync(files.Major, cancellation), place.User, files, cancellation);
        return new PairOfServers(folder, await EmbeddedPostgres.StartAsync(first, cancellation), files, standby, port);
    }

    public async ValueTask DisposeAsync()
    {
        await _standby.DisposeAsync();
        _standbyFolder.Dispose();
        await Primary.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var child = Process.Start(program, arguments);
        await child.WaitForExitAsync();
        Assert.Equal(0, child.ExitCode);
    }
}
