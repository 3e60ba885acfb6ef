using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Rest.Http;
using CareCoordination.Security.Diagnostics;
using CareCoordination.Security.Keys;
using CareCoordination.Security.Settings;
using Microsoft.IdentityModel.Tokens;

namespace CareCoordination.Security.Issuers;

/// <summary>
/// The metadata and keys of an outside issuer, fetched when they are needed first and again when they are old or a token names a key that is
/// not among them. One fetch at a time, and none before the wait after the last one is over, whatever tokens name: nobody makes this
/// server hammer an issuer.
/// </summary>
internal sealed class IssuerMetadata(IssuerOptions options, HttpClient http, TimeProvider time, ILogger log)
{
    /// <summary>After one that failed. Clients are told to come again then.</summary>
    public static readonly TimeSpan WaitAfterFailure = TimeSpan.FromSeconds(5);

    /// <summary>After one that succeeded, where a token names a key that nobody knows.</summary>
    public static readonly TimeSpan WaitForNewKeys = TimeSpan.FromSeconds(30);

    /// <summary>Older ones are fetched anew: a key that was withdrawn is gone after this at the latest.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromHours(1);

    /// <summary>For as long the last ones are used where the issuer cannot be reached.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    private readonly Lock _lock = new();
    private Task? _fetch;
    private Fetched? _last;

    /// <summary>In ticks; 0: the last one did not fail.</summary>
    private long _failedAt;

    public async ValueTask<Result<ImmutableArray<SecurityKey>>> KeysAsync(
        string? kid,
        CancellationToken cancellationToken
    )
    {
        if (options.Keys is { } configured)
            return Find(configured, kid);
        return (await GetAsync(f => kid is null || f.Keys.Any(k => k.KeyId == kid), cancellationToken)).TryGet(
            out var fetched,
            out var failure
        )
            ? Find(fetched.Keys, kid)
            : failure;
    }

    public async ValueTask<Result<IssuerEndpoints>> EndpointsAsync(CancellationToken cancellationToken) =>
        (await GetAsync(_ => true, cancellationToken)).TryGet(out var fetched, out var failure)
            ? fetched.Endpoints
            : failure;

    /// <summary>Fetches, so that the first token need not wait, and that an issuer that cannot be reached is in the log.</summary>
    public Task WarmAsync(CancellationToken cancellationToken) => Begin().WaitAsync(cancellationToken);

    /// <summary>
    /// A token without a name of its key is one of the only key that there is. Where there are several it could be tried with each; which one
    /// is meant is then chosen by whoever made the token.
    /// </summary>
    private static ImmutableArray<SecurityKey> Find(ImmutableArray<SecurityKey> keys, string? kid) =>
        kid is not null ? [.. keys.Where(k => k.KeyId == kid)]
        : keys.Length == 1 ? keys
        : [];

    /// <param name="suffices">False for keys that lack the one that is looked for.</param>
    private async ValueTask<Result<Fetched>> GetAsync(Func<Fetched, bool> suffices, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var known = Volatile.Read(ref _last);
        if (known is not null && suffices(known))
        {
            // Who has what is needed does not wait for newer ones.
            if (IsOver(Fresh, known.At, now) && IsDue(now, known))
                _ = Begin();
            if (!IsOver(Kept, known.At, now))
                return known;
        }

        if (IsDue(now, known) || Volatile.Read(ref _fetch) is not null)
            await Begin().WaitAsync(cancellationToken);
        known = Volatile.Read(ref _last);
        return known is null || IsOver(Kept, known.At, time.GetUtcNow()) ? Unreachable() : known;
    }

    /// <summary>Whatever clocks do, a wait that has begun ends.</summary>
    private static bool IsOver(TimeSpan wait, DateTimeOffset since, DateTimeOffset now) =>
        (now - since).Duration() >= wait;

    private bool IsDue(DateTimeOffset now, Fetched? known) =>
        (
            Volatile.Read(ref _failedAt) is not (> 0 and var failed)
            || IsOver(WaitAfterFailure, new DateTimeOffset(failed, TimeSpan.Zero), now)
        ) && (known is null || IsOver(WaitForNewKeys, known.At, now));

    private Task Begin()
    {
        lock (_lock)
            return _fetch ??= Task.Run(FetchAsync);
    }

    private async Task FetchAsync()
    {
        try
        {
            var (fetched, problem) = await TryFetchAsync();
            if (fetched is not null)
            {
                if (_failedAt > 0)
                    Log.IssuerReached(log, options.Name);
                Volatile.Write(ref _failedAt, 0);
                Volatile.Write(ref _last, fetched);
                return;
            }

            // One sentence for one outage.
            if (_failedAt == 0)
                Log.IssuerUnreachable(log, options.Name, options.MetadataAddress, problem!);
            Volatile.Write(ref _failedAt, time.GetUtcNow().UtcTicks);
        }
        finally
        {
            lock (_lock)
                _fetch = null;
        }
    }

    private async Task<(Fetched?, string? Problem)> TryFetchAsync()
    {
        try
        {
            var endpoints = IssuerEndpoints.Parse(await http.GetByteArrayAsync(options.MetadataAddress));
            // https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfigurationValidation
            if (endpoints.Issuer != options.Id)
                return (null, $"its metadata are of the issuer '{endpoints.Issuer}', and not of '{options.Id}'");
            if (options.Keys is { } configured)
                return (new Fetched(endpoints, configured, time.GetUtcNow()), null);
            if (!Uri.TryCreate(endpoints.Jwks, UriKind.Absolute, out var address) || !IsSafe(address))
                return (null, "its metadata name no jwks_uri with https");
            var keys = VerificationKeys.Of(Encoding.UTF8.GetString(await http.GetByteArrayAsync(address)));
            return keys.IsEmpty
                ? (null, "none of its keys can verify a signature")
                : (new Fetched(endpoints, keys, time.GetUtcNow()), null);
        }
        catch (Exception problem)
            when (problem is HttpRequestException or OperationCanceledException or JsonException or ArgumentException)
        {
            return (null, problem is OperationCanceledException ? "it did not answer in time" : problem.Message);
        }
    }

    public static bool IsSafe(Uri address) =>
        address.Scheme == Uri.UriSchemeHttps
        || (address.Scheme == Uri.UriSchemeHttp && LoopbackAddress.IsHost(address.Host));

    private Failure Unreachable() =>
        Failure.Unavailable(
            $"The issuer {options.Name}, which the token is of, cannot be reached at the moment. Send the request again in a few seconds."
        );

    /// <param name="At">When it was fetched.</param>
    private sealed record Fetched(IssuerEndpoints Endpoints, ImmutableArray<SecurityKey> Keys, DateTimeOffset At);
}
