using System.Collections.Immutable;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Writes;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using MediatR;

namespace CareCoordination.Application.Interactions;

/// <summary>
/// Replaces a resource, or creates it under the client's id. https://hl7.org/fhir/R4/http.html#update,
/// https://hl7.org/fhir/R4/http.html#upsert
/// </summary>
/// <param name="RequiredVersion">Of If-Match; null: any.</param>
/// <param name="IfAbsent">Of <c>If-None-Match: *</c>: only where there is none.</param>
public sealed record Update(ResourceKey Key, IncomingResource Resource, VersionDemand? RequiredVersion, bool IfAbsent)
    : FhirInteraction("update", Key.Type, Key.Id)
{
    public static Result<FhirInteraction> Parse(InteractionRequest request, FhirDefinitions definitions)
    {
        if (!ResourceKey.Create(request.Type, request.Id).TryGet(out var key, out var failure))
            return failure;
        if (!request.Conditions.RequiredVersion().TryGet(out var version, out failure))
            return failure;
        var ifAbsent = request.Conditions.IfNoneMatch is not null;
        if (ifAbsent && (version is not null || request.Conditions.IfNoneMatch!.Trim() != "*"))
            return Failure.Invalid(
                IssueCode.Value,
                "An update takes If-None-Match: * alone, for a resource that does not exist yet; for a version send If-Match."
            );
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
        return new Update(key, resource, version, ifAbsent);
    }
}

internal sealed class UpdateHandler(CareSession session) : IRequestHandler<Update, FhirResponse>
{
    public async Task<FhirResponse> Handle(Update update, CancellationToken cancellationToken) =>
        (await session.WriteAsync(token => DecideAsync(update, token), cancellationToken)).Then(written =>
            FhirResponse.Of(written.Changes[0], written.IssuesOf(0))
        );

    private async ValueTask<WriteDecision> DecideAsync(Update update, CancellationToken cancellationToken)
    {
        var change = new PlannedChange(update.Key, update.Resource);
        var demands = LostUpdate.Demands(update.Key, update.RequiredVersion, update.IfAbsent);
        if (!StatusCheck.AppliesToUpdateOf(update.Key.Type))
            return WriteSet.Of(change) with { Demands = demands };
        var current = await session.Reads.ReadAsync(update.Key, cancellationToken);
        // What the client's own condition refuses needs no other reason.
        if (update.RequiredVersion is { } required && !required.Holds(current))
            return LostUpdate.Explain(update.Key, required, current);
        if (update.IfAbsent && current is { IsDeleted: false })
            return LostUpdate.ExplainAbsent(update.Key);
        return WriteSet.Of(change with { Current = current }) with
        {
            Demands = demands,
            ReliedOn = [StatusCheck.Unchanged(update.Key, current)],
        };
    }
}
