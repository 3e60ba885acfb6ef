using System.Collections.Immutable;
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
/// Updates the one resource that the criteria find, or creates it where they find none.
/// https://hl7.org/fhir/R4/http.html#cond-update
/// </summary>
public sealed record ConditionalUpdate(SearchQuery Query, IncomingResource Resource, VersionDemand? RequiredVersion)
    : FhirInteraction("update", Query.ResourceType, null)
{
    public override string? SearchedBy => Query.ToString();

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

internal sealed class ConditionalUpdateHandler(CareSession session, TimeProvider time)
    : IRequestHandler<ConditionalUpdate, FhirResponse>
{
    public async Task<FhirResponse> Handle(ConditionalUpdate update, CancellationToken cancellationToken) =>
        (await session.WriteAsync(token => DecideAsync(update, token), cancellationToken)).Then(written =>
            FhirResponse.Of(written.Changes[0], written.IssuesOf(0))
        );

    private async ValueTask<WriteDecision> DecideAsync(ConditionalUpdate update, CancellationToken cancellationToken)
    {
        var found = await session.Reads.FindAsync(update.Query, cancellationToken);
        if (!update.Choose(found.Matches, () => FhirId.New(time.GetUtcNow())).TryGet(out var key, out var failure))
            return failure;
        StoredResource? current = found.Matches.IsEmpty ? null : found.Matches[0];
        if (update.RequiredVersion is { } version && !version.Holds(current))
            return LostUpdate.Explain(key, version, current);

        var relied = ImmutableArray.Create<Precondition>(new SearchFinds(update.Query, current?.Key));
        if (current is not null)
            relied = relied.Add(StatusCheck.Unchanged(key, current));
        var isNew = current is null && update.Resource.Id is null;
        return WriteSet.Of(new PlannedChange(key, update.Resource, current) { IsNew = isNew }) with
        {
            // A resource that the criteria do not find, but that has the id: whoever changes it should know it.
            Demands = current is null ? [new Demand(new NotPresent(key), _ => Unfound(key))] : [],
            ReliedOn = relied,
            AsOf = found.AsOf,
        };
    }

    private static Failure Unfound(ResourceKey key) =>
        Failure.Conflict($"{key} exists, but the criteria do not find it. Nothing was stored.");
}
