using CareCoordination.Rest.Metadata;
using CareCoordination.Rest.OpenApi;
using CareCoordination.Security.Edge;
using CareCoordination.Security.Settings;
using CareCoordination.Security.Smart;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;

namespace CareCoordination.Security;

/// <summary>Where the room stands in the way of a request. Nothing of it is there while the server is open.</summary>
public static class SecurityEdge
{
    /// <summary>Before everything else.</summary>
    public static void UseSecurityEdge(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<SecurityOptions>();
        if (options.IsOpen)
            return;
        if (options.BehindTlsProxy)
            app.UseForwardedHeaders(OfTheProxy());
        app.UseMiddleware<SecurityHeaders>();
    }

    /// <summary>Where apps learn how to get a token.</summary>
    public static void MapSmart(this WebApplication app)
    {
        if (!app.Services.GetRequiredService<SecurityOptions>().IsOpen)
            app.Services.GetRequiredService<SmartConfiguration>().Map(app);
    }

    /// <summary>For the OpenAPI documents and the page that shows them.</summary>
    public static ApiSecurity ApiSecurity(this IServiceProvider services)
    {
        var options = services.GetRequiredService<SecurityOptions>();
        if (options.IsOpen)
            return Rest.OpenApi.ApiSecurity.None;
        var smart = services.GetRequiredService<SmartConfiguration>();
        return new ApiSecurity(IsSecured: true)
        {
            Addresses = smart.AddressesNow,
            Audience = () => smart.Audience,
            ClientId = options.SwaggerClientId,
        };
    }

    /// <summary>For the statement of capabilities.</summary>
    /// <param name="openness">What is said where nothing is secured.</param>
    public static RestSecurity RestSecurity(this IServiceProvider services, string openness)
    {
        var options = services.GetRequiredService<SecurityOptions>();
        return options.Promise is { } promise
            ? new RestSecurity(promise, IsSmart: true, services.GetRequiredService<SmartConfiguration>().AddressesNow)
            : Rest.Metadata.RestSecurity.Open(openness);
    }

    /// <summary>Of one proxy, which is whoever connects: nobody else may reach a server behind one.</summary>
    private static ForwardedHeadersOptions OfTheProxy()
    {
        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            ForwardLimit = 1,
        };
        options.KnownIPNetworks.Clear();
        options.KnownProxies.Clear();
        return options;
    }
}
