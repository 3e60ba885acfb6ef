using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using MediatR;

namespace CareCoordination.Exchange.Operators;

/// <summary>How a partner fares.</summary>
public sealed record ShowPartnerHealth(ResourceKey Key) : FhirInteraction("$health", Key.Type, Key.Id)
{
    public static readonly Operation Operation = new(
        ResourceTypes.Endpoint,
        "health",
        "How the partner fares: its breaker, when it last answered, how many messages wait and for how long, how far it was polled.",
        input => new ShowPartnerHealth(input.Key)
    )
    {
        AffectsState = false,
        Answer = "Parameters",
    };
}

internal sealed class ShowPartnerHealthHandler(CareReads reads, PartnerHealthReads health)
    : IRequestHandler<ShowPartnerHealth, FhirResponse>
{
    public async Task<FhirResponse> Handle(ShowPartnerHealth show, CancellationToken cancellationToken) =>
        await reads.ReadAsync(show.Key.ToString(), cancellationToken) is { } endpoint
            ? await health.AnswerAsync(endpoint, cancellationToken)
            : Failure.NotFound($"There is no {show.Key}.");
}
