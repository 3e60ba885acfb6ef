using CareCoordination.Application.Answers;
using CareCoordination.Application.Diagnostics;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Storage;
using MediatR;

namespace CareCoordination.Application.Sessions;

/// <summary>
/// What all interactions have in common at their end: a database that is away is answered with 503 and when to come back, a change
/// that is too large for one transaction with 422, and one line is left in the audit trail, whatever becomes of the interaction.
/// </summary>
internal sealed class AnswerBehavior<TRequest>(AuditTrail trail, ReadGate gate, ILogger<UnavailableLog> log)
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
        catch (StoreUnavailableException e)
        {
            Log.StoreUnavailable(log, e, request.Code, request.ResourceType);
            return response = FhirResponse.Unavailable(e);
        }
        catch (CommitTooLargeException e)
        {
            return response = Failure.Unprocessable(IssueCode.TooCostly, e.Message);
        }
        finally
        {
            trail.Add(gate.Caller, request, response?.Status ?? NoAnswer, response?.Version?.Key.Id);
        }
    }
}

/// <summary>The log category of what the database could not do.</summary>
public sealed class UnavailableLog;
