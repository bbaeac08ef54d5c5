namespace EligibilityGateway.Demo.Embedded;

/// <summary>The configuration of a private cluster. It is written anew at each start, so that an older folder gets what this version needs.</summary>
internal static class ClusterConfiguration
{
    private const long Megabyte = 1 << 20;

    /// <summary>Loopback with a password, nothing else. Without a <c>replication</c> line nobody can copy the whole cluster; decoding changes needs none.</summary>
    public const string HostRules =
        """
        host all all 127.0.0.1/32 scram-sha-256

        """;

    /// <param name="port">On 127.0.0.1.</param>
    /// <param name="memoryBytes">What the machine (or container) has.</param>
    public static string Settings(int port, long memoryBytes) =>
        $"""
        # Written by the gateway at each start: changes here are lost.
        listen_addresses = '127.0.0.1'
        port = {port}
        unix_socket_directories = ''
        max_connections = 200
        ssl = off
        password_encryption = 'scram-sha-256'

        # No answer leaves before its record is durable.
        fsync = on
        full_page_writes = on
        synchronous_commit = on

        # Changes are decoded for the caches. A slot that nobody reads must not fill the disk.
        wal_level = logical
        max_wal_senders = 4
        max_replication_slots = 4
        max_slot_wal_keep_size = '2GB'

        # The log tells faults, never data.
        log_destination = 'stderr'
        log_statement = 'none'
        log_min_error_statement = panic
        log_error_verbosity = terse
        log_parameter_max_length = 0
        log_parameter_max_length_on_error = 0
        log_min_duration_statement = -1
        log_checkpoints = off
        log_line_prefix = '%m [%p] '
        log_timezone = 'UTC'
        timezone = 'UTC'
        lc_messages = 'C'
        update_process_title = off
        cluster_name = 'eligibility-gateway'

        # Many short transactions on few cores, data on flash.
        shared_buffers = '{Math.Clamp(memoryBytes / 8 / Megabyte, 64, 512)}MB'
        max_wal_size = '2GB'
        checkpoint_timeout = '15min'
        random_page_cost = 1.1
        max_worker_processes = 8
        max_parallel_workers_per_gather = 1
        jit = off

        """;
}
