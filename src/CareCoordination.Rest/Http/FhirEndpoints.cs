using CareCoordination.Rest.Routing;

namespace CareCoordination.Rest.Http;

/// <summary>The FHIR endpoints: the rows of the <see cref="InteractionTable"/>, below <c>/fhir</c>.</summary>
public static class FhirEndpoints
{
    public const string BasePath = "/fhir";

    private static readonly string[] GetAndHead = ["GET", "HEAD"];

    public static void MapFhir(this IEndpointRouteBuilder routes)
    {
        var fhir = routes.MapGroup(BasePath);
        var handler = routes.ServiceProvider.GetRequiredService<FhirRequestHandler>();
        foreach (var definition in routes.ServiceProvider.GetRequiredService<InteractionTable>().All)
        {
            string[] methods = definition.Method == "GET" ? GetAndHead : [definition.Method];
            fhir.MapMethods(definition.Template, methods, context => handler.HandleAsync(context, definition))
                .WithDisplayName($"{definition.Code}: {definition.Method} {definition.Template}");
        }
    }
}
