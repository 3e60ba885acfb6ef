using CareCoordination.Application.Answers;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Writes;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage;
using MediatR;

namespace CareCoordination.Application.Interactions;

/// <summary>
/// Creates a resource under an id that the server gives; with If-None-Exist only where the criteria find none.
/// https://hl7.org/fhir/R4/http.html#create
/// </summary>
/// <param name="UnlessFound">The criteria of If-None-Exist; null: unconditional.</param>
public sealed record Create(IncomingResource Resource, SearchQuery? UnlessFound)
    : FhirInteraction("create", Resource.Type, null)
{
    public static Result<FhirInteraction> Parse(InteractionRequest request, FhirDefinitions definitions)
    {
        if (!IncomingResource.Accept(request, definitions, isNew: true).TryGet(out var resource, out var failure))
            return failure;
        if (request.Conditions.IfNoneExist is not { } criteria)
            return new Create(resource, null);
        return Criteria
            .Parse(request.Type, QueryParameters.Parse(criteria), "If-None-Exist", request, definitions)
            .TryGet(out var query, out failure)
            ? new Create(resource, query)
            : failure;
    }
}

internal sealed class CreateHandler(CareSession session, TimeProvider time) : IRequestHandler<Create, FhirResponse>
{
    public async Task<FhirResponse> Handle(Create create, CancellationToken cancellationToken)
    {
        var key = new ResourceKey(create.Resource.Type, FhirId.New(time.GetUtcNow()));
        var written = await session.WriteAsync(token => DecideAsync(create, key, token), cancellationToken);
        return written.Then(w => FhirResponse.Of(w.Changes[0], w.IssuesOf(0)));
    }

    private async ValueTask<WriteDecision> DecideAsync(
        Create create,
        ResourceKey key,
        CancellationToken cancellationToken
    )
    {
        var writes = WriteSet.Of(new PlannedChange(key, create.Resource) { IsNew = true });
        if (create.UnlessFound is not { } criteria)
            return writes;
        var found = await session.Reads.FindAsync(criteria, cancellationToken);
        return found.Matches switch
        {
            [] => writes with { ReliedOn = [new SearchFinds(criteria, null)], AsOf = found.AsOf },
            [var only] => FhirResponse.Written(200, only, create.Resource.Warnings),
            _ => Criteria.MultipleMatches("If-None-Exist"),
        };
    }
}
