using System.Data;
using System.Net.Sockets;
using Npgsql;

namespace EligibilityGateway.Gateway.Storage;

/// <summary>What a failure of a statement says, read from the exception in this one place.</summary>
internal enum StoreFault
{
    /// <summary>It is none of the store's: a bug, or whoever asked is gone.</summary>
    None,

    /// <summary>Postgres refused the rows (classes 22 and 23): it is there, and others' rows are not concerned.</summary>
    AboutTheData,

    /// <summary>
    /// The connection is of no use any more: cut, ended by a restart of the server, or to a server that no longer takes writes. A fresh
    /// one may be.
    /// </summary>
    ConnectionGone,

    /// <summary>It took too long. That says nothing about whether Postgres is there: busy is not away.</summary>
    Slow,

    /// <summary>Postgres is there and will not do it: a right that is missing, a full disk, another schema.</summary>
    Refused,
}

internal static class StoreFaults
{
    // 08: connection exception; 57P01 to 57P05: the server ended the session or starts; 25P03: it ended one that idled in a transaction;
    // 25006: a primary that became read-only.
    private static readonly string[] Gone =
    [
        "08", PostgresErrorCodes.AdminShutdown, PostgresErrorCodes.CrashShutdown, PostgresErrorCodes.CannotConnectNow, PostgresErrorCodes.DatabaseDropped,
        PostgresErrorCodes.IdleSessionTimeout, "25P03", PostgresErrorCodes.ReadOnlySqlTransaction,
    ];

    // A lock or a cancelled statement: somebody else's work, or a time-out that the store keeps itself; a deadlock, a conflict.
    private static readonly string[] Slow =
    [
        PostgresErrorCodes.LockNotAvailable, PostgresErrorCodes.QueryCanceled, PostgresErrorCodes.DeadlockDetected, PostgresErrorCodes.SerializationFailure,
        PostgresErrorCodes.TooManyConnections,
    ];

    public static StoreFault Of(Exception e) => e switch
    {
        PostgresException { SqlState: var state } => OfState(state),
        NpgsqlException { InnerException: TimeoutException } or TimeoutException or OperationCanceledException => StoreFault.Slow,
        NpgsqlException or IOException or SocketException => StoreFault.ConnectionGone,
        _ => StoreFault.None,
    };

    /// <summary>
    /// Whether it is what a broken connection made of the statement that ran on it: cut off in the middle of a message the driver may throw
    /// anything.
    /// </summary>
    public static bool IsOfBrokenConnection(Exception e, NpgsqlConnection connection) =>
        e is not (NpgsqlException or OperationCanceledException) && connection.State != ConnectionState.Open;

    /// <summary>The same as a failure of the store.</summary>
    public static NpgsqlException BrokenConnection(Exception e) => new("The connection broke under its statement.", e);

    /// <summary>For the log: what kind of failure it was, never what was asked.</summary>
    public static string KindOf(Exception e) => e switch
    {
        PostgresException { SqlState: var state } => $"SQLSTATE {state}",
        NpgsqlException { InnerException: { } inner } => KindOf(inner),
        SocketException { SocketErrorCode: var code } => code.ToString(),
        _ => e.GetType().Name,
    };

    private static StoreFault OfState(string state)
    {
        if (state.StartsWith("22", StringComparison.Ordinal) || state.StartsWith("23", StringComparison.Ordinal)) return StoreFault.AboutTheData;
        if (Array.Exists(Gone, one => state.StartsWith(one, StringComparison.Ordinal))) return StoreFault.ConnectionGone;
        return Array.Exists(Slow, one => state == one) ? StoreFault.Slow : StoreFault.Refused;
    }
}
