using CareCoordination.Application.Answers;
using CareCoordination.Application.Diagnostics;
using CareCoordination.Application.Requests;
using MediatR;

namespace CareCoordination.Application.Sessions;

/// <summary>One line for each interaction: what was asked of which resource, and the answer's status. Never content.</summary>
internal sealed class AuditBehavior<TRequest>(ILogger<AuditLog> log) : IPipelineBehavior<TRequest, FhirResponse>
    where TRequest : FhirInteraction
{
    public async Task<FhirResponse> Handle(
        TRequest request,
        CancellationToken cancellationToken,
        RequestHandlerDelegate<FhirResponse> next
    )
    {
        var response = await next();
        if (log.IsEnabled(LogLevel.Information))
            Log.Interaction(log, request.Code, Target(request, response), response.Status);
        return response;
    }

    /// <summary><c>Patient/1</c>, <c>Patient</c> for a whole type, <c>-</c> for the system; of a create the id that was given.</summary>
    private static string Target(TRequest request, FhirResponse response)
    {
        if (request.ResourceType is null)
            return "-";
        var id = request.Id ?? response.Version?.Key.Id;
        return id is null ? request.ResourceType : $"{request.ResourceType}/{id}";
    }
}

/// <summary>The log category of audit lines.</summary>
public sealed class AuditLog;
