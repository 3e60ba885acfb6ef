using CareCoordination.Application.Answers;
using CareCoordination.Application.Diagnostics;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Storage;
using MediatR;

namespace CareCoordination.Application.Sessions;

/// <summary>
/// A handler decides from what it reads and commits once, as a whole. Where another write came between, nothing was written,
/// and the handler decides again from fresh reads; a bounded number of times, then the answer is 409. A database that is away
/// is answered with 503 and when to come back.
/// </summary>
internal sealed class UnitOfWorkBehavior<TRequest>(ILogger<UnitOfWorkLog> log)
    : IPipelineBehavior<TRequest, FhirResponse>
    where TRequest : FhirInteraction
{
    private const int MaxAttempts = 8;

    public async Task<FhirResponse> Handle(
        TRequest request,
        CancellationToken cancellationToken,
        RequestHandlerDelegate<FhirResponse> next
    )
    {
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                var response = await next();
                if (!response.IsLostRace || attempt == MaxAttempts)
                    return response;
                Log.LostRace(log, request.Code, request.ResourceType, attempt);
            }
        }
        catch (StoreUnavailableException e)
        {
            Log.StoreUnavailable(log, e, request.Code, request.ResourceType);
            return FhirResponse.Unavailable(e);
        }
    }
}

/// <summary>The log category of commits.</summary>
public sealed class UnitOfWorkLog;
