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

/// <summary>Deletes a resource; its versions stay. Deleting twice is no error. https://hl7.org/fhir/R4/http.html#delete</summary>
public sealed record Delete(ResourceKey Key, Precondition? Precondition) : FhirInteraction("delete", Key.Type, Key.Id)
{
    public static Result<FhirInteraction> Parse(InteractionRequest request, FhirDefinitions definitions)
    {
        if (!ResourceKey.Create(request.Type, request.Id).TryGet(out var key, out var failure))
            return failure;
        if (!request.Conditions.RequiredVersion().TryGet(out var version, out failure))
            return failure;
        return new Delete(key, version is { } required ? new VersionIs(key, required) : null);
    }
}

internal sealed class DeleteHandler(ResourceStore store) : IRequestHandler<Delete, FhirResponse>
{
    public async Task<FhirResponse> Handle(Delete delete, CancellationToken cancellationToken)
    {
        ImmutableArray<Precondition> preconditions = delete.Precondition is { } condition ? [condition] : [];
        var result = await store.CommitAsync(
            new Commit([new DeleteResource(delete.Key)], preconditions),
            cancellationToken
        );
        return result.Failed is { } failed
            ? await LostUpdate.ExplainAsync(failed, store, cancellationToken)
            : FhirResponse.Of(result.Changes[0], []);
    }
}
