using CareCoordination.Application.Answers;
using CareCoordination.Application.Audit;
using CareCoordination.Application.Diagnostics;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Storage;
using MediatR;

namespace CareCoordination.Application.Sessions;

/// <summary>
/// What all interactions have in common at their end: a database that is away is answered with 503 and when to come back, a change
/// that is too large for one transaction with 422, and one line is left in the audit trail, whatever becomes of the interaction. Without
/// its line nothing is answered.
/// </summary>
internal sealed class AnswerBehavior<TRequest>(
    AuditTrail trail,
    AuditScope scope,
    ReadGate gate,
    ILogger<UnavailableLog> log
) : IPipelineBehavior<TRequest, FhirResponse>
    where TRequest : FhirInteraction
{
    public async Task<FhirResponse> Handle(
        TRequest request,
        CancellationToken cancellationToken,
        RequestHandlerDelegate<FhirResponse> next
    )
    {
        scope.Begin(request);
        FhirResponse? response = null;
        try
        {
            response = await next();
        }
        catch (StoreUnavailableException e)
        {
            Log.StoreUnavailable(log, e, request.Code, request.ResourceType);
            response = FhirResponse.Unavailable(e);
        }
        catch (CommitTooLargeException e)
        {
            response = Failure.Unprocessable(IssueCode.TooCostly, e.Message);
        }
        finally
        {
            response = await LeaveLineAsync(request, response);
        }

        return response!;
    }

    private async ValueTask<FhirResponse?> LeaveLineAsync(TRequest request, FhirResponse? response)
    {
        try
        {
            await trail.AddAsync(gate.Caller, request, response, scope.IsRecorded);
            return response;
        }
        catch (StoreUnavailableException e)
        {
            Log.StoreUnavailable(log, e, request.Code, request.ResourceType);
            return response is null ? null : FhirResponse.Unavailable(e);
        }
    }
}

/// <summary>The log category of what the database could not do.</summary>
public sealed class UnavailableLog;
