using System.Collections.Immutable;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Search.Predicates;

namespace CareCoordination.Storage.Search;

/// <summary>
/// The statuses that a query asks for where it wants the last changed first, or last: an index has each of them in that order, so that a
/// page costs the same however many resources have the status and wherever they lie.
/// </summary>
/// <param name="Criterion">Met by whatever is walked.</param>
/// <param name="Numbers">The statuses, as <see cref="StatusPredicate"/> finds them.</param>
internal sealed record StatusWalk(Criterion Criterion, ImmutableArray<long> Numbers, bool IsDescending)
{
    /// <summary>Of the resources that are walked.</summary>
    public static readonly RawSql Columns = new(
        """h."Key", h."Id", h."Sequence", h."IsDeleted", h."Presence", h."LastUpdated", h."Status", h."TypeId", h."Patient", h."Labels" """
    );

    /// <summary>Null where the query asks for no status, or for another order.</summary>
    public static StatusWalk? Of(SearchQuery query) =>
        query.Sort is not [{ By: SortBy.LastUpdated, Descending: var isDescending }]
            ? null
            : query
                .Criteria.OfType<TokenCriterion>()
                .Select(status => new StatusWalk(status, StatusPredicate.Numbers(status), isDescending))
                .FirstOrDefault(walk => !walk.Numbers.IsEmpty);

    /// <summary>The query asks for statuses and for nothing else, and everything is seen: what is walked are the matches.</summary>
    public static bool IsWhole(SearchQuery query) =>
        query is { Criteria.Length: 1, Visibility: null } && Of(query) is not null;

    /// <summary>Writes a select of the resources of each status, from where the last page ended, and no more of each than a number.</summary>
    public void Write(SqlBuilder sql, PageCursor? after, SequenceRange within, int most)
    {
        if (after is not null)
        {
            var last = SortSql.ParseSequence(after);
            within = within.And(IsDescending ? new(null, last) : new(last + 1, null));
        }

        for (var i = 0; i < Numbers.Length; i++)
        {
            // What is limited and ordered is a table of its own where it becomes part of a union.
            sql.Add(i == 0 ? "" : " UNION ALL ").Add(Numbers.Length == 1 ? "" : "SELECT u.* FROM (");
            // The second condition is that of the index: what a parameter is, nobody knows when a plan is made.
            sql.Add($"""SELECT {Columns} FROM "Resource" h WHERE h."Status" <> 0""");
            if (sql.Dialect.ComparesRows)
                WriteRows(sql, Numbers[i], within);
            else
                WriteColumns(sql, Numbers[i], within);
            sql.Dialect.Limit(sql, most);
            sql.Add(Numbers.Length == 1 ? "" : ") u");
        }
    }

    private void WriteColumns(SqlBuilder sql, long number, SequenceRange within)
    {
        sql.Add($""" AND h."Status" = {number}""");
        if (within.From is { } from)
            sql.Add($""" AND h."Sequence" >= {from}""");
        if (within.Before is { } before)
            sql.Add($""" AND h."Sequence" < {before}""");
        sql.Add(""" ORDER BY h."Sequence" """).Add(IsDescending ? "DESC" : "");
    }

    /// <summary>
    /// As PostgreSQL is to read it: along the index. Where it believes that few have the status, because it has not counted them of late,
    /// it collects all of them and sorts; of a range whose ends are selected it does not know how few there are.
    /// </summary>
    private void WriteRows(SqlBuilder sql, long number, SequenceRange within)
    {
        var (status, direction) = (sql.Parameter(number), new RawSql(IsDescending ? "DESC" : ""));
        sql.Add($""" AND (h."Status", h."Sequence") >= ((SELECT {status}), {within.From ?? 0}) """)
            .Add($"""AND (h."Status", h."Sequence") < ((SELECT {status}), {within.Before ?? long.MaxValue}) """)
            .Add($"""ORDER BY h."Status" {direction}, h."Sequence" {direction}""");
    }
}
