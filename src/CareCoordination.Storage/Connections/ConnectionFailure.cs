using System.Data.Common;
using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace CareCoordination.Storage.Connections;

/// <summary>What an operator is told whose database cannot be used.</summary>
public static class ConnectionFailure
{
    private static readonly string[] Drivers = ["Npgsql", "Microsoft.Data.Sqlite", "Microsoft.Data.SqlClient"];

    /// <summary>True for what the database, its driver or the way there said; false for our own bugs.</summary>
    public static bool IsOne(Exception exception) =>
        exception
            is DbException
                or IOException
                or SocketException
                or TimeoutException
                or AuthenticationException
                or UnauthorizedAccessException
        || Drivers.Contains(exception.Source, StringComparer.Ordinal)
        || (exception.InnerException is { } inner && IsOne(inner));

    /// <summary>A sentence. Drivers name hosts, users and databases in their messages, and no passwords.</summary>
    public static string Describe(ConnectionReading connection, Exception exception) =>
        $"{connection.Place} cannot be used: {Reason(exception)}.";

    private static string Reason(Exception exception) =>
        exception switch
        {
            AggregateException all => string.Join("; ", all.InnerExceptions.Select(Reason).Distinct()),
            PostgresException e => $"{e.MessageText} ({e.SqlState})",
            SqliteException { SqliteErrorCode: 8 } => "it may not be written",
            SqliteException { SqliteErrorCode: 14 } =>
                "it cannot be opened or made; it must be a file in a folder that may be written",
            SqliteException { SqliteErrorCode: 26 } => "it is no SQLite database",
            // The driver remembers for a moment which hosts do not answer or are standbys.
            NpgsqlException { Message: "No suitable host was found." } => "none of them is a primary that answers",
            SqlException { InnerException: AuthenticationException } =>
                "its certificate is not trusted; give it one that this machine trusts, or add TrustServerCertificate=True to the connection string",
            { InnerException: { } inner } => Reason(inner),
            _ => exception.Message.Split('\n')[0].TrimEnd('.', '\r', ' '),
        };
}
