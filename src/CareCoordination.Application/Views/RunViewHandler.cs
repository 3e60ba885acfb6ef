using System.Collections.Immutable;
using CareCoordination.Access.Scopes;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Sessions;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Search;
using CareCoordination.Views.Files;
using CareCoordination.Views.Plans;
using MediatR;

namespace CareCoordination.Application.Views;

internal sealed class RunViewHandler(
    CareSession session,
    CareSessions sessions,
    ViewReads views,
    FhirDefinitions definitions
) : IRequestHandler<RunView, FhirResponse>
{
    public async Task<FhirResponse> Handle(RunView run, CancellationToken cancellationToken)
    {
        if (!(await views.FindAsync(run.Subject, run.BaseUrl, cancellationToken)).TryGet(out var plan, out var failure))
            return failure;
        if (run.Format == RowFormat.Fhir && ParametersFile.WhyNot(plan.Columns, definitions.Schema) is { } column)
            return Failure.Invalid(
                IssueCode.NotSupported,
                $"The column '{column}' is of a type that Parameters have no value for: ask for another _format."
            );
        var file = run.Format.New(new(plan.Columns, run.MaxRows, run.HasHeader));
        return run.Given is { } given
            ? OfGiven(run, plan, file, given)
            : await OfStoredAsync(run, plan, file, cancellationToken);
    }

    private static FhirResponse OfGiven(
        RunView run,
        ViewPlan plan,
        RowFile file,
        ImmutableArray<ResourceDocument> given
    )
    {
        var rows = new ViewRun(plan, file, run.Budget);
        foreach (var resource in given)
        {
            if (rows.Add(resource) is { } failure)
                return failure;
        }

        return Answer(new ViewPages(run, plan, file, [], null!), file, run);
    }

    private async Task<FhirResponse> OfStoredAsync(
        RunView run,
        ViewPlan plan,
        RowFile file,
        CancellationToken cancellationToken
    )
    {
        if (session.Rights.WhyNothing(plan.Type.Name, ScopeRights.Search) is { } refused)
            return refused;
        if (!(await views.QueriesAsync(plan, run.Filter, cancellationToken)).TryGet(out var queries, out var failure))
            return failure;
        var pages = new ViewPages(run, plan, file, queries, new ViewReader(sessions, session.Caller, definitions));
        // What is wrong with the data shows in the first page mostly, where it can still be told.
        if (pages.HasMore && await pages.NextAsync(cancellationToken) is { } unsuited)
            return unsuited;
        return Answer(pages, file, run);
    }

    private static FhirResponse Answer(ViewPages pages, RowFile file, RunView run) =>
        FhirResponse.Of(new ViewContent(pages, file, run.Format) { Patients = pages.Patients });
}
