using System.Net.Sockets;
using System.Security.Authentication;
using Npgsql;

namespace EligibilityGateway.Gateway.Storage;

/// <summary>
/// What an operator can do about a Postgres that refused or did not answer. Postgres' own sentences are not passed on: they may quote
/// the values of a statement.
/// </summary>
internal static class StoreAdvice
{
    /// <summary>What it means, as a part of a sentence.</summary>
    public static string Of(NpgsqlException fault) => fault is PostgresException { SqlState: var state } ? OfRefusal(state) : OfConnection(fault);

    private static string OfRefusal(string state) => state switch
    {
        PostgresErrorCodes.InvalidPassword => "the password is wrong",
        PostgresErrorCodes.InvalidAuthorizationSpecification => "the role does not exist, may not log in, or may not connect from here (pg_hba.conf)",
        PostgresErrorCodes.InvalidCatalogName => "there is no database of that name",
        PostgresErrorCodes.InsufficientPrivilege => "the role may not do that",
        PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedFunction or PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.InvalidSchemaName =>
            $"tables are missing there (Search Path={StoreSchema.Name} is not in the connection string, or `gateway migrate` has not run)",
        PostgresErrorCodes.TooManyConnections => "it has no connection left",
        PostgresErrorCodes.CannotConnectNow => "it is just starting or stopping",
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown => "it is being stopped",
        PostgresErrorCodes.ReadOnlySqlTransaction => "it is a standby, or read-only",
        PostgresErrorCodes.DiskFull => "its disk is full",
        PostgresErrorCodes.OutOfMemory => "it has no memory left",
        PostgresErrorCodes.QueryCanceled => "it took too long",
        PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure => "somebody else is at work on the same rows",
        _ => $"it refused for a reason that this program does not know (its code is {state})",
    };

    private static string OfConnection(NpgsqlException fault)
    {
        for (Exception? cause = fault; cause is not null; cause = cause is AggregateException { InnerExceptions: [var first, ..] } ? first : cause.InnerException)
        {
            switch (cause)
            {
                // One of several hosts may say more than that none of them will do.
                case PostgresException refusal: return OfRefusal(refusal.SqlState);
                case SocketException socket: return OfSocket(socket.SocketErrorCode);
                case TimeoutException: return "it does not answer in time";
                case AuthenticationException: return "TLS does not come about (its certificate is not trusted, or is another host's)";
                // Npgsql gives these no type of their own.
                case NpgsqlException { Message: var message } when message.StartsWith("No password has been provided", StringComparison.Ordinal): return "it asks for a password, and none is given";
                case NpgsqlException { Message: var message } when message.StartsWith("No suitable host", StringComparison.Ordinal):
                    return "none of its hosts is as Target Session Attributes asks";
                case NpgsqlException { Message: var message } when message.StartsWith("SSL connection requested", StringComparison.Ordinal): return "it does not offer TLS, which SSL Mode asks for";
            }
        }
        return "the connection broke off";
    }

    private static string OfSocket(SocketError error) => error switch
    {
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "the host is not found",
        SocketError.ConnectionRefused => "nothing listens at that host and port",
        SocketError.TimedOut => "it does not answer in time",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable => "no way leads to that host",
        _ => "the connection broke off",
    };
}
