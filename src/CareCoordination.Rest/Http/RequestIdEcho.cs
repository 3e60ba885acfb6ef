namespace CareCoordination.Rest.Http;

/// <summary>
/// Gives the client's X-Request-Id back, whatever becomes of the request, so that both sides can find it in their logs.
/// https://hl7.org/fhir/R4/http.html#custom
/// </summary>
public sealed class RequestIdEcho(RequestDelegate next)
{
    public const string Header = "X-Request-Id";

    private const int MaxLength = 128;

    public Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Headers.TryGetValue(Header, out var values) && IsId(values.ToString()))
            context.Response.OnStarting(() =>
            {
                context.Response.Headers[Header] = values;
                return Task.CompletedTask;
            });
        return next(context);
    }

    /// <summary>True for an id that can be a header.</summary>
    public static bool IsId(string text) => text.Length is > 0 and <= MaxLength && text.All(c => c is > ' ' and <= '~');
}
