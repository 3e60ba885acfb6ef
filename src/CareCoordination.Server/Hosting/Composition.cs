using System.IO.Compression;
using CareCoordination.Analytics;
using CareCoordination.Analytics.Settings;
using CareCoordination.Application;
using CareCoordination.Application.CarePlans;
using CareCoordination.Application.Caseload;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Import.Bulk;
using CareCoordination.Application.Interactions;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Referrals;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Settings;
using CareCoordination.Application.Timers;
using CareCoordination.Application.Transitions;
using CareCoordination.Application.Upgrades;
using CareCoordination.Application.Writes;
using CareCoordination.Connectors;
using CareCoordination.Connectors.Security;
using CareCoordination.Exchange;
using CareCoordination.Exchange.Deliveries;
using CareCoordination.Exchange.Hospitals;
using CareCoordination.Exchange.Inbox;
using CareCoordination.Exchange.Operators;
using CareCoordination.Exchange.Partners;
using CareCoordination.Exchange.Settings;
using CareCoordination.Fhir.Canonicals;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Formats;
using CareCoordination.Formats.Cda;
using CareCoordination.ParquetFiles;
using CareCoordination.Rest;
using CareCoordination.Rest.Http;
using CareCoordination.Rest.Metadata;
using CareCoordination.Rest.OpenApi;
using CareCoordination.Rest.Routing;
using CareCoordination.Security;
using CareCoordination.Security.Settings;
using CareCoordination.Server.Diagnostics;
using CareCoordination.Server.Options;
using CareCoordination.SignIn.Stores;
using CareCoordination.Storage;
using CareCoordination.Storage.Search;
using CareCoordination.Storage.Stores;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace CareCoordination.Server.Hosting;

/// <summary>How the parts are put together, one method for each stanza of Program.cs.</summary>
public static class Composition
{
    /// <summary>Before the rate of a client is asked.</summary>
    private static readonly TimeSpan PatienceWithSlowClients = TimeSpan.FromSeconds(5);

    /// <summary>The operations of all rooms.</summary>
    public static readonly OperationTable Operations = new([
        .. CareOperations.All,
        .. PartnerOperations.All,
        .. AnalyticsServices.Operations,
    ]);

    /// <summary>Everything that is answered below the FHIR base.</summary>
    public static readonly InteractionTable Interactions = RestInteractions.Table(
        Operations,
        new InteractionDefinition("POST", "$process-message", "$process-message", ReceiveMessage.Parse)
        {
            Bundles = BundleUse.None,
        }
    );

    /// <summary>Reads every setting once; a wrong one stops the start here.</summary>
    /// <returns>The clock that everything goes by.</returns>
    public static TimeProvider AddFhir(this WebApplicationBuilder builder, TimeProvider time)
    {
        // What belongs to one session must never be kept by what outlives it.
        builder.Host.UseDefaultServiceProvider(provider => provider.ValidateScopes = true);
        var services = builder.Services;
        var limits = LimitsOptions.Read(builder.Configuration);
        var storage = StorageSettings.Read(builder.Configuration);
        var care = CareOptions.Read(builder.Configuration);
        var access = AccessOptions.Read(builder.Configuration);
        limits = limits with { Search = limits.Search.Within(SearchCapacity.Of(storage.Provider)) };
        var clock = new StoreClock(time, storage.MaxClockAhead);
        var definitions = new FhirDefinitions(R4Definitions.Schema, limits, care, access, clock)
        {
            RowFormats = [.. FhirDefinitions.TextFormats, ParquetFile.Format],
            BuiltIns = new BuiltIns([.. ServedDefinitions.Of(Operations, care), .. AnalyticsServices.BuiltIns]),
        };
        services.AddSingleton<TimeProvider>(clock);
        services.AddSingleton(limits);
        services.AddSingleton(definitions);
        services.AddSingleton(definitions.Schema);
        var server = ServerOptions.Read(builder.Configuration);
        services.AddSingleton(server);
        services.AddSingleton(OwnCanonicals.Of(server.CanonicalBase, [.. definitions.BuiltIns.Canonicals]));
        var security = SecurityOptions.Read(builder.Configuration);
        services.AddWhoAsks(security, definitions, server);
        services.AddSingleton(definitions.Extractor);
        services.AddFhirStorage(storage, clock);
        services.AddSingleton(services => new StorageUpgrade(
            services.GetRequiredService<StorageMigrator>(),
            services.GetRequiredService<ProjectionRefill>(),
            storage.Provider,
            services.GetService<SignInMigrator>()
        ));
        services.AddHostedService<StorageStart>();
        services.AddHostedService<IdleMemory>();
        services.AddSingleton(care);
        services.AddSingleton(access);
        services.AddSingleton(care.Timers);
        services.AddSingleton(care.Retention);
        services.AddSingleton(ExportOptions.Read(builder.Configuration));
        services.AddSingleton(ImportOptions.Read(builder.Configuration));
        services.AddSingleton(new ImportConnections(ImportHandler));
        services.AddSingleton(AuditOptions.Read(builder.Configuration, security.IsOpen));
        services.AddSingleton<ReadClinicalText>(ReadCda);
        services.AddCareApplication();
        services.AddAnalytics(AnalyticsOptions.Read(builder.Configuration, OutcomesFile.Of(storage)), care);
        services.AddSingleton(Operations);
        services.AddSingleton(Interactions);
        services.AddSingleton<InteractionRouter>();
        services.AddFhirInteractions(
            typeof(CareOperations).Assembly,
            typeof(RestInteractions).Assembly,
            typeof(PartnerOperations).Assembly,
            typeof(AnalyticsServices).Assembly
        );
        return clock;
    }

