using System.Collections.Concurrent;
using System.Collections.Immutable;
using CareCoordination.SignIn.Clients;
using CareCoordination.SignIn.Diagnostics;
using CareCoordination.SignIn.Settings;

namespace CareCoordination.SignIn.Protocol;

/// <summary>
/// The keys of clients, given or at an address. What comes from an address is remembered for some minutes, and asked for again where a
/// key is not among it, but not more often than every few seconds, so that nobody can have this server ask all the time.
/// </summary>
internal sealed class AssertionKeys(EmbeddedOptions options, TimeProvider time, ILogger<AssertionKeys> log)
    : IDisposable
{
    private const int MaxBytes = 64 * 1024;
    private const int MaxAddresses = 1000;

    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, Fetched> _fetched = new(StringComparer.Ordinal);
    private readonly HttpClient _http = new(
        // Where keys are stands in the registration, and nowhere else.
        new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }
    )
    {
        Timeout = options.JwksTimeout,
        MaxResponseContentBufferSize = MaxBytes,
    };

    /// <summary>Null where the client has no such key for the algorithm.</summary>
    public async Task<ClientKey?> FindAsync(
        ClientRecord client,
        string keyId,
        string algorithm,
        CancellationToken cancellationToken
    )
    {
        if (client.Jwks is { } given)
            return Pick(ClientKeys.Read(given), keyId, algorithm);
        if (client.JwksUri is not { } address)
            return null;
        var now = time.GetUtcNow();
        if (_fetched.TryGetValue(address, out var known))
        {
            if (now - known.At < Fresh && Pick(known.Keys, keyId, algorithm) is { } key)
                return key;
            if (now - known.At < Pause)
                return null;
        }

        // An answer that is no set of keys counts as one, too: whoever is down is not asked by every request.
        var fetched = new Fetched(await FetchAsync(address, cancellationToken), now);
        if (_fetched.Count >= MaxAddresses)
            _fetched.Clear();
        _fetched[address] = fetched;
        return Pick(fetched.Keys, keyId, algorithm);
    }

    public void Dispose() => _http.Dispose();

    private async Task<ImmutableArray<ClientKey>> FetchAsync(string address, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _http.GetAsync(new Uri(address), cancellationToken);
            response.EnsureSuccessStatusCode();
            var keys = ClientKeys.Read(await response.Content.ReadAsStringAsync(cancellationToken));
            if (keys.IsEmpty)
                Log.NoKeys(log, address);
            return keys;
        }
        catch (Exception e)
            when (e is HttpRequestException or InvalidOperationException
                || (e is TaskCanceledException && !cancellationToken.IsCancellationRequested)
            )
        {
            Log.KeysAway(log, address, e.Message);
            return [];
        }
    }

    private static ClientKey? Pick(ImmutableArray<ClientKey> keys, string keyId, string algorithm) =>
        keys.FirstOrDefault(k => k.Key.KeyId == keyId && k.Algorithm == algorithm);

    private sealed record Fetched(ImmutableArray<ClientKey> Keys, DateTimeOffset At);
}
