using CareCoordination.Access.Roles;
using CareCoordination.Rest.Http;
using CareCoordination.SignIn.Administration;
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
                        Respell(context.Request, context.RequestServices.GetRequiredService<IssuerAddress>().Issuer);
                        return next(context);
                    }
                );
                own.UseAuthentication();
            }
        );
    }

    public static void MapSignIn(this WebApplication app)
    {
        var routes = app.MapGroup("").AllowAnonymous();
        routes.MapMethods(
            "/" + Endpoints.Authorize,
            ["GET", "POST"],
            (HttpContext context, AuthorizeEndpoint endpoint) => endpoint.HandleAsync(context)
        );
        routes.MapPost(
            "/" + Endpoints.Token,
            (HttpContext context, TokenEndpoint endpoint) => endpoint.HandleAsync(context)
        );
        routes.MapGet(SignInStyle.Path, SignInStyle.Answer);
        routes.MapRazorPages();
        app.MapAdministration();
        app.MapPost(
                "/" + Endpoints.Launch,
                (HttpContext context, LaunchEndpoint endpoint) => endpoint.HandleAsync(context)
            )
            .WithMetadata(new NeedsRole([CareRole.EhrSystem]));
        // Answered by OpenIddict, before their turn comes; here they are addresses that need no token.
        foreach (
            var answered in (string[])[Endpoints.Introspect, Endpoints.Revoke, Endpoints.Keys, Endpoints.Configuration]
        )
            routes.Map("/" + answered, () => Results.NotFound());
    }

    /// <summary>Behind a proxy requests look as if they were for another address than the one that browsers and clients know.</summary>
    private static void Respell(HttpRequest request, Uri issuer)
    {
        request.Scheme = issuer.Scheme;
        request.Host = issuer.IsDefaultPort ? new HostString(issuer.Host) : new HostString(issuer.Host, issuer.Port);
        request.PathBase = issuer.AbsolutePath.TrimEnd('/');
    }
}
