using System.Collections.Immutable;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Writes;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage;
using MediatR;

namespace CareCoordination.Application.Interactions;

/// <summary>
/// Replaces a resource, or creates it under the client's id. https://hl7.org/fhir/R4/http.html#update,
/// https://hl7.org/fhir/R4/http.html#upsert
/// </summary>
/// <param name="Precondition">If-Match: that version is current. <c>If-None-Match: *</c>: there is none.</param>
public sealed record Update(ResourceKey Key, IncomingResource Resource, Precondition? Precondition)
    : FhirInteraction("update", Key.Type, Key.Id)
{
    public static Result<FhirInteraction> Parse(InteractionRequest request, FhirDefinitions definitions)
    {
        if (!ResourceKey.Create(request.Type, request.Id).TryGet(out var key, out var failure))
            return failure;
        if (!PreconditionOf(key, request.Conditions).TryGet(out var precondition, out failure))
            return failure;
        if (!IncomingResource.Accept(request, definitions).TryGet(out var resource, out failure))
            return failure;
        if (resource.Id is null)
            return Failure.Invalid(
                IssueCode.Required,
                "The resource has no id: send the id that the URL names.",
                $"{key.Type}.id"
            );
        if (resource.Id != key.Id)
            return Failure.Invalid(
                IssueCode.Value,
                "The resource's id is not the one that the URL names.",
                $"{key.Type}.id"
            );
        return new Update(key, resource, precondition.Condition);
    }

    internal static Result<Optional> PreconditionOf(ResourceKey key, Conditions conditions)
    {
        if (!conditions.RequiredVersion().TryGet(out var version, out var failure))
            return failure;
        if (version is { } required)
            return new Optional(new VersionIs(key, required));
        return new Optional(conditions.IfNoneMatch?.Trim() == "*" ? new NotPresent(key) : null);
    }

    /// <summary>A precondition or none, because a <see cref="Result{T}"/> is never null.</summary>
    internal readonly record struct Optional(Precondition? Condition);
}

internal sealed class UpdateHandler(ResourceStore store, WriteFollowing following)
    : IRequestHandler<Update, FhirResponse>
{
    public async Task<FhirResponse> Handle(Update update, CancellationToken cancellationToken)
    {
        var change = new PlannedChange(update.Key, update.Resource);
        ImmutableArray<Precondition> preconditions = update.Precondition is { } stated ? [stated] : [];
        if (StatusCheck.AppliesTo(update.Key.Type))
        {
            var current = await store.ReadAsync(update.Key, cancellationToken);
            switch (update.Precondition)
            {
                case VersionIs required when current?.Version != required.Version:
                    return LostUpdate.Explain(required, current);
                case NotPresent absent when current is { IsDeleted: false }:
                    return await LostUpdate.ExplainAsync(absent, store, cancellationToken);
            }

            change = change with { Current = current };
            preconditions = [StatusCheck.Unchanged(update.Key, current)];
        }

        var planned = new PlannedCommit([change], preconditions);
        if (!(await following.CompleteAsync(planned, cancellationToken)).TryGet(out var commit, out var refusal))
            return refusal;
        var result = await store.CommitAsync(commit, cancellationToken);
        if (result.Failed is { } raced && raced != update.Precondition)
            return FhirResponse.LostRace();
        return result.Failed is { } failed
            ? await LostUpdate.ExplainAsync(failed, store, cancellationToken)
            : FhirResponse.Of(result.Changes[0], update.Resource.Warnings);
    }
}
