using CareCoordination.Storage.Engines;

namespace CareCoordination.Storage.Commits;

/// <summary>A row by which a transaction whose answer was lost is recognised in the database.</summary>
internal abstract record CommitEvidence
{
    /// <summary>True where the row is there.</summary>
    public abstract Task<bool> IsFoundAsync(DbSession session, SqlDialect dialect);
}

internal sealed record VersionEvidence(long Sequence, long ResourceKey, int Version, long LastUpdated, byte[]? Body)
    : CommitEvidence
{
    public override async Task<bool> IsFoundAsync(DbSession session, SqlDialect dialect)
    {
        var sql = new SqlBuilder(dialect)
            .Add(
                $"""SELECT "Body" FROM "ResourceVersion" WHERE "Sequence" = {Sequence} AND "ResourceKey" = {ResourceKey} """
            )
            .Add($"""AND "Version" = {Version} AND "LastUpdated" = {LastUpdated}""")
            .Build();
        var bodies = await session.QueryAsync(
            sql,
            row => row.IsDBNull(0) ? null : row.GetFieldValue<byte[]>(0),
            CancellationToken.None
        );
        return bodies is [var body] && body.AsSpan().SequenceEqual(Body);
    }
}

/// <summary>A transaction that made no version of a resource, only a state of a message.</summary>
internal sealed record OutboxEvidence(string Id, long Sequence) : CommitEvidence
{
    public override async Task<bool> IsFoundAsync(DbSession session, SqlDialect dialect)
    {
        var sql = new SqlBuilder(dialect).Add($"""SELECT "Sequence" FROM "Outbox" WHERE "MessageId" = {Id}""").Build();
        var found = await session.QueryAsync(sql, row => row.GetInt64(0), CancellationToken.None);
        return found is [var sequence] && sequence == Sequence;
    }
}

/// <summary>A transaction that only left lines in the audit trail: no other row has the hash.</summary>
internal sealed record AuditEvidence(AuditHead Row) : CommitEvidence
{
    public override async Task<bool> IsFoundAsync(DbSession session, SqlDialect dialect)
    {
        var sql = new SqlBuilder(dialect)
            .Add($"""SELECT "Hash" FROM "AuditRow" WHERE "Sequence" = {Row.Sequence}""")
            .Build();
        var found = await session.QueryAsync(sql, row => row.GetFieldValue<byte[]>(0), CancellationToken.None);
        return found is [var hash] && hash.AsSpan().SequenceEqual(Row.Hash.Span);
    }
}
