using CareCoordination.Application.Audit;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Reads;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage;

namespace CareCoordination.Application.Interactions;

/// <summary>
/// A search of AuditEvent by somebody who may read the audit trail: first its rows, the newest first unless asked otherwise, then the
/// AuditEvents that others have stored here. docs/audit.md
/// </summary>
internal sealed class AuditSearch(ReadGate gate, FhirDefinitions definitions)
{
    /// <summary>Begins the sort value of a page that starts at a row; that of a stored resource never begins so.</summary>
    private const string AtRow = "row";

    /// <summary>All rows were on the pages before.</summary>
    private const long NoRow = 0;

    private readonly AuditFinder _trail = new(gate, definitions);

    /// <summary>False: it is a search as all others are.</summary>
    public bool Answers(SearchQuery query) => query.ResourceType == ResourceTypes.AuditEvent && gate.MayReadTrail;

    public async Task<Result<SearchPage>> FindAsync(SearchQuery query, CancellationToken cancellationToken)
    {
        if (AuditFinder.Refuse(query) is { } refusal)
            return refusal;
        if (!(await TotalAsync(query, cancellationToken)).TryGet(out var total, out var uncounted))
            return uncounted;
        var isAtRow = query.After?.SortValue == AtRow;
        var rows =
            query.Count == 0 || query.After is { Key: NoRow } || (query.After is not null && !isAtRow)
                ? new FoundRows([], null)
                : await _trail.FindAsync(query, query.Count, query.After?.Key, cancellationToken);
        if (rows.Next is { } next)
            return new SearchPage(rows.Rows, [], new PageCursor(AtRow, next), total.Count);
        if (rows.Rows.Length == query.Count && query.Count > 0)
            return new SearchPage(rows.Rows, [], new PageCursor(AtRow, NoRow), total.Count);
        var stored = await gate.SearchAsync(
            query with
            {
                After = isAtRow ? null : query.After,
                Count = query.Count - rows.Rows.Length,
            },
            cancellationToken
        );
        return stored with { Matches = [.. rows.Rows, .. stored.Matches], Total = total.Count + stored.Total };
    }

    private async Task<Result<Counted>> TotalAsync(SearchQuery query, CancellationToken cancellationToken)
    {
        if (query.Total == TotalMode.None && query.Count > 0)
            return new Counted(null);
        return await _trail.CountAsync(query, cancellationToken) is { } count
            ? new Counted(count)
            : Failure.Unprocessable(
                IssueCode.TooCostly,
                "So many events are not counted: ask for less with date or patient, or without _total."
            );
    }

    /// <param name="Count">Null: it is not asked for.</param>
    private readonly record struct Counted(long? Count);
}
