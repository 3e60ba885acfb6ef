using System.Collections.Immutable;
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
/// Updates the one resource that the criteria find, or creates it where they find none.
/// https://hl7.org/fhir/R4/http.html#cond-update
/// </summary>
public sealed record ConditionalUpdate(SearchQuery Query, IncomingResource Resource, int? RequiredVersion)
    : FhirInteraction("update", Query.ResourceType, null)
{
    public static Result<FhirInteraction> Parse(InteractionRequest request, FhirDefinitions definitions)
    {
        if (
            !Criteria
                .Parse(request.Type, request.Query, "A conditional update", request, definitions)
                .TryGet(out var query, out var failure)
        )
            return failure;
        if (!request.Conditions.RequiredVersion().TryGet(out var version, out failure))
            return failure;
        return IncomingResource.Accept(request, definitions).TryGet(out var resource, out failure)
            ? new ConditionalUpdate(query, resource, version)
            : failure;
    }

    /// <summary>Which resource is meant, given what the criteria find.</summary>
    public Result<ResourceKey> Choose(ImmutableArray<StoredResource> matches, Func<string> newId)
    {
        if (matches.Length > 1)
            return Criteria.MultipleMatches("the conditional update");
        if (Resource.Id is { } invalid && !FhirId.IsValid(invalid))
            return ResourceKey.Create(Resource.Type, invalid);
        if (matches.IsEmpty)
            return new ResourceKey(Resource.Type, Resource.Id ?? newId());
        return Resource.Id is null || Resource.Id == matches[0].Key.Id
            ? matches[0].Key
            : Failure.Invalid(
                IssueCode.Value,
                $"The criteria find {matches[0].Key}, and the resource has another id: leave its id out, or send the right one.",
                $"{Resource.Type}.id"
            );
    }
}

internal sealed class ConditionalUpdateHandler(ResourceStore store, WriteFollowing following, TimeProvider time)
    : IRequestHandler<ConditionalUpdate, FhirResponse>
{
    public async Task<FhirResponse> Handle(ConditionalUpdate update, CancellationToken cancellationToken)
    {
        var found = await store.FindAsync(update.Query, cancellationToken);
        if (!update.Choose(found.Matches, () => FhirId.New(time.GetUtcNow())).TryGet(out var key, out var failure))
            return failure;
        StoredResource? current = found.Matches.IsEmpty ? null : found.Matches[0];
        if (update.RequiredVersion is { } version && current?.Version != version)
            return LostUpdate.Explain(new VersionIs(key, version), current);

        var preconditions = ImmutableArray.Create<Precondition>(new SearchFinds(update.Query, current?.Key));
        if (update.RequiredVersion is { } required)
            preconditions = preconditions.Add(new VersionIs(key, required));
        // A resource that the criteria do not find, but that has the id: whoever changes it should know it.
        else if (current is null)
            preconditions = preconditions.Add(new NotPresent(key));

        if (current is not null && StatusCheck.AppliesTo(key.Type))
            preconditions = preconditions.Add(StatusCheck.Unchanged(key, current));
        var planned = new PlannedCommit([new(key, update.Resource, current)], preconditions) { AsOf = found.AsOf };
        if (!(await following.CompleteAsync(planned, cancellationToken)).TryGet(out var commit, out var refusal))
            return refusal;
        var result = await store.CommitAsync(commit, cancellationToken);
        return result.Failed switch
        {
            null => FhirResponse.Of(result.Changes[0], update.Resource.Warnings),
            NotPresent => Failure.Conflict(
                $"{key} exists, but the criteria do not find it. Nothing was changed.",
                $"{key.Type}.id"
            ),
            _ => FhirResponse.LostRace(),
        };
    }
}
