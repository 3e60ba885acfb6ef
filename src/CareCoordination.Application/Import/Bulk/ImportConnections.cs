using CareCoordination.Application.Settings;

namespace CareCoordination.Application.Import.Bulk;

/// <summary>The way out to servers that are imported from.</summary>
/// <param name="make">
/// A handler that follows no redirects and unpacks nothing; its connections lead to this machine itself only where it is told that they
/// may.
/// </param>
public sealed class ImportConnections(Func<bool, HttpMessageHandler> make) : IDisposable
{
    private readonly Lazy<HttpClient> _out = new(() => Client(make(false)));
    private readonly Lazy<HttpClient> _here = new(() => Client(make(true)));

    internal HttpClient To(ImportSource source) => source.IsOfThisMachine ? _here.Value : _out.Value;

    public void Dispose()
    {
        foreach (var client in (ReadOnlySpan<Lazy<HttpClient>>)[_out, _here])
        {
            if (client.IsValueCreated)
                client.Value.Dispose();
        }
    }

    // Each request has a time of its own.
    private static HttpClient Client(HttpMessageHandler handler) => new(handler) { Timeout = Timeout.InfiniteTimeSpan };
}

/// <summary>A connection would lead to where none may; the message is a sentence.</summary>
public sealed class ConnectionRefusedException(string message) : IOException(message);
