using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Rows;
using CareCoordination.Storage.Search.Matching;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Search;

/// <summary>
/// The place of a time in the change sequence. Times never go back along the sequence, so a few rounds of looking at it in several
/// places find where one was reached, and neither a walk through all versions nor an index is needed that every write pays for.
/// </summary>
internal sealed class SequenceAt(SqlDialect dialect)
{
    private const int Places = 32;

    // So near it is not worth another round: what is asked for is filtered by its time as well.
    private const long Near = 64;

    private static readonly Sql LastSql = new("""SELECT "Sequence" FROM "ChangeSequence" WHERE "Id" = 1""", []);
    private static readonly TableShape Shape = ValueForm.Listed([new("Place", ColumnType.Long)]);

    /// <summary>
    /// The part of the sequence whose changes are not before <paramref name="first"/> and not after <paramref name="last"/>, in ticks,
    /// with a few beside it that are.
    /// </summary>
    public async Task<SequenceRange> WithinAsync(
        DbSession session,
        long? first,
        long? last,
        CancellationToken cancellationToken
    )
    {
        if (first is null && last is null)
            return default;
        var end = await session.QueryAsync(LastSql, row => row.GetInt64(0), cancellationToken);
        return new SequenceRange(
            first is { } from ? (await AroundAsync(session, end[0], from, cancellationToken)).From : null,
            last is { } to ? (await AroundAsync(session, end[0], to + 1, cancellationToken)).To : null
        )
        {
            Last = end[0],
        };
    }

    /// <summary>All changes before From are before the time, all from To on are not.</summary>
    private async Task<(long From, long To)> AroundAsync(
        DbSession session,
        long last,
        long ticks,
        CancellationToken cancellationToken
    )
    {
        var (from, to) = (1L, last + 1);
        // What is asked for is mostly of late.
        var end = to;
        var places = Enumerable.Range(0, Places).Select(i => end - (Near << i)).Where(p => p > 1);
        while (to - from > Near)
        {
            (from, to) = Narrow((from, to), await TimesAsync(session, places, cancellationToken), ticks);
            var (start, length) = (from, to - from);
            places = Enumerable.Range(1, Places - 1).Select(i => start + (length * i / Places)).Where(p => p > start);
        }

        return (from, to);
    }

    private static (long From, long To) Narrow(
        (long From, long To) range,
        List<(long Place, long? Ticks)> times,
        long ticks
    )
    {
        foreach (var (place, time) in times.OrderBy(t => t.Place))
        {
            if (time is null || time >= ticks)
                return (range.From, Math.Min(range.To, place));
            range.From = place;
        }

        return range;
    }

    /// <summary>The time of the first change at each place or after it; null where there is none.</summary>
    private Task<List<(long Place, long? Ticks)>> TimesAsync(
        DbSession session,
        IEnumerable<long> places,
        CancellationToken cancellationToken
    )
    {
        var rows = new RowBuffer(Shape);
        foreach (var place in places)
            rows.Add(place);
        return session.QueryAsync(
            Times(rows),
            row => (row.GetInt64(0), row.IsDBNull(1) ? null : (long?)row.GetInt64(1)),
            cancellationToken
        );
    }

    internal Sql Times(RowBuffer places)
    {
        var sql = new SqlBuilder(dialect)
            .Add("""SELECT q."Place", (SELECT v."LastUpdated" FROM "ResourceVersion" v """)
            .Add("""WHERE v."Sequence" >= q."Place" ORDER BY v."Sequence" """);
        dialect.Limit(sql, 1);
        sql.Add(") FROM ");
        dialect.AddRows(sql, places);
        return sql.Build();
    }
}