    private static SocketsHttpHandler ImportHandler(bool allowsLoopback) =>
        FileConnections.Handler(allowsLoopback, why => new ConnectionRefusedException(why));

    private static Result<ClinicalText> ReadCda(ReadOnlyMemory<byte> xml, string? charset, TimeZoneInfo zone) =>
        CdaDocument.Read(xml, charset, zone).Then<ClinicalText>(read => new ClinicalText(read.Bundle, read.Notes));

    /// <summary>Who asks, and what the server tells of it.</summary>
    private static void AddWhoAsks(
        this IServiceCollection services,
        SecurityOptions security,
        FhirDefinitions definitions,
        ServerOptions server
    )
    {
        services.AddSecurity(security);
        services.AddSingleton(services => services.ApiSecurity());
        services.AddSingleton(services => new CapabilityStatement(
            definitions,
            Interactions,
            services.RestSecurity(server.Openness)
        ));
    }

    /// <summary>The way out to partners.</summary>
    public static void AddPartners(this WebApplicationBuilder builder, TimeProvider time)
    {
        // Where nobody but this machine reaches an open server, it may reach this machine.
        var server = ServerOptions.Read(builder.Configuration);
        var isOpen = SecurityOptions.Read(builder.Configuration).IsOpen;
        var partners = PartnersOptions.Read(
            builder.Configuration,
            isOpenOnLoopback: isOpen && !server.AnybodyOnTheNetworkMayDoEverything
        );
        builder.Services.AddSingleton(partners);
        builder.Services.AddSingleton(services => new PartnerConnectors(
            partners.Guard,
            services.GetRequiredService<ILoggerFactory>(),
            time
        )
        {
            Canonicals = services.GetRequiredService<OwnCanonicals>(),
        });
        builder.Services.AddSingleton(DeliveryOptions.Read(builder.Configuration));
        builder.Services.AddSingleton(
            HospitalOptions.Read(builder.Configuration, isOpen, server.AnybodyOnTheNetworkMayDoEverything)
        );
        builder.Services.AddSingleton(new PartnerAgreements(partners.TermsOf));
        builder.Services.AddSingleton(services => new OwnAddress(() =>
            ListeningAddress.Base(services.GetRequiredService<ServerOptions>(), services.GetRequiredService<IServer>())
        ));
        builder.Services.AddCareWorkers();
        builder.Services.AddCareExchange();
    }

    public static void AddDiagnostics(this WebApplicationBuilder builder)
    {
        builder.AddLog();
        // A start that fails ends with its sentence; the host would print where in the program as well.
        var phase = new StartPhase();
        builder.Services.AddSingleton(phase);
        builder.Logging.AddFilter(
            "Microsoft.Extensions.Hosting.Internal.Host",
            level => level >= LogLevel.Warning && phase.HasStarted
        );
        // It writes whole addresses: what is searched for, and tokens of those who put them there.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);
    }

