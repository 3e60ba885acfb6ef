using Swashbuckle.AspNetCore.Swagger;

namespace CareCoordination.Rest.OpenApi;

/// <summary><c>/swagger</c>: the document and a page to try it.</summary>
public static class OpenApiEndpoints
{
    public static void AddOpenApi(this WebApplicationBuilder builder) =>
        builder.Services.AddSingleton<ISwaggerProvider, CareApi>();

    public static void MapOpenApi(this WebApplication app)
    {
        // A pipeline of its own, behind one route: FHIR requests do not pass through it.
        var pipeline = ((IEndpointRouteBuilder)app)
            .CreateApplicationBuilder()
            .Use(next =>
                context =>
                {
                    // Files are only served where no endpoint has been chosen.
                    context.SetEndpoint(null);
                    return next(context);
                }
            )
            .UseSwagger()
            .UseSwaggerUI(ui =>
            {
                ui.SwaggerEndpoint($"{CareApi.DocumentName}/swagger.json", "CareCoordination");
                ui.DocumentTitle = "CareCoordination";
                ui.DefaultModelsExpandDepth(-1);
            })
            .Build();
        app.Map("/swagger/{**path}", pipeline);
    }
}
