using EligibilityGateway.Common;
using Npgsql;

namespace EligibilityGateway.Gateway.Storage;

/// <summary>
/// A gateway's connections to Postgres, in pools that can't take from each other: a flood of unknown certificates or of charges leaves
/// records and findings theirs. A Postgres serves several gateways, and more reads at once make none of them faster, so all of them
/// together are <see cref="MostConnections"/>.
/// </summary>
public sealed class StorePools : IDisposable, IAsyncDisposable
{
    /// <summary>Of one gateway, unless its connection string allows more. With fewer there would be a pool with none to spare while one hangs.</summary>
    public const int MostConnections = 20;

    private const int ProbeConnections = 3;

    private StorePools(NpgsqlDataSource records, NpgsqlDataSource probe, NpgsqlDataSource admission, NpgsqlDataSource reads, NpgsqlDataSource others)
    {
        Records = records;
        Probe = probe;
        Admission = admission;
        Reads = reads;
        Others = others;
    }

    /// <summary>For the writing of records, and the drain of the journal.</summary>
    public NpgsqlDataSource Records { get; }

    /// <summary>For what tells whether Postgres is away. What waits for records must not make it wait, nor look away.</summary>
    public NpgsqlDataSource Probe { get; }

    /// <summary>For the register of terminals, and the connection that hears of revocations.</summary>
    public NpgsqlDataSource Admission { get; }

    /// <summary>For findings alone.</summary>
    public NpgsqlDataSource Reads { get; }

    /// <summary>For all that no tap waits for: resends, charges, applications, appointments, partitions.</summary>
    public NpgsqlDataSource Others { get; }

    /// <param name="connectionString">The serving role's, as the settings have it; what it says itself is obeyed.</param>
    /// <exception cref="SettingsException">It allows fewer connections than a gateway can serve with.</exception>
    public static StorePools Open(string connectionString)
    {
        var given = new NpgsqlConnectionStringBuilder(connectionString);
        var most = IsGiven(given, "Maximum Pool Size") ? given.MaxPoolSize : MostConnections;
        if (most < MostConnections)
            throw new SettingsException($"\"postgres\" in the settings says Maximum Pool Size={most}: a gateway needs {MostConnections} connections or more.");
        var (records, others) = (most / 5, most * 3 / 20);
        return new StorePools(
            Build(given, records, "records"),
            Build(given, ProbeConnections, "probe", longestOpening: 1),
            Build(given, others, "admission"),
            Build(given, most - records - ProbeConnections - (2 * others), "reads"),
            Build(given, others, "others"));
    }

    /// <summary>Closes what nobody uses now; what is used is closed once it is given back. Others are opened in their place.</summary>
    public void Clear()
    {
        foreach (var pool in All) pool.Clear();
    }

    public void Dispose()
    {
        foreach (var pool in All) pool.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var pool in All) await pool.DisposeAsync();
    }

    private NpgsqlDataSource[] All => [Records, Probe, Admission, Reads, Others];

    private static NpgsqlDataSource Build(NpgsqlConnectionStringBuilder given, int size, string use, int longestOpening = 2)
    {
        var connection = new NpgsqlConnectionStringBuilder(given.ConnectionString)
        {
            IncludeErrorDetail = false,
            ApplicationName = $"eligibility gateway, {use}",
            MaxPoolSize = size,
            // What was opened stays: at the next peak nobody waits for its opening.
            MinPoolSize = size,
        };
        // What is read is read over and over. Not every pooler bears it.
        Unless("Max Auto Prepare", () => connection.MaxAutoPrepare = 64);
        Unless("Auto Prepare Min Usages", () => connection.AutoPrepareMinUsages = 2);
        // Nothing here changes a session, so that there is nothing to reset, and a reset costs Postgres as much as a small statement.
        Unless("No Reset On Close", () => connection.NoResetOnClose = true);
        // Whoever waits has a deadline of its own, far shorter; these bound how long what was given up takes to be gone. To cancel a
        // statement takes a connection of its own, which this time-out bounds; what does not hear of it at once is closed.
        var isOneOfSeveral = given.Host?.Contains(',', StringComparison.Ordinal) == true;
        Unless("Timeout", () => connection.Timeout = isOneOfSeveral ? 1 : longestOpening);
        Unless("Command Timeout", () => connection.CommandTimeout = 10);
        Unless("Cancellation Timeout", () => connection.CancellationTimeout = -1);
        // A peer that went without a word is noticed on connections that nobody uses, too.
        Unless("Tcp Keepalive", () => connection.TcpKeepAlive = true);
        Unless("Tcp Keepalive Time", () => connection.TcpKeepAliveTime = 2);
        Unless("Tcp Keepalive Interval", () => connection.TcpKeepAliveInterval = 1);
        if (isOneOfSeveral)
        {
            Unless("Target Session Attributes", () => connection.TargetSessionAttributes = "primary");
            // How long a host that was not the primary, or not there, is passed over: a fail-over is seen within a second.
            Unless("Host Recheck Seconds", () => connection.HostRecheckSeconds = 1);
        }
        // No parameter logging: values are persons' numbers.
        return new NpgsqlDataSourceBuilder(connection.ConnectionString).EnableParameterLogging(false).Build();

        void Unless(string keyword, Action set)
        {
            if (!IsGiven(given, keyword)) set();
        }
    }

    /// <summary>Whether it stands in the connection string. ContainsKey is true for every keyword that there is.</summary>
    private static bool IsGiven(NpgsqlConnectionStringBuilder given, string keyword) => given.Keys.Contains(keyword, StringComparer.OrdinalIgnoreCase);
}
