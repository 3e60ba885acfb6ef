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

/// <summary>Deletes a resource; its versions stay. Deleting twice is no error. https://hl7.org/fhir/R4/http.html#delete</summary>
/// <param name="RequiredVersion">Of If-Match; null: any.</param>
public sealed record Delete(ResourceKey Key, VersionDemand? RequiredVersion)
    : FhirInteraction("delete", Key.Type, Key.Id)
{
    public static Result<FhirInteraction> Parse(InteractionRequest request, FhirDefinitions definitions)
    {
        if (!ResourceKey.Create(request.Type, request.Id).TryGet(out var key, out var failure))
            return failure;
        if (!request.Conditions.RequiredVersion().TryGet(out var version, out failure))
            return failure;
        return new Delete(key, version);
    }
}

internal sealed class DeleteHandler(CareSession session) : IRequestHandler<Delete, FhirResponse>
{
    public async Task<FhirResponse> Handle(Delete delete, CancellationToken cancellationToken) =>
        (await session.WriteAsync(token => DecideAsync(delete, token), cancellationToken)).Then(written =>
            FhirResponse.Of(written.Changes[0], [])
        );

    private async ValueTask<WriteDecision> DecideAsync(Delete delete, CancellationToken cancellationToken)
    {
        var change = new PlannedChange(delete.Key, null);
        var demands = LostUpdate.Demands(delete.Key, delete.RequiredVersion);
        if (!StatusCheck.AppliesToDeletionOf(delete.Key.Type))
            return WriteSet.Of(change) with { Demands = demands };
        var current = await session.Reads.ReadAsync(delete.Key, cancellationToken);
        return delete.RequiredVersion is { } required && !required.Holds(current)
            ? LostUpdate.Explain(delete.Key, required, current)
            : WriteSet.Of(change with { Current = current }) with
            {
                Demands = demands,
                ReliedOn = [StatusCheck.Unchanged(delete.Key, current)],
            };
    }
}
