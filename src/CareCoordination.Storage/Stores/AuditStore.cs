using System.Collections.Immutable;
using CareCoordination.Storage.Audit;
using CareCoordination.Storage.Commits;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Rows;

namespace CareCoordination.Storage.Stores;

/// <summary>
/// The audit trail: lines that are no part of a write go in here, and all come out. Every method throws
/// <see cref="StoreUnavailableException"/> where the database cannot be used at the moment.
/// </summary>
internal sealed class AuditStore(SessionPool readers, Committer committer, SqlDialect dialect)
{
    /// <summary>Links that are read at once before they are removed: about a megabyte.</summary>
    private const int LinksAtOnce = 64;

    private readonly AuditSql _sql = new(dialect);

    /// <summary>On return the lines are durable, in their order.</summary>
    public Task AppendAsync(ImmutableArray<AuditLine> lines, CancellationToken cancellationToken) =>
        committer.CommitAsync(new Commit([], []) { Audit = lines }, cancellationToken);

    public Task<AuditPage> RowsAsync(AuditQuery query, CancellationToken cancellationToken) =>
        readers.ReadAsync(query, _sql.ReadAsync, cancellationToken);

    /// <summary>The links that rows are in, as they lie in the table, for whoever verifies them.</summary>
    public Task<List<ChainLink>> ChainAsync(AuditQuery query, CancellationToken cancellationToken) =>
        readers.ReadAsync(query, _sql.LinksAsync, cancellationToken);

    /// <summary>The last row.</summary>
    public Task<AuditHead> HeadAsync(CancellationToken cancellationToken) =>
        readers.ReadAsync(_sql, (session, sql, token) => sql.HeadAsync(session, token), cancellationToken);

    /// <summary>The last row that was removed because its time was over.</summary>
    public Task<AuditHead> CutAsync(CancellationToken cancellationToken) =>
        readers.ReadAsync(_sql, (session, sql, token) => sql.CutAsync(session, token), cancellationToken);

    /// <summary>The first row that was recorded at or after an instant; one behind the last where there is none.</summary>
    public Task<long> FirstSinceAsync(DateTimeOffset instant, CancellationToken cancellationToken) =>
        readers.ReadAsync(instant, _sql.FirstSinceAsync, cancellationToken);

    /// <summary>Which of the keys that rows should be found by are not there.</summary>
    public Task<List<(long Key, long Sequence)>> MissingKeysAsync(
        RowBuffer keys,
        CancellationToken cancellationToken
    ) => readers.ReadAsync(keys, _sql.MissingKeysAsync, cancellationToken);

    /// <summary>Removes the oldest links that were recorded before an instant, until so many rows are gone.</summary>
    /// <returns>How many rows were found; fewer than <paramref name="count"/>: there are no more.</returns>
    public async Task<int> PurgeAsync(DateTimeOffset before, int count, CancellationToken cancellationToken)
    {
        var over = await OverAsync(before, count, cancellationToken);
        if (over.IsEmpty)
            return 0;
        await committer.CommitAsync(new Commit([], []) { Expired = [new ExpiredAudit(over)] }, cancellationToken);
        return (int)(over[^1].Sequence - over[0].First + 1);
    }

    /// <summary>What is damaged stays, and so does what comes after it: somebody has to see it.</summary>
    private async Task<ImmutableArray<ChainLink>> OverAsync(
        DateTimeOffset before,
        int count,
        CancellationToken cancellationToken
    )
    {
        var over = ImmutableArray.CreateBuilder<ChainLink>();
        var cut = await CutAsync(cancellationToken);
        for (var (next, end) = (cut.Sequence + 1, cut.Sequence + count); next <= end; )
        {
            var query = new AuditQuery { Links = LinksAtOnce, First = next };
            var oldest = await ChainAsync(query, cancellationToken);
            foreach (var link in oldest)
            {
                if (next > end)
                    break;
                if (link.First != next || link.Recorded >= before.UtcTicks || !link.IsReadable)
                    return over.DrainToImmutable();
                over.Add(link);
                next = link.Sequence + 1;
            }

            if (oldest.Count < LinksAtOnce)
                break;
        }

        return over.DrainToImmutable();
    }
}
