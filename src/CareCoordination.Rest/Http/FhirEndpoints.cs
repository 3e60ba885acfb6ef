namespace CareCoordination.Rest.Http;

/// <summary>Everything below <c>/fhir</c> is one endpoint: which interaction is meant, the router says.</summary>
public static class FhirEndpoints
{
    public const string BasePath = "/fhir";

    public static void MapFhir(this IEndpointRouteBuilder routes) =>
        routes
            .Map(BasePath + "/{**path}", routes.ServiceProvider.GetRequiredService<FhirRequestHandler>().HandleAsync)
            .WithDisplayName("FHIR");
}
