using CareCoordination.Rest.Http;
using Swashbuckle.AspNetCore.SwaggerUI;

namespace CareCoordination.Rest.OpenApi;

/// <summary><c>/swagger</c>: the documents and a page to try them.</summary>
public static class OpenApiEndpoints
{
    public static void AddOpenApi(this WebApplicationBuilder builder) => builder.Services.AddSingleton<CareApi>();

    public static void MapOpenApi(this WebApplication app)
    {
        app.MapGet(
                "/swagger/{document}/swagger.json",
                (string document, HttpRequest request, CareApi api, RequestReader reader) =>
                    Answer(api.For(document, Root(reader.BaseUrl(request))))
            )
            .AllowAnonymous();
        app.MapGet(
                "/swagger/{document}/page.json",
                (string document, HttpRequest request, CareApi api, RequestReader reader) =>
                    Answer(api.ForPage(document, Root(reader.BaseUrl(request))))
            )
            .AllowAnonymous();
        // What the page signs in with is known once the server listens.
        var pipeline = new Lazy<RequestDelegate>(() => Page(app));
        app.Map("/swagger/{**path}", context => pipeline.Value(context)).AllowAnonymous();
    }

    /// <summary>A pipeline of its own, behind one route: FHIR requests do not pass through it.</summary>
    private static RequestDelegate Page(WebApplication app) =>
        ((IEndpointRouteBuilder)app)
            .CreateApplicationBuilder()
            .Use(next =>
                context =>
                {
                    // Files are only served where no endpoint has been chosen.
                    context.SetEndpoint(null);
                    return next(context);
                }
            )
            .UseSwaggerUI(ui => Configure(ui, app.Services.GetRequiredService<ApiSecurity>()))
            .Build();

    private static IResult Answer(byte[]? document) =>
        document is null ? Results.NotFound() : Results.Bytes(document, "application/json");

    /// <summary>The paths begin with that of the FHIR base, which is part of the base's address.</summary>
    private static string Root(string baseUrl) =>
        baseUrl.EndsWith(FhirEndpoints.BasePath, StringComparison.Ordinal)
            ? baseUrl[..^FhirEndpoints.BasePath.Length]
            : baseUrl;

    private static void Configure(SwaggerUIOptions ui, ApiSecurity security)
    {
        ui.DocumentTitle = "CareCoordination";
        ui.SwaggerEndpoint($"{CareApi.Care}/page.json", "Care");
        ui.SwaggerEndpoint($"{CareApi.AnyType}/page.json", "Any resource");
        ui.DocExpansion(DocExpansion.None);
        ui.EnableFilter();
        ui.EnableDeepLinking();
        ui.DisplayRequestDuration();
        // Coloured text takes longer than all the rest of an operation.
        ui.ConfigObject.AdditionalItems["syntaxHighlight"] = false;
        // The schemas of resources are large: each is shown where somebody asks for it.
        ui.DefaultModelRendering(ModelRendering.Example);
        ui.DefaultModelExpandDepth(1);
        ui.DefaultModelsExpandDepth(-1);
        if (security.IsSecured)
            SignIn(ui, security);
    }

    /// <summary>By authorization code with PKCE: the page can keep no secret.</summary>
    private static void SignIn(SwaggerUIOptions ui, ApiSecurity security)
    {
        ui.OAuthUsePkce();
        ui.OAuthScopes(ApiSecurity.AskedByPage);
        if (security.ClientId is { } client)
            ui.OAuthClientId(client);
        // SMART has apps say for which server they want a token.
        if (security.Audience() is { } audience)
            ui.OAuthAdditionalQueryStringParams(new(StringComparer.Ordinal) { ["aud"] = audience });
    }
}
