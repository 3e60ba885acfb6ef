using CareCoordination.Application.Answers;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using MediatR;

namespace CareCoordination.Application.Interactions;

/// <summary>Reads the current version of a resource. https://hl7.org/fhir/R4/http.html#read</summary>
public sealed record Read(ResourceKey Key, Conditions Conditions, Projection Projection, string BaseUrl)
    : FhirInteraction("read", Key.Type, Key.Id)
{
    public static Result<FhirInteraction> Parse(InteractionRequest request, FhirDefinitions definitions)
    {
        if (!ResourceKey.Create(request.Type, request.Id).TryGet(out var key, out var failure))
            return failure;
        return Projection.Parse(request.Query).TryGet(out var projection, out failure)
            ? new Read(key, request.Conditions, projection, request.BaseUrl)
            : failure;
    }
}

internal sealed class ReadHandler(CareSession session, FhirDefinitions definitions)
    : IRequestHandler<Read, FhirResponse>
{
    public async Task<FhirResponse> Handle(Read read, CancellationToken cancellationToken) =>
        definitions.BuiltIns.Find(read.Key, read.BaseUrl) is { } own
            ? FhirResponse.Of(new BytesContent(read.Projection.Apply(own, definitions)))
            : await ReadAsync(read, cancellationToken);

    private async Task<FhirResponse> ReadAsync(Read read, CancellationToken cancellationToken) =>
        await session.Reads.ReadAsync(read.Key, cancellationToken) switch
        {
            null => Failure.NotFound($"There is no {read.Key}."),
            { IsDeleted: true } gone => FhirResponse.Of(
                Failure.Gone($"{read.Key} was deleted; its versions are at {read.Key}/_history."),
                gone
            ),
            { } current when read.Conditions.IsCurrent(current.Version, current.LastUpdated) => new()
            {
                Status = 304,
                Version = current,
            },
            { } current => read.Projection.Apply(current, definitions),
        };
}
