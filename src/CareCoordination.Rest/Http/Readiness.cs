using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage;

namespace CareCoordination.Rest.Http;

/// <summary>Ready means that the database answers a read.</summary>
public static class Readiness
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly ResourceKey Probe = new("Basic", "-");

    public static async Task AnswerAsync(HttpContext context)
    {
        var store = context.RequestServices.GetRequiredService<ResourceStore>();
        try
        {
            await store.ReadAsync(Probe, context.RequestAborted).WaitAsync(Patience, context.RequestAborted);
            await context.Response.WriteAsync("ready");
        }
        catch (Exception e) when (e is StoreUnavailableException or TimeoutException)
        {
            context.Response.StatusCode = 503;
            await context.Response.WriteAsync("the database does not answer");
        }
    }
}
