using CareCoordination.Application.Answers;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Requests;
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
        if (!IncomingResource.Accept(request, definitions).TryGet(out var resource, out var failure))
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

internal sealed class CreateHandler(ResourceStore store, WriteFollowing following, TimeProvider time)
    : IRequestHandler<Create, FhirResponse>
{
    public async Task<FhirResponse> Handle(Create create, CancellationToken cancellationToken)
    {
        var key = new ResourceKey(create.Resource.Type, FhirId.New(time.GetUtcNow()));
        var planned = new PlannedCommit([new(key, create.Resource)], []);
        if (create.UnlessFound is { } criteria)
        {
            var found = await store.FindAsync(criteria, cancellationToken);
            if (found.Matches.Length > 1)
                return Criteria.MultipleMatches("If-None-Exist");
            if (found.Matches.Length == 1)
                return FhirResponse.Written(200, found.Matches[0], create.Resource.Warnings);
            planned = planned with { Preconditions = [new SearchFinds(criteria, null)], AsOf = found.AsOf };
        }

        if (!(await following.CompleteAsync(planned, cancellationToken)).TryGet(out var commit, out var refusal))
            return refusal;
        var result = await store.CommitAsync(commit, cancellationToken);
        return result.IsCommitted
            ? FhirResponse.Of(result.Changes[0], create.Resource.Warnings)
            : FhirResponse.LostRace();
    }
}
