using System.Collections.Immutable;
using CareCoordination.Application.Audit;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Fhir.Budgets;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage;
using CareCoordination.Views.Files;
using CareCoordination.Views.Plans;

namespace CareCoordination.Application.Views;

/// <summary>
/// The resources of a plan in pages of searches of the caller, and the rows of each page. A page has the budget of a request, so that what a
/// run may cost grows with what it looks at, and with nothing else.
/// </summary>
internal sealed class ViewPages(
    RunView run,
    ViewPlan plan,
    RowFile file,
    ImmutableArray<SearchQuery> queries,
    ViewReader reader
)
{
    private int _query;
    private PageCursor? _after;
    private bool _isFirst = true;

    public bool HasMore { get; private set; } = run.MaxRows > 0 && queries.Length > 0;

    /// <summary>Whose data the page shows that was read last.</summary>
    public ImmutableArray<string> Patients { get; private set; } = [];

    /// <summary>
    /// Writes the rows of the next page. Each page after the first leaves its own line in the audit trail before its rows go anywhere.
    /// 422 where the data does not suit the view.
    /// </summary>
    public async ValueTask<Failure?> NextAsync(CancellationToken cancellationToken)
    {
        var page = await reader.SearchAsync(queries[_query] with { After = _after }, cancellationToken);
        _after = page.Next;
        if (_after is null)
            _query++;
        HasMore = _query < queries.Length;
        if (page.Matches.IsEmpty)
            return null;
        Patients = PatientsOf(page.Matches);
        if (!_isFirst)
            await reader.ShowAsync(run, Patients);
        _isFirst = false;
        return Write(page.Matches, cancellationToken);
    }

    private Failure? Write(ImmutableArray<StoredResource> resources, CancellationToken cancellationToken)
    {
        var rows = new ViewRun(plan, file, reader.NewBudget(cancellationToken)) { Now = reader.Now };
        foreach (var resource in resources)
        {
            if (!ResourceDocument.Parse(resource.Utf8Json).TryGet(out var document, out var failure))
                return failure;
            if (rows.Add(document) is { } unsuited)
                return unsuited;
            if (file.IsFull)
            {
                HasMore = false;
                break;
            }
        }

        return null;
    }

    private static ImmutableArray<string> PatientsOf(ImmutableArray<StoredResource> resources)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var resource in resources)
        {
            PatientMentions.Find(resource.Utf8Json.Span, ids);
            if (resource.Key.Type == ResourceTypes.Patient)
                ids.Add(resource.Key.Id);
        }

        return [.. ids];
    }
}

/// <summary>
/// Reads for one run, in sessions of its caller: the answer is written after the session has ended that it was asked in.
/// </summary>
internal sealed class ViewReader(CareSessions sessions, Caller caller, FhirDefinitions definitions)
{
    public DateTimeOffset Now { get; } = definitions.Now;

    public WorkBudget NewBudget(CancellationToken cancellationToken) => new(definitions.Limits.Work, cancellationToken);

    public async ValueTask<SearchPage> SearchAsync(SearchQuery query, CancellationToken cancellationToken)
    {
        await using var session = sessions.Open(caller);
        return await session.Session.Reads.SearchAsync(query, cancellationToken);
    }

    /// <summary>Whose data is shown by what is sent next.</summary>
    public ValueTask ShowAsync(FhirInteraction run, ImmutableArray<string> patients) =>
        sessions.Trail.DiscloseAsync(caller, run, patients);
}
