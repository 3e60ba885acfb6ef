using System.Collections.Immutable;
using System.Net.Sockets;
using System.Security.Authentication;
using Npgsql;

namespace CareCoordination.Storage.Engines;

/// <summary>What PostgreSQL's and Npgsql's errors mean. https://www.postgresql.org/docs/current/errcodes-appendix.html</summary>
internal static class PostgreSqlFaults
{
    /// <summary>By SQLSTATE or by what it begins with; of several that fit the longest holds. What is not here is permanent.</summary>
    public static readonly ImmutableArray<FaultRule<string>> Table =
    [
        new("08", Fault.ConnectionLost, "connection exceptions, of the server or of a proxy before it"),
        new("25006", Fault.ReadOnly, "a change on a standby, or on a primary that was made read only"),
        new("25P03", Fault.ConnectionLost, "the session stood still inside a transaction and was ended"),
        new(
            "25P04",
            Fault.ConnectionLost,
            "the transaction took longer than the server allows, and the session was ended"
        ),
        new("28", Fault.ConnectionLost, "the login is refused: a password or an access rule that changed under us"),
        new("3D000", Fault.ConnectionLost, "the database is not there: it is being restored or renamed"),
        new("40001", Fault.Transient, "serialization failure, also of reads on a standby"),
        new("40003", Fault.ConnectionLost, "statement completion unknown"),
        new("40P01", Fault.Transient, "a deadlock that the server ended"),
        new("53", Fault.Transient, "too many connections, too little memory, a configured limit"),
        new("53100", Fault.DiskFull, "disk full"),
        new("55006", Fault.Transient, "an object is in use by others"),
        new("55P03", Fault.Locked, "lock not available within lock_timeout"),
        new("57014", Fault.Timeout, "the statement was cancelled: by our time limit, the server's or an administrator"),
        new("57P", Fault.ConnectionLost, "shut down, crashed, starting up, dropped, or idle for too long"),
        new("58", Fault.StorageFailed, "the server could not read or write its files"),
        new("72000", Fault.Transient, "the snapshot of a read is too old"),
    ];

    public static Fault Classify(Exception exception) =>
        exception switch
        {
            PostgresException { SqlState: var state } => Of(state),
            NpgsqlException { InnerException: TimeoutException } or TimeoutException => Fault.Timeout,
            // No host of the list is one to write to, or none answers: which of them it is may change at any moment.
            NpgsqlException => Fault.ConnectionLost,
            IOException or SocketException or ObjectDisposedException or AuthenticationException =>
                Fault.ConnectionLost,
            InvalidOperationException when exception.Source == "Npgsql" => Fault.ConnectionLost,
            _ => Fault.Permanent,
        };

    public static Fault Of(string state)
    {
        var best = new FaultRule<string>("", Fault.Permanent, "");
        foreach (var rule in Table)
        {
            if (state.StartsWith(rule.Code, StringComparison.Ordinal) && rule.Code.Length > best.Code.Length)
                best = rule;
        }

        return best.Fault;
    }
}
