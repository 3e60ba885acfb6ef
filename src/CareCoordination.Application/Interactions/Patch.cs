using System.Collections.Immutable;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
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
    VersionDemand? RequiredVersion,
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
            { } other when RequiredVersion is { } required && !required.Holds(other) => LostUpdate.Refusal(
                required,
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

internal sealed class PatchHandler(CareSession session, FhirDefinitions definitions)
    : IRequestHandler<Patch, FhirResponse>
{
    public async Task<FhirResponse> Handle(Patch patch, CancellationToken cancellationToken) =>
        (await session.WriteAsync(token => DecideAsync(patch, token), cancellationToken)).Then(written =>
            FhirResponse.Of(written.Changes[0], written.IssuesOf(0))
        );

    private async ValueTask<WriteDecision> DecideAsync(Patch patch, CancellationToken cancellationToken)
    {
        if (patch.Criteria is not { } criteria)
            return Decide(patch, await session.Reads.ReadAsync(patch.Key!.Value, cancellationToken), [], null);
        var found = await session.Reads.FindAsync(criteria, cancellationToken);
        if (found.Matches.Length > 1)
            return Criteria.MultipleMatches("the conditional patch");
        StoredResource? current = found.Matches.IsEmpty ? null : found.Matches[0];
        return Decide(patch, current, [new SearchFinds(criteria, current?.Key)], found.AsOf);
    }

    private WriteDecision Decide(
        Patch patch,
        StoredResource? current,
        ImmutableArray<Precondition> reliedOn,
        StorePoint? asOf
    )
    {
        if (!patch.Apply(current, isEntry: false, definitions).TryGet(out var resource, out var failure))
            return current is { } about ? FhirResponse.Of(failure, about) : failure;
        var key = current!.Value.Key;
        return WriteSet.Of(new PlannedChange(key, resource, current)) with
        {
            ReliedOn = reliedOn.Add(StatusCheck.Unchanged(key, current)),
            AsOf = asOf,
        };
    }
}
