using CareCoordination.SignIn.Pages;
using CareCoordination.SignIn.Protocol;
using CareCoordination.SignIn.Settings;

namespace CareCoordination.SignIn;

/// <summary>Where the authorization server is found.</summary>
public static class SignInEndpoints
{
    private static readonly string[] Places = ["/connect", "/signin", "/.well-known/openid-configuration"];

    /// <summary>To be called after routing: OpenIddict answers some requests itself, and has checked the others.</summary>
    public static void UseSignIn(this WebApplication app)
    {
        // The framework would put both in front of everything, for every request: before the filters of hosts and origins.
        foreach (var middleware in (string[])["__AuthenticationMiddlewareSet", "__AuthorizationMiddlewareSet"])
            ((IApplicationBuilder)app).Properties[middleware] = true;
        app.UseWhen(
            context =>
                Places.Any(place => context.Request.Path.StartsWithSegments(place, StringComparison.OrdinalIgnoreCase)),
            own =>
            {
                own.Use(
                    (context, next) =>
                    {
                        Respell(context.Request, context.RequestServices.GetRequiredService<PublicAddress>().Issuer);
                        return next(context);
                    }
                );
                own.UseAuthentication();
            }
        );
    }

    public static void MapSignIn(this WebApplication app)
    {
        app.MapMethods(
            "/" + Endpoints.Authorize,
            ["GET", "POST"],
            (HttpContext context, AuthorizeEndpoint endpoint) => endpoint.HandleAsync(context)
        );
        app.MapPost(
            "/" + Endpoints.Token,
            (HttpContext context, TokenEndpoint endpoint) => endpoint.HandleAsync(context)
        );
        app.MapGet(SignInStyle.Path, SignInStyle.Answer);
        app.MapRazorPages();
    }

    /// <summary>Behind a proxy requests look as if they were for another address than the one that browsers and clients know.</summary>
    private static void Respell(HttpRequest request, Uri issuer)
    {
        request.Scheme = issuer.Scheme;
        request.Host = issuer.IsDefaultPort ? new HostString(issuer.Host) : new HostString(issuer.Host, issuer.Port);
        request.PathBase = issuer.AbsolutePath.TrimEnd('/');
    }
}
