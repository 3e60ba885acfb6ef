using System.Collections.Immutable;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Writes;
using CareCoordination.Fhir.Budgets;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Patch;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage;
using MediatR;

namespace CareCoordination.Application.Interactions;

/// <summary>
/// Changes parts of a resource: of the one that the URL names, or of the one that criteria find.
/// https://hl7.org/fhir/R4/http.html#patch
/// </summary>
/// <param name="Key">Null where <paramref name="Criteria"/> find the resource.</param>
public sealed record Patch(
    string Type,
    ResourceKey? Key,
    SearchQuery? Criteria,
    IPatch Change,
    int? RequiredVersion,
    string BaseUrl,
    WorkBudget Budget
) : FhirInteraction("patch", Type, Key?.Id)
{
    public static Result<FhirInteraction> Parse(InteractionRequest request, FhirDefinitions definitions) =>
        ResourceKey.Create(request.Type, request.Id).TryGet(out var key, out var failure)
            ? Parse(request, key, null, definitions)
            : failure;

    public static Result<FhirInteraction> ParseConditional(InteractionRequest request, FhirDefinitions definitions) =>
        Interactions
            .Criteria.Parse(request.Type, request.Query, "A conditional patch", request, definitions)
            .TryGet(out var criteria, out var failure)
            ? Parse(request, null, criteria, definitions)
            : failure;

    /// <summary>
    /// The resource as it is to be stored. 404 and 410 where there is none to patch, 412 where another version is wanted or the
    /// criteria find several, 422 where the patch cannot be done or what it makes is not valid.
    /// </summary>
    /// <param name="isEntry">In a transaction, where references may lead to other entries.</param>
    public Result<IncomingResource> Apply(StoredResource? current, bool isEntry, FhirDefinitions definitions) =>
        current switch
        {
            null => Failure.NotFound(
                Key is { } key ? $"There is no {key} to patch." : $"The criteria find no {Type} to patch."
            ),
            { IsDeleted: true } gone => Failure.Gone($"{gone.Key} was deleted."),
            { } other when RequiredVersion is { } required && other.Version != required => LostUpdate.Refusal(
                new VersionIs(other.Key, required),
                other
            ),
            { } known => IncomingResource.Patched(Change, known, BaseUrl, isEntry, Budget, definitions),
        };

    private static Result<FhirInteraction> Parse(
        InteractionRequest request,
        ResourceKey? key,
        SearchQuery? criteria,
        FhirDefinitions definitions
    )
    {
        if (!request.Conditions.RequiredVersion().TryGet(out var version, out var failure))
            return failure;
        return PatchBody.Parse(request, definitions).TryGet(out var change, out failure)
            ? new Patch(request.Type, key, criteria, change, version, request.BaseUrl, request.Budget)
            : failure;
    }
}

internal sealed class PatchHandler(ResourceStore store, WriteFollowing following, FhirDefinitions definitions)
    : IRequestHandler<Patch, FhirResponse>
{
    public async Task<FhirResponse> Handle(Patch patch, CancellationToken cancellationToken)
    {
        StoredResource? current;
        var planned = new PlannedCommit([], []);
        if (patch.Criteria is { } criteria)
        {
            var found = await store.FindAsync(criteria, cancellationToken);
            if (found.Matches.Length > 1)
                return Criteria.MultipleMatches("the conditional patch");
            current = found.Matches.IsEmpty ? null : found.Matches[0];
            planned = new([], [new SearchFinds(criteria, current?.Key)]) { AsOf = found.AsOf };
        }
        else
        {
            current = await store.ReadAsync(patch.Key!.Value, cancellationToken);
        }

        if (!patch.Apply(current, isEntry: false, definitions).TryGet(out var resource, out var failure))
            return current is { } about ? FhirResponse.Of(failure, about) : failure;
        var key = current!.Value.Key;
        planned = planned with
        {
            Changes = [new PlannedChange(key, resource, current)],
            Preconditions = planned.Preconditions.Add(StatusCheck.Unchanged(key, current)),
        };
        if (!(await following.CompleteAsync(planned, cancellationToken)).TryGet(out var commit, out failure))
            return failure;
        var result = await store.CommitAsync(commit, cancellationToken);
        return result.IsCommitted ? FhirResponse.Of(result.Changes[0], resource.Warnings) : FhirResponse.LostRace();
    }
}
