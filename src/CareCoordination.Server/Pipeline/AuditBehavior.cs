using CareCoordination.Server.Diagnostics;
using CareCoordination.Server.Interactions;
using MediatR;

namespace CareCoordination.Server.Pipeline;

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
        Log.Interaction(
            log,
            request.Code,
            request.ResourceType,
            request.Id ?? response.Version?.Key.Id,
            response.Status
        );
        return response;
    }
}

/// <summary>The log category of audit lines.</summary>
public sealed class AuditLog;
