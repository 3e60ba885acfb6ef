using CareCoordination.Application.Answers;
using CareCoordination.Application.Diagnostics;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Storage;
using MediatR;

namespace CareCoordination.Application.Sessions;

/// <summary>
/// A database that is away is answered with 503 and when to come back, a change that is too large for one transaction with 422.
/// </summary>
internal sealed class UnavailableBehavior<TRequest>(ILogger<UnavailableLog> log)
    : IPipelineBehavior<TRequest, FhirResponse>
    where TRequest : FhirInteraction
{
    public async Task<FhirResponse> Handle(
        TRequest request,
        CancellationToken cancellationToken,
        RequestHandlerDelegate<FhirResponse> next
    )
    {
        try
        {
            return await next();
        }
        catch (StoreUnavailableException e)
        {
            Log.StoreUnavailable(log, e, request.Code, request.ResourceType);
            return FhirResponse.Unavailable(e);
        }
        catch (CommitTooLargeException e)
        {
            return Failure.Unprocessable(IssueCode.TooCostly, e.Message);
        }
    }
}

/// <summary>The log category of what the database could not do.</summary>
public sealed class UnavailableLog;
