using System.Net.Http;

namespace CareCoordination.Client;

/// <summary>
/// Adds the headers of one call. The FhirClient has headers for all calls only; what one call wants reaches its request by way of the
/// asynchronous flow that it was made in.
/// </summary>
public sealed class CallHeaders : DelegatingHandler
{
    private static readonly AsyncLocal<CallOptions?> Current = new();

    internal static IDisposable Of(CallOptions options)
    {
        var before = Current.Value;
        Current.Value = options;
        return new Scope(before);
    }

    /// <inheritdoc />
    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        if (Current.Value is { } options)
        {
            Set(request, "If-Match", options.IfMatch);
            Set(request, "Idempotency-Key", options.IdempotencyKey);
        }

        // An export goes on after its request, or is none.
        if (request.RequestUri?.AbsolutePath.EndsWith("/$export", StringComparison.Ordinal) is true)
            Set(request, "Prefer", "respond-async");

        return base.SendAsync(request, cancellationToken);
    }

    private static void Set(HttpRequestMessage request, string name, string? value)
    {
        if (value is null)
            return;
        request.Headers.Remove(name);
        request.Headers.TryAddWithoutValidation(name, value);
    }

    private sealed class Scope(CallOptions? before) : IDisposable
    {
        public void Dispose() => Current.Value = before;
    }
}
