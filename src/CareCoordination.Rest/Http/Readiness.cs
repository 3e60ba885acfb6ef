using System.Globalization;
using CareCoordination.Application.Sessions;
using CareCoordination.Storage;

namespace CareCoordination.Rest.Http;

/// <summary>Ready means that the database can be read and written; otherwise the answer says in a word what is the matter.</summary>
public static class Readiness
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    public static async Task AnswerAsync(HttpContext context)
    {
        var store = context.RequestServices.GetRequiredService<StoreReadiness>();
        var word = await WordAsync(store, context.RequestAborted);
        var ahead = store.ClockAhead;
        context.Response.StatusCode = word == "ready" ? 200 : 503;
        Describe(context.Response);
        // It works, by the database's time, and somebody should see to it.
        var detail = string.Create(CultureInfo.InvariantCulture, $"; the clock is {ahead.TotalSeconds:0} s ahead");
        await context.Response.WriteAsync(ahead > TimeSpan.Zero ? word + detail : word, context.RequestAborted);
    }

    /// <summary>Live means that the process answers.</summary>
    public static Task LiveAsync(HttpContext context)
    {
        Describe(context.Response);
        return context.Response.WriteAsync("live", context.RequestAborted);
    }

    private static void Describe(HttpResponse response)
    {
        response.ContentType = "text/plain; charset=utf-8";
        response.Headers.CacheControl = "no-store";
    }

    private static async Task<string> WordAsync(StoreReadiness store, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Timeout);
        try
        {
            return await store.CheckAsync(limit.Token) switch
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
