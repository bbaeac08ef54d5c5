using System.Diagnostics;
using EligibilityGateway.Gateway.Storage;
using Npgsql;

namespace EligibilityGateway.Demo.Embedded;

/// <summary>
/// A private PostgreSQL cluster in a folder, started from the installed programs, on the loopback address only. It is the real
/// thing, small: durable, with checksums, with the roles of production. It never is or touches the system's cluster, never runs as
/// root, and ends with this process.
/// </summary>
public sealed class EmbeddedPostgres : IAsyncDisposable
{
    /// <summary>The database that holds the gateway's schema.</summary>
    public const string DatabaseName = "eligibility";

    private const string Superuser = "eg_superuser";

    private static readonly TimeSpan MakeDeadline = TimeSpan.FromMinutes(2);

    /// <summary>How long backends of a killed server may take to notice.</summary>
    private static readonly TimeSpan StrayBackendsDeadline = TimeSpan.FromSeconds(30);

    private const int PortAttempts = 5;

    private readonly ClusterFolder _folder;
    private readonly Postmaster _postmaster;
    private readonly ClusterSecrets _secrets;

    private EmbeddedPostgres(ClusterPlace place, ClusterFolder folder, Postmaster postmaster, ClusterSecrets secrets, int port)
    {
        Folder = place.Folder;
        IsAside = place.IsAside;
        Port = port;
        _folder = folder;
        _postmaster = postmaster;
        _secrets = secrets;
    }

    /// <summary>Where the cluster really is.</summary>
    public string Folder { get; }

    /// <summary>
    /// The cluster is not in the folder that was asked for, since the unprivileged user that it runs as can't enter that; it is in
    /// <see cref="Folder"/>, again at the next start.
    /// </summary>
    public bool IsAside { get; }

    /// <summary>On 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Of the server.</summary>
    public int ProcessId => _postmaster.ProcessId;

    /// <summary>Of the guardian that stops the server when we are gone; null on Windows.</summary>
    public int? GuardianProcessId => _postmaster.GuardianProcessId;

    /// <summary>For the fixtures of tests and the operator's own hand; serving never uses it.</summary>
    public string SuperuserConnectionString(string database = DatabaseName) => ConnectionString(Superuser, database);

    /// <summary>How that role connects.</summary>
    public string ConnectionString(StoreRole role, string database = DatabaseName) => ConnectionString(role.LoginName(), database);

