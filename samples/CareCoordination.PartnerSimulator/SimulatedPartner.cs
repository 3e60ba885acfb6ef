using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CareCoordination.PartnerSimulator;

/// <summary>A partner on loopback: a real server with a store of its own, whose faults and people follow a script.</summary>
public sealed class SimulatedPartner : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly MllpListener? _mllp;

    private SimulatedPartner(WebApplication app, MllpListener? mllp, SimulatorOptions options, Parts parts)
    {
        (_app, _mllp, Options) = (app, mllp, options);
        (Store, Effects, Faults, Recipient, Tokens) = (
            parts.Store,
            parts.Effects,
            parts.Faults,
            parts.Recipient,
            parts.Tokens
        );
        Root = app.Urls.First();
    }

    public SimulatorOptions Options { get; }

    /// <summary>Scheme, host and port.</summary>
    public string Root { get; }

    /// <summary>The base of its FHIR server.</summary>
    public string Base => Root + "/fhir";

    /// <summary>Where it takes HL7 v2; null for kinds that do not.</summary>
    public string? Mllp => _mllp is null ? null : $"mllp://127.0.0.1:{_mllp.Port}";

    public PartnerStore Store { get; }

    public EffectLedger Effects { get; }

    public FaultScript Faults { get; }

    public ReferralRecipient Recipient { get; }

    public TokenEndpoint Tokens { get; }

    /// <summary>Completes when the process is told to end.</summary>
    public Task WaitForEndAsync() => ((IHost)_app).WaitForShutdownAsync();

    public static async Task<SimulatedPartner> StartAsync(SimulatorOptions options)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        // The port is known before the start: the answers carry it.
        var port = options.Port == 0 ? FreePort.Next() : options.Port;
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.Services.AddRoutingCore();
        // Lines that stay silent do not keep the simulator from ending.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromMilliseconds(100));
        var app = builder.Build();

        var root = $"http://127.0.0.1:{port}";
        var store = new PartnerStore(options.Time, $"{root}/fhir");
        var effects = new EffectLedger();
        var parts = new Parts(
            store,
            effects,
            new FaultScript(options.FaultShare, options.Seed),
            new ReferralRecipient(store, effects),
            new TokenEndpoint(options, $"{root}/token")
        );
        var mllp = PartnerManners.Of(options.Kind).HasMllp
            ? new MllpListener(new V2Receiver(store, effects), parts.Faults, options)
            : null;
        Map(app, options, parts, root);
        await app.StartAsync();
        return new SimulatedPartner(app, mllp, options, parts);
    }

    public async ValueTask DisposeAsync()
    {
        if (_mllp is not null)
            await _mllp.DisposeAsync();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static void Map(WebApplication app, SimulatorOptions options, Parts parts, string root)
    {
        var manners = PartnerManners.Of(options.Kind);
        var fhir = new FhirPartner(manners, parts.Store, parts.Effects);
        var line = new PartnerLine(fhir, manners, parts.Tokens, parts.Faults, parts.Recipient, options);
        var script = new ScriptEndpoints(parts.Faults, parts.Recipient, parts.Effects, parts.Tokens);

        app.MapGet(
            "/fhir/metadata",
            context => MetadataAsync(context, Metadata.Of(manners, options.Time.GetUtcNow(), $"{root}/token"))
        );
        app.MapGet(
            "/fhir/.well-known/smart-configuration",
            context => MetadataAsync(context, Metadata.SmartConfiguration($"{root}/token"))
        );
        app.MapPost(
            "/token",
            async context => await PartnerLine.WriteAsync(context, parts.Tokens.Answer(await FormAsync(context)))
        );
        app.MapPost("/_script", script.ScriptAsync);
        app.MapPost("/_recipient", script.RecipientAsync);
        app.MapGet("/_effects", script.EffectsAsync);
        app.Map("/fhir/{**path}", line.AnswerAsync);

        Task MetadataAsync(HttpContext context, string body)
        {
            if (!parts.Faults.IsDown)
                return PartnerLine.WriteAsync(context, new PartnerAnswer(200, body));
            context.Abort();
            return Task.CompletedTask;
        }
    }

    private static async Task<IReadOnlyDictionary<string, string>> FormAsync(HttpContext context) =>
        (await context.Request.ReadFormAsync(context.RequestAborted)).ToDictionary(
            p => p.Key,
            p => p.Value.ToString(),
            StringComparer.Ordinal
        );

    private sealed record Parts(
        PartnerStore Store,
        EffectLedger Effects,
        FaultScript Faults,
        ReferralRecipient Recipient,
        TokenEndpoint Tokens
    );
}
