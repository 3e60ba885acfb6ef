using CareCoordination.Application.Answers;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Writes;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage;
using MediatR;

namespace CareCoordination.Application.Interactions;

/// <summary>
/// Deletes the one resource that the criteria find; finding none is no error, finding several refuses.
/// https://hl7.org/fhir/R4/http.html#3.1.0.7.1
/// </summary>
/// <param name="RequiredVersion">Of If-Match; null: any.</param>
public sealed record ConditionalDelete(SearchQuery Query, VersionDemand? RequiredVersion)
    : FhirInteraction("delete", Query.ResourceType, null)
{
    public override string? SearchedBy => Query.ToString();

    public static Result<FhirInteraction> Parse(InteractionRequest request, FhirDefinitions definitions)
    {
        if (!request.Conditions.RequiredVersion().TryGet(out var version, out var failure))
            return failure;
        return Criteria
            .Parse(request.Type, request.Query, "A conditional delete", request, definitions)
            .TryGet(out var query, out failure)
            ? new ConditionalDelete(query, version)
            : failure;
    }

    /// <summary>Why If-Match refuses what the criteria find; null where it does not.</summary>
    public Failure? Refusal(StoredResource? found) =>
        RequiredVersion is not { } required || required.Holds(found) ? null
        : found is { } other ? LostUpdate.Refusal(required, other)
        : Failure.PreconditionFailed(
            IssueCode.Conflict,
            $"The criteria find no {ResourceType}, so no version of it matches If-Match."
        );
}

internal sealed class ConditionalDeleteHandler(CareSession session) : IRequestHandler<ConditionalDelete, FhirResponse>
{
    public async Task<FhirResponse> Handle(ConditionalDelete delete, CancellationToken cancellationToken) =>
        (await session.WriteAsync(token => DecideAsync(delete, token), cancellationToken)).Then(written =>
            FhirResponse.Of(written.Changes[0], [])
        );

    private async ValueTask<WriteDecision> DecideAsync(ConditionalDelete delete, CancellationToken cancellationToken)
    {
        var found = await session.Reads.FindAsync(delete.Query, cancellationToken);
        if (
            found.Matches.Length < 2
            && delete.Refusal(found.Matches.Select(m => (StoredResource?)m).FirstOrDefault()) is { } stale
        )
            return found.Matches is [var about] ? FhirResponse.Of(stale, about) : stale;
        return found.Matches switch
        {
            [] => new FhirResponse { Status = 204, AnswersWrite = true },
            [var only] => WriteSet.Of(new PlannedChange(only.Key, null, only)) with
            {
                ReliedOn = [new SearchFinds(delete.Query, only.Key), StatusCheck.Unchanged(only.Key, only)],
                AsOf = found.AsOf,
            },
            _ => Criteria.MultipleMatches("the conditional delete"),
        };
    }
}
