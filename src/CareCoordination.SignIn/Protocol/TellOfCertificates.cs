using CareCoordination.Security.Settings;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace CareCoordination.SignIn.Protocol;

/// <summary>That tokens are bound to certificates, where clients can show them. https://www.rfc-editor.org/rfc/rfc8705#section-3.3</summary>
internal sealed class TellOfCertificates(SecurityOptions options)
    : IOpenIddictServerHandler<HandleConfigurationRequestContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor
            .CreateBuilder<HandleConfigurationRequestContext>()
            .UseSingletonHandler<TellOfCertificates>()
            .SetOrder(int.MaxValue - 1000)
            .Build();

    public ValueTask HandleAsync(HandleConfigurationRequestContext context)
    {
        if (options.TakesCertificates)
            context.Metadata["tls_client_certificate_bound_access_tokens"] = true;
        return default;
    }
}
