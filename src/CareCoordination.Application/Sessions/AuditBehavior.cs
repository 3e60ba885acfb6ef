using CareCoordination.Application.Answers;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using MediatR;

namespace CareCoordination.Application.Sessions;

/// <summary>One line for each interaction, whatever becomes of it.</summary>
internal sealed class AuditBehavior<TRequest>(AuditTrail trail, ReadGate gate)
    : IPipelineBehavior<TRequest, FhirResponse>
    where TRequest : FhirInteraction
{
    /// <summary>Of what ended without an answer.</summary>
    private const int NoAnswer = 500;

    public async Task<FhirResponse> Handle(
        TRequest request,
        CancellationToken cancellationToken,
        RequestHandlerDelegate<FhirResponse> next
    )
    {
        FhirResponse? response = null;
        try
        {
            return response = await next();
        }
        finally
        {
            trail.Add(gate.Caller, request, response?.Status ?? NoAnswer, response?.Version?.Key.Id);
        }
    }
}
