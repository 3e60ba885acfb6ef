using CareCoordination.Application.Answers;
using CareCoordination.Application.Requests;
using MediatR;

namespace CareCoordination.Application.Sessions;

/// <summary>
/// Where every interaction is allowed or refused, over HTTP and inside Bundles. With no security configured the server listens
/// on loopback only (<see cref="Options.Exposure"/>), and whoever is on this machine may do everything.
/// </summary>
internal sealed class AuthorizeBehavior<TRequest> : IPipelineBehavior<TRequest, FhirResponse>
    where TRequest : FhirInteraction
{
    public Task<FhirResponse> Handle(
        TRequest request,
        CancellationToken cancellationToken,
        RequestHandlerDelegate<FhirResponse> next
    ) => next();
}
