using System.Collections.Immutable;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
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

internal sealed class UpdateHandler(CareSession session) : IRequestHandler<Update, FhirResponse>
{
    public async Task<FhirResponse> Handle(Update update, CancellationToken cancellationToken) =>
        (await session.WriteAsync(token => DecideAsync(update, token), cancellationToken)).Then(written =>
            FhirResponse.Of(written.Changes[0], update.Resource.Warnings)
        );

    private async ValueTask<WriteDecision> DecideAsync(Update update, CancellationToken cancellationToken)
    {
        var change = new PlannedChange(update.Key, update.Resource);
        var demands = LostUpdate.Demands(update.Precondition);
        if (!StatusCheck.AppliesTo(update.Key.Type))
            return WriteSet.Of(change) with { Demands = demands };
        var current = await session.Reads.ReadAsync(update.Key, cancellationToken);
        return update.Precondition switch
        {
            // What the client's own condition refuses needs no other reason.
            VersionIs required when current?.Version != required.Version => LostUpdate.Explain(required, current),
            NotPresent absent when current is { IsDeleted: false } => LostUpdate.Explain(absent),
            _ => WriteSet.Of(change with { Current = current }) with
            {
                Demands = demands,
                ReliedOn = [StatusCheck.Unchanged(update.Key, current)],
            },
        };
    }
}
