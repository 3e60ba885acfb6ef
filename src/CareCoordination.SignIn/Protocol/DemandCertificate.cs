using CareCoordination.Security.Certificates;
using CareCoordination.SignIn.Clients;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace CareCoordination.SignIn.Protocol;

/// <summary>
/// A client that is registered with certificates shows one of them wherever it shows who it is, beside its secret or its key. Where browsers
/// come for it there is none to show. https://www.rfc-editor.org/rfc/rfc8705
/// </summary>
internal sealed class DemandCertificate(
    ClientDirectory clients,
    ShownCertificate certificates,
    IHttpContextAccessor accessor
) : IOpenIddictServerHandler<ProcessAuthenticationContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor
            .CreateBuilder<ProcessAuthenticationContext>()
            .UseScopedHandler<DemandCertificate>()
            .SetOrder(RefuseDisabledClient.Descriptor.Order + 100)
            .Build();

    public async ValueTask HandleAsync(ProcessAuthenticationContext context)
    {
        if (
            context.EndpointType == OpenIddictServerEndpointType.Authorization
            || context.Request?.ClientId is not { Length: > 0 } id
            || await clients.FindAsync(id, context.CancellationToken) is not { Certificates.IsEmpty: false } client
        )
            return;
        if (
            accessor.HttpContext is not { } http
            || certificates.Of(http) is not { } shown
            || !client.Certificates.Contains(shown)
        )
            context.Reject(
                Errors.InvalidClient,
                "The client has to connect with the certificate that it is registered with, while that is valid."
            );
    }
}