    /// <summary>
    /// Starts the cluster of that folder. A new or half-made one is made; what a killed process left is mended. The database and the
    /// roles are there afterwards; the schema is <see cref="Migrator"/>'s.
    /// </summary>
    /// <exception cref="StorageException">It can't be; the message says in one line what to do.</exception>
    public static async Task<EmbeddedPostgres> StartAsync(string folder, CancellationToken cancellation)
    {
        try
        {
            // 1. Where, as whom, and nobody else.
            var place = await ClusterPlace.ChooseAsync(folder, cancellation);
            var files = ClusterFolder.Open(place);
            try
            {
                return await StartAsync(place, files, cancellation);
            }
            catch
            {
                files.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NpgsqlException or PostmasterRefusedException)
        {
            throw new StorageException($"The private PostgreSQL in {folder} can't be started: {e.Message.ReplaceLineEndings(" ").Trim()}. If its files are damaged, remove the folder: a new one is made.", e);
        }
    }

    /// <summary>Stops the server in order and lets go of the folder.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _postmaster.DisposeAsync();
        }
        finally
        {
            _folder.Dispose();
        }
    }

    private static async Task<EmbeddedPostgres> StartAsync(ClusterPlace place, ClusterFolder files, CancellationToken cancellation)
    {
        // 2. The programs: those that made the cluster, where there is one.
        var binaries = await PostgresBinaries.FindAsync(files.Major, cancellation);

        // 3. What an earlier process left behind.
        await Postmaster.EndLeftoverAsync(binaries, place.User, files, cancellation);
        var isNew = !files.IsComplete;
        if (isNew) files.Clear();

        // 4. The cluster itself.
        var secrets = ClusterSecrets.ReadOrMake(files.Secrets, [Superuser, .. Enum.GetValues<StoreRole>().Select(role => role.LoginName())]);
        if (isNew) await MakeAsync(binaries, place.User, files, secrets, cancellation);

        // 5. The server, with a port of its own.
        var (postmaster, port) = await RunAsync(binaries, place.User, files, cancellation);
        var started = new EmbeddedPostgres(place, files, postmaster, secrets, port);
        try
        {
            // 6. Database and roles: each time, so that a newer version finds those that it brought along.
            await started.MakeDatabaseAsync(cancellation);
            files.MarkComplete();
            return started;
        }
        catch
        {
            await postmaster.DisposeAsync();
            throw;
        }
    }

    private static async Task MakeAsync(
        PostgresBinaries binaries, ClusterUser user, ClusterFolder files, ClusterSecrets secrets, CancellationToken cancellation)
    {
        using var password = files.MakePasswordFile(secrets.PasswordOf(Superuser));
        ChildProgram? result = null;
        // Not every system has C.UTF-8; both sort by code point.
        foreach (var locale in (string[])["C.UTF-8", "C"])
        {
            if (Directory.Exists(files.Data)) Directory.Delete(files.Data, recursive: true);
            files.MakeData();
            var initdb = user.Command(binaries.InitDb,
            [
                "-D", files.Data, "-U", Superuser, $"--pwfile={password.Path}", "--auth=scram-sha-256",
                "--encoding=UTF8", $"--locale={locale}", "--data-checksums", "--no-instructions",
            ]);
            result = await ChildProgram.RunAsync(initdb, MakeDeadline, cancellation);
            if (result.ExitCode == 0) return;
        }
        var reason = result!.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .FirstOrDefault(line => line.Contains("error", StringComparison.OrdinalIgnoreCase) || line.Contains("FATAL", StringComparison.Ordinal));
        throw new StorageException($"A PostgreSQL cluster can't be made in {files.Data}: {reason ?? result.Errors.ReplaceLineEndings(" ").Trim()}");
    }

    private static async Task<(Postmaster Postmaster, int Port)> RunAsync(
        PostgresBinaries binaries, ClusterUser user, ClusterFolder files, CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        var attempts = 0;
        while (true)
        {
            var port = files.Port is { } kept && FreePort.IsFree(kept) && attempts == 0 ? kept : FreePort.Choose();
            ClusterFolder.Replace(files.HostRules, ClusterConfiguration.HostRules);
            ClusterFolder.Replace(files.Configuration, ClusterConfiguration.Settings(port, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes));
            files.KeepPort(port);
            try
            {
                return (await Postmaster.StartAsync(binaries, user, files, cancellation), port);
            }
            catch (PostmasterRefusedException e) when (e.PortTaken && attempts < PortAttempts)
            {
                attempts++;
            }
            catch (PostmasterRefusedException e) when (e.StrayBackends && Stopwatch.GetElapsedTime(began) < StrayBackendsDeadline)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), cancellation);
            }
        }
    }

    private async Task MakeDatabaseAsync(CancellationToken cancellation)
    {
        await using (var first = new NpgsqlConnection(Unpooled(SuperuserConnectionString("postgres"))))
        {
            await first.OpenPatientlyAsync(cancellation);
            await using var exists = new NpgsqlCommand("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", first)
            {
                Parameters = { new() { Value = DatabaseName } },
            };
            if (await exists.ExecuteScalarAsync(cancellation) is false)
            {
                await using var create = new NpgsqlCommand($"CREATE DATABASE {DatabaseName}", first);
                await create.ExecuteNonQueryAsync(cancellation);
            }
        }
        await using var connection = new NpgsqlConnection(Unpooled(SuperuserConnectionString()));
        await connection.OpenPatientlyAsync(cancellation);
        await Bootstrap.RunAsync(connection, cancellation);
        foreach (var role in Enum.GetValues<StoreRole>())
            await Bootstrap.SetPasswordAsync(connection, role, _secrets.PasswordOf(role.LoginName()), cancellation);
    }

    private string ConnectionString(string login, string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = Port,
        Database = database,
        Username = login,
        Password = _secrets.PasswordOf(login),
        SearchPath = StoreSchema.Name,
        SslMode = SslMode.Disable,
        GssEncryptionMode = GssEncryptionMode.Disable,
        IncludeErrorDetail = false,
        Timeout = 5,
        ApplicationName = "eligibility-gateway",
    }.ConnectionString;

    private static string Unpooled(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString;
}
