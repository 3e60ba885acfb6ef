using CareCoordination.Application.Answers;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage;
using MediatR;

namespace CareCoordination.Application.Interactions;

/// <summary>
/// Deletes the one resource that the criteria find; finding none is no error, finding several refuses.
/// https://hl7.org/fhir/R4/http.html#3.1.0.7.1
/// </summary>
public sealed record ConditionalDelete(SearchQuery Query) : FhirInteraction("delete", Query.ResourceType, null)
{
    public static Result<FhirInteraction> Parse(InteractionRequest request, FhirDefinitions definitions) =>
        Criteria
            .Parse(request.Type, request.Query, "A conditional delete", request, definitions)
            .TryGet(out var query, out var failure)
            ? new ConditionalDelete(query)
            : failure;
}

internal sealed class ConditionalDeleteHandler(ResourceStore store) : IRequestHandler<ConditionalDelete, FhirResponse>
{
    public async Task<FhirResponse> Handle(ConditionalDelete delete, CancellationToken cancellationToken)
    {
        var found = await store.FindAsync(delete.Query, cancellationToken);
        if (found.Matches.IsEmpty)
            return new() { Status = 204, AnswersWrite = true };
        if (found.Matches.Length > 1)
            return Criteria.MultipleMatches("the conditional delete");

        var key = found.Matches[0].Key;
        var commit = new Commit([new DeleteResource(key)], [new SearchFinds(delete.Query, key)]) { AsOf = found.AsOf };
        var result = await store.CommitAsync(commit, cancellationToken);
        return result.IsCommitted ? FhirResponse.Of(result.Changes[0], []) : FhirResponse.LostRace();
    }
}
