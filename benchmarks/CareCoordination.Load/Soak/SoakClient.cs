using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace CareCoordination.Load.Soak;

/// <summary>A client as clients of a server that dies have to be: it asks again, under the same key, until it has an answer.</summary>
internal sealed class SoakClient(IReadOnlyList<SoakNode> nodes) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };
    private int _next;
    private int _repeats;

    /// <summary>Requests that were not answered, or with 5xx, and were asked again.</summary>
    public int Repeats => _repeats;

    public Task<JsonNode> GetAsync(string path, CancellationToken cancel) => SendAsync("GET", path, null, null, cancel);

    public async Task<JsonNode> SendAsync(
        string method,
        string path,
        string? body,
        string? idempotencyKey,
        CancellationToken cancel
    )
    {
        var (status, text) = await AskAsync(method, path, body, idempotencyKey, cancel);
        return status < HttpStatusCode.BadRequest
            ? JsonNode.Parse(text)!
            : throw new InvalidOperationException($"{method} {path} was answered {(int)status}: {text}");
    }

    /// <summary>False where it was refused for good.</summary>
    public async Task<bool> TrySendAsync(
        string method,
        string path,
        string? body,
        string? idempotencyKey,
        CancellationToken cancel
    ) => (await AskAsync(method, path, body, idempotencyKey, cancel)).Status < HttpStatusCode.BadRequest;

    /// <summary>The first answer that asking again would not change.</summary>
    private async Task<(HttpStatusCode Status, string Text)> AskAsync(
        string method,
        string path,
        string? body,
        string? idempotencyKey,
        CancellationToken cancel
    )
    {
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            var node = nodes[(int)((uint)Interlocked.Increment(ref _next) % nodes.Count)];
            try
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(node.Base, path));
                if (body is not null)
                    request.Content = new StringContent(body, Encoding.UTF8, "application/fhir+json");
                if (idempotencyKey is not null)
                    request.Headers.Add("Idempotency-Key", idempotencyKey);
                using var answer = await _http.SendAsync(request, cancel);
                var text = await answer.Content.ReadAsStringAsync(cancel);
                if (
                    answer.StatusCode < HttpStatusCode.InternalServerError
                    && answer.StatusCode != HttpStatusCode.Conflict
                )
                    return (answer.StatusCode, text);
            }
            catch (Exception e)
                when (e is HttpRequestException or TaskCanceledException && !cancel.IsCancellationRequested)
            {
                // The node is dead, or died before it answered.
            }

            Interlocked.Increment(ref _repeats);
            await Task.Delay(Pause, cancel);
        }
    }

    public void Dispose() => _http.Dispose();
}
