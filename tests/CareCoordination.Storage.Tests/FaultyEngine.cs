using System.Collections.Concurrent;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Rows;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace CareCoordination.Storage.Tests;

/// <summary>Where in the life of a transaction the database fails.</summary>
public enum At
{
    Open,

    /// <summary>Before the write lock is taken.</summary>
    Begin,

    /// <summary>With the lock held and the resources read.</summary>
    AfterBegin,

    /// <summary>Where rows are written for a search to see.</summary>
    Flush,

    /// <summary>Nothing of the last statements has reached the database.</summary>
    BeforeCommit,

    /// <summary>The transaction has committed, and only the answer is lost.</summary>
    AfterCommit,

    Rollback,
}

/// <summary>What goes wrong, in its order: each entry is used up the first time that its place is come to.</summary>
internal sealed class FaultPlan
{
    private readonly ConcurrentQueue<(At At, Func<Exception> Make)> _entries = new();

    public FaultPlan Then(At at, Func<Exception> exception)
    {
        _entries.Enqueue((at, exception));
        return this;
    }

    public FaultPlan Then(At at, Func<Exception> exception, int times)
    {
        for (var i = 0; i < times; i++)
            Then(at, exception);
        return this;
    }

    public bool IsUsedUp => _entries.IsEmpty;

    public void ThrowIfDue(At at)
    {
        if (Take(at) is { } exception)
            throw exception;
    }

    public Exception? Take(At at) =>
        _entries.TryPeek(out var next) && next.At == at && _entries.TryDequeue(out next) ? next.Make() : null;
}

/// <summary>A real engine on which a test can let the committer's connection fail.</summary>
internal sealed class FaultyEngine(StorageOptions options, FaultPlan plan) : DatabaseEngine(options)
{
    private readonly DatabaseEngine _inner = Create(options);

    public override int MaxReaders => _inner.MaxReaders;

    public override SqlDialect Dialect => _inner.Dialect;

    public override string? CurrentVersionsSql => _inner.CurrentVersionsSql;

    public override Task<DbSession> OpenReaderAsync(CancellationToken cancellationToken) =>
        _inner.OpenReaderAsync(cancellationToken);

    public override async Task<CommitWriter> OpenWriterAsync(CancellationToken cancellationToken)
    {
        plan.ThrowIfDue(At.Open);
        return new FaultyWriter(await _inner.OpenWriterAsync(cancellationToken), plan);
    }

    public override bool IsCurrent(DbSession session) => _inner.IsCurrent(session);

    public override Fault Classify(Exception exception) => _inner.Classify(exception);

    public override bool IsRefusal(Exception exception) => _inner.IsRefusal(exception);

    public override ValueTask DisposeAsync() => _inner.DisposeAsync();

    private sealed class FaultyWriter(CommitWriter inner, FaultPlan plan) : CommitWriter(inner.Session)
    {
        public override async Task<WriteLock> BeginAsync(BeginRequest request, CancellationToken cancellationToken)
        {
            plan.ThrowIfDue(At.Begin);
            var writeLock = await inner.BeginAsync(request, cancellationToken);
            plan.ThrowIfDue(At.AfterBegin);
            return writeLock;
        }

        public override async Task WriteAsync(StagedRows rows, bool commit, CancellationToken cancellationToken)
        {
            plan.ThrowIfDue(commit ? At.BeforeCommit : At.Flush);
            await inner.WriteAsync(rows, commit, cancellationToken);
            if (commit)
                plan.ThrowIfDue(At.AfterCommit);
        }

        public override async Task RollbackAsync(CancellationToken cancellationToken)
        {
            plan.ThrowIfDue(At.Rollback);
            await inner.RollbackAsync(cancellationToken);
        }

        public override ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}

/// <summary>What the drivers throw, by kind.</summary>
internal static class Thrown
{
    public static Exception ConnectionLost(StorageProvider provider) =>
        provider == StorageProvider.Sqlite
            ? new SqliteException("disk I/O error", 10)
            : new NpgsqlException("Exception while reading from stream", new EndOfStreamException());

    /// <summary>The answer did not come in time: it is we who gave up.</summary>
    public static Exception Timeout(StorageProvider provider) =>
        provider == StorageProvider.Sqlite
            ? new SqliteException("interrupted", 9)
            : new NpgsqlException("Exception while reading from stream", new TimeoutException());

    /// <summary>The database ended a statement that took too long.</summary>
    public static Exception Cancelled(StorageProvider provider) =>
        provider == StorageProvider.Sqlite ? new SqliteException("interrupted", 9) : Server("57014");

    public static Exception Conflict(StorageProvider provider) =>
        provider == StorageProvider.Sqlite ? new SqliteException("table is locked", 6) : Server("40P01");

    public static Exception Locked(StorageProvider provider) =>
        provider == StorageProvider.Sqlite ? new SqliteException("database is locked", 5) : Server("55P03");

    public static Exception DiskFull(StorageProvider provider) =>
        provider == StorageProvider.Sqlite ? new SqliteException("disk is full", 13) : Server("53100");

    public static Exception ReadOnly(StorageProvider provider) =>
        provider == StorageProvider.Sqlite ? new SqliteException("readonly database", 8) : Server("25006");

    public static Exception DuplicateKey(StorageProvider provider) =>
        provider == StorageProvider.Sqlite ? new SqliteException("constraint failed", 19) : Server("23505");

    /// <summary>Nothing that any table of errors knows.</summary>
    public static Exception Bug() => new NotSupportedException("What nobody thought of.");

    private static PostgresException Server(string state) => new("said", "ERROR", "ERROR", state);
}