    public static void ListenLocally(this WebApplicationBuilder builder)
    {
        var limits = LimitsOptions.Read(builder.Configuration);
        var asksForCertificates = SecurityOptions.Read(builder.Configuration).ClientCertificates;
        builder.WebHost.UseUrls(Exposure.Urls(builder.Configuration));
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            if (asksForCertificates)
                kestrel.ConfigureHttpsDefaults(AskForCertificate);
            kestrel.Limits.MaxRequestBodySize = limits.MaxBodyBytes;
            kestrel.Limits.MinResponseDataRate = new(limits.MinBytesPerSecond, PatienceWithSlowClients);
            kestrel.Limits.MinRequestBodyDataRate = new(limits.MinBytesPerSecond, PatienceWithSlowClients);
            kestrel.Limits.MaxRequestLineSize = limits.MaxUrlBytes;
            kestrel.Limits.MaxRequestBufferSize = Math.Max(
                kestrel.Limits.MaxRequestBufferSize ?? 0,
                limits.MaxUrlBytes
            );
        });
    }

    /// <summary>Of whoever has one. It is known by its thumbprint, so that it does not matter who has signed it.</summary>
    private static void AskForCertificate(HttpsConnectionAdapterOptions https)
    {
        https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
        https.ClientCertificateValidation = (_, _, _) => true;
    }

    public static void AddFhirHttp(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<BodyMemory>();
        services.AddSingleton(new XmlFormat(FhirXml.ToJson, FhirXml.Write, FhirXml.WriteEntry));
        services.AddSingleton<AnswerFormats>();
        services.AddSingleton<Refusals>();
        services.AddSingleton<RequestReader>();
        services.AddSingleton<FhirRequestHandler>();
        services.AddSingleton<FileEndpoint>();
        services.AddCors();
        services.AddResponseCompression(options =>
        {
            options.EnableForHttps = true;
            options.MimeTypes =
            [
                "application/fhir+json",
                "application/fhir+ndjson",
                "application/json",
                "application/fhir+xml",
                "application/xml",
                "text/xml",
            ];
            options.Providers.Add<BrotliCompressionProvider>();
            options.Providers.Add<GzipCompressionProvider>();
        });
        services.Configure<BrotliCompressionProviderOptions>(o => o.Level = CompressionLevel.Fastest);
        services.Configure<GzipCompressionProviderOptions>(o => o.Level = CompressionLevel.Fastest);
    }

    public static void UseFhirHttp(this WebApplication app)
    {
        var server = app.Services.GetRequiredService<ServerOptions>();
        var who = app.Services.GetRequiredService<WhoAsks>();
        app.UseSecurityEdge();
        app.UseMiddleware<RequestIdEcho>();
        app.UseMiddleware<HostFilter>();
        app.UseMiddleware<OriginFilter>();
        app.UseMiddleware<FhirErrors>();
        app.UseResponseCompression();
        if (app.Services.GetRequiredService<OwnCanonicals>().Outside is not null)
            app.UseMiddleware<CanonicalDoor>();
        app.UseCors(cors =>
        {
            cors.AllowAnyHeader()
                .AllowAnyMethod()
                .WithExposedHeaders(
                    "ETag",
                    "Last-Modified",
                    "Location",
                    "Content-Location",
                    "Retry-After",
                    "X-Progress",
                    RequestIdEcho.Header
                );
            // Pages of other machines must not read what an open server holds for whoever sits at this one.
            cors.SetIsOriginAllowed(origin => OriginFilter.IsAllowed(origin, server, who));
        });
        app.UseRouting();
        app.UseMiddleware<CallerGate>();
    }

    /// <summary>Our public keys, by which partners know us. https://hl7.org/fhir/smart-app-launch/client-confidential-asymmetric.html</summary>
    public static void MapKeys(this WebApplication app)
    {
        var keys = JsonWebKeys.ToUtf8Json(app.Services.GetRequiredService<PartnersOptions>().Keys);
        app.MapGet("/.well-known/jwks.json", () => Results.Bytes(keys, "application/json")).AllowAnonymous();
    }

    /// <summary>Where files are that somebody asked for.</summary>
    public static void MapFiles(this WebApplication app) => app.Services.GetRequiredService<FileEndpoint>().Map(app);

    /// <summary>Where partners tell that there is news.</summary>
    public static void MapNotifications(this WebApplication app) =>
        app.Services.GetRequiredService<PartnerNotifications>().Map(app);

    /// <summary>Where hospitals send messages of HL7 v2.</summary>
    public static void MapHl7(this WebApplication app) => app.Services.GetRequiredService<Hl7Endpoint>().Map(app);

    public static void MapHealth(this WebApplication app)
    {
        app.MapGet("/health/live", Readiness.LiveAsync).AllowAnonymous();
        app.MapGet("/health/ready", Readiness.AnswerAsync).AllowAnonymous();
    }

    public static void LogAddresses(this WebApplication app) =>
        app.Lifetime.ApplicationStarted.Register(() =>
        {
            app.Services.GetRequiredService<StartPhase>().HasStarted = true;
            foreach (var url in app.Urls)
            {
                Log.Listening(app.Logger, url);
                Log.SwaggerUi(app.Logger, url);
            }

            var server = app.Services.GetRequiredService<ServerOptions>();
            if (app.Services.GetRequiredService<SecurityOptions>().Promise is { } promise)
                Log.Open(app.Logger, promise);
            else if (server.AnybodyOnTheNetworkMayDoEverything)
                Log.OpenToEverybody(app.Logger, server.Openness);
            else
                Log.Open(app.Logger, server.Openness);
            if (server.BaseUrl is null && app.Urls.FirstOrDefault(url => !LoopbackAddress.IsUrl(url)) is { } shown)
                Log.NoBase(app.Logger, ListeningAddress.Local(shown));
        });
}
