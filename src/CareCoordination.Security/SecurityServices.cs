using CareCoordination.Application.Settings;
using CareCoordination.Rest.Http;
using CareCoordination.Security.Certificates;
using CareCoordination.Security.Edge;
using CareCoordination.Security.Issuers;
using CareCoordination.Security.Settings;
using CareCoordination.Security.Smart;
using CareCoordination.Security.Tokens;
using Microsoft.Extensions.DependencyInjection;

namespace CareCoordination.Security;

/// <summary>What the room adds to a server.</summary>
public static class SecurityServices
{
    /// <summary>Answers of issuers are small, and whoever waits for one holds a request.</summary>
    private const int MostBytes = 1024 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Who asks: <see cref="WhoAsks"/>. Further issuers are added as services of type <see cref="Issuer"/>; they are asked for with the first
    /// token.
    /// </summary>
    public static void AddSecurity(this IServiceCollection services, SecurityOptions options)
    {
        services.AddSingleton(options);
        if (options.IsOpen)
        {
            services.AddSingleton(WhoAsks.Anybody);
            return;
        }

        services.AddSingleton<RequestRates>();
        services.AddSingleton<TokenMemory>();
        services.AddSingleton<JwtValidation>();
        services.AddSingleton(provider => new KnownIssuers(provider.GetServices<Issuer>));
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<ShownCertificate>();
        services.AddSingleton<BearerCallers>();
        services.AddSingleton<SmartConfiguration>();
        services.AddSingleton(provider => new WhoAsks(
            provider.GetRequiredService<BearerCallers>().AskAsync,
            Application.Requests.Caller.Nobody
        ));
        if (options.Issuers.IsEmpty)
            return;
        services.AddSingleton(provider => new OutsideIssuers(
            options,
            NewHttpClient(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>()
        ));
        services.AddHostedService(provider => provider.GetRequiredService<OutsideIssuers>());
        foreach (var issuer in options.Issuers)
            services.AddSingleton(provider => provider.GetRequiredService<OutsideIssuers>()[issuer.Name]);
    }

    /// <summary>Goes where it is sent and nowhere else: what an issuer redirects to is not the issuer.</summary>
    private static HttpClient NewHttpClient() =>
        new(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                ConnectTimeout = Patience / 2,
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            }
        )
        {
            Timeout = Patience,
            MaxResponseContentBufferSize = MostBytes,
        };
}
