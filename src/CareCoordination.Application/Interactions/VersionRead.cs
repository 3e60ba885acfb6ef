using System.Globalization;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using MediatR;

namespace CareCoordination.Application.Interactions;

/// <summary>Reads one version of a resource. https://hl7.org/fhir/R4/http.html#vread</summary>
public sealed record VersionRead(ResourceKey Key, int Version, Conditions Conditions, Projection Projection)
    : FhirInteraction("vread", Key.Type, Key.Id)
{
    public static Result<FhirInteraction> Parse(InteractionRequest request, FhirDefinitions definitions)
    {
        if (!ResourceKey.Create(request.Type, request.Id).TryGet(out var key, out var failure))
            return failure;
        // Versions are numbers here; another well-formed id is a version that never was.
        if (!int.TryParse(request.Version, NumberStyles.None, CultureInfo.InvariantCulture, out var version))
            return Failure.NotFound($"There is no such version of {key}: versions are numbered from 1.");
        return Projection.Parse(request.Query).TryGet(out var projection, out failure)
            ? new VersionRead(key, version, request.Conditions, projection)
            : failure;
    }
}

internal sealed class VersionReadHandler(CareSession session, FhirDefinitions definitions)
    : IRequestHandler<VersionRead, FhirResponse>
{
    public async Task<FhirResponse> Handle(VersionRead read, CancellationToken cancellationToken) =>
        await session.Reads.ReadVersionAsync(read.Key, read.Version, cancellationToken) switch
        {
            null => Failure.NotFound($"There is no version {read.Version} of {read.Key}."),
            { IsDeleted: true } gone => FhirResponse.Of(
                Failure.Gone($"Version {read.Version} of {read.Key} is its deletion."),
                gone
            ),
            { } version when read.Conditions.IsCurrent(version.Version, version.LastUpdated) => new()
            {
                Status = 304,
                Version = version,
            },
            { } version => read.Projection.Apply(version, definitions),
        };
}
