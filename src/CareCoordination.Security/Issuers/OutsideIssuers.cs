using System.Collections.Frozen;
using CareCoordination.Security.Diagnostics;
using CareCoordination.Security.Settings;
using Microsoft.Extensions.Hosting;

namespace CareCoordination.Security.Issuers;

/// <summary>The issuers of the configuration.</summary>
internal sealed class OutsideIssuers : BackgroundService
{
    private readonly HttpClient _http;
    private readonly ILogger _log;
    private readonly FrozenDictionary<string, (Issuer Issuer, IssuerMetadata Metadata)> _all;

    public OutsideIssuers(SecurityOptions options, HttpClient http, TimeProvider time, ILoggerFactory logs)
    {
        _http = http;
        _log = logs.CreateLogger<OutsideIssuers>();
        _all = options.Issuers.ToFrozenDictionary(i => i.Name, i => Make(i, time), StringComparer.Ordinal);
    }

    public Issuer this[string name] => _all[name].Issuer;

    public override void Dispose()
    {
        _http.Dispose();
        base.Dispose();
    }

    /// <summary>The server does not wait for them: an issuer that cannot be reached is in the log, and asked again when it is needed.</summary>
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var (issuer, _) in _all.Values)
        {
            if (issuer.Roles.IsEmpty)
                Log.NoRoles(_log, issuer.Name);
        }

        return Task.WhenAll(_all.Values.Select(i => i.Metadata.WarmAsync(stoppingToken)));
    }

    private (Issuer, IssuerMetadata) Make(IssuerOptions options, TimeProvider time)
    {
        var metadata = new IssuerMetadata(options, _http, time, _log);
        var introspection = options.Introspection is { } settings
            ? new Introspection(options, settings, metadata, _http, time, _log)
            : null;
        var issuer = new Issuer(options.Name, options.Id)
        {
            Prefix = options.Name + ":",
            Audiences = options.Audiences,
            Algorithms = options.Algorithms,
            ClockSkew = options.ClockSkew,
            Claims = options.Claims,
            Roles = options.Roles,
            Keys = metadata.KeysAsync,
            Endpoints = metadata.EndpointsAsync,
            Introspect = introspection is null ? null : introspection.AskAsync,
            IntrospectionRemembered = options.Introspection?.Remembered ?? TimeSpan.Zero,
        };
        return (issuer, metadata);
    }
}
