using CareCoordination.Storage;

namespace CareCoordination.Rest.Http;

/// <summary>Ready means that the database can be read and written; otherwise the answer says in a word what is the matter.</summary>
public static class Readiness
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static async Task AnswerAsync(HttpContext context)
    {
        var store = context.RequestServices.GetRequiredService<ResourceStore>();
        var word = await WordAsync(store, context.RequestAborted);
        context.Response.StatusCode = word == "ready" ? 200 : 503;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.WriteAsync(word, context.RequestAborted);
    }

    private static async Task<string> WordAsync(ResourceStore store, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            return await store.HealthAsync(patience.Token) switch
            {
                StoreHealth.Ready => "ready",
                StoreHealth.ReadOnly => "read-only",
                _ => "unreachable",
            };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return "slow";
        }
    }
}
