using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CareCoordination.Application.Settings;
using CareCoordination.Security.Settings;
using CareCoordination.SignIn.Administration;
using CareCoordination.SignIn.Clients;
using CareCoordination.SignIn.Grants;
using CareCoordination.SignIn.Keys;
using CareCoordination.SignIn.Pages;
using CareCoordination.SignIn.Patients;
using CareCoordination.SignIn.Protocol;
using CareCoordination.SignIn.Sessions;
using CareCoordination.SignIn.Settings;
using CareCoordination.SignIn.Stores;
using CareCoordination.SignIn.Tables;
using CareCoordination.SignIn.Users;
using CareCoordination.Storage;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.EntityFrameworkCore.Models;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.AspNetCore.OpenIddictServerAspNetCoreHandlers;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace CareCoordination.SignIn;

/// <summary>Adds the authorization server to a program.</summary>
public static class SignInServices
{
    /// <summary>Clients and users, for whoever registers them. Needs a <see cref="TimeProvider"/> among the services.</summary>
    public static IServiceCollection AddSignInDirectories(
        this IServiceCollection services,
        StorageOptions storage,
        EmbeddedOptions options
    )
    {
        services.AddSingleton(options);
        SignInDbContexts.Add(services, storage);
        services.AddSingleton(new SignInMigrator(storage));
        ProtectData(services, options);
        services
            .AddIdentityCore<CareUser>(identity =>
            {
                identity.Password.RequiredLength = options.MinPasswordLength;
                // Length is what counts. https://pages.nist.gov/800-63-4/sp800-63b.html#passwordver
                identity.Password.RequireDigit = false;
                identity.Password.RequireLowercase = false;
                identity.Password.RequireUppercase = false;
                identity.Password.RequireNonAlphanumeric = false;
            })
            .AddEntityFrameworkStores<SignInDbContext>();
        services
            .AddOpenIddict()
            .AddCore(core =>
            {
                core.UseEntityFrameworkCore().UseDbContext<SignInDbContext>();
                core.ReplaceTokenManager<OpenIddictEntityFrameworkCoreToken, NotingTokenManager>();
                // What another node has changed holds here at once.
                core.DisableEntityCaching();
            });
        services.AddSingleton<TokenChanges>();
        services.AddScoped<ClientDirectory>();
        services.AddScoped(provider => new UserDirectory(
            provider.GetRequiredService<UserManager<CareUser>>(),
            provider.GetRequiredService<IOpenIddictTokenManager>(),
            provider.GetRequiredService<TimeProvider>()
        ));
        return services;
    }

    /// <summary>The whole authorization server.</summary>
    /// <param name="address">Under which it is found.</param>
    /// <param name="isHttps">True where browsers find it by https.</param>
    public static IServiceCollection AddSignInServer(
        this IServiceCollection services,
        StorageOptions storage,
        EmbeddedOptions options,
        Func<IServiceProvider, IssuerAddress> address,
        bool isHttps
    )
    {
        // Before Data Protection looks for its keys in tables.
        services.AddHostedService<SignInStart>();
        services.AddSignInDirectories(storage, options);
        services.AddSingleton(address);
        services.AddSingleton<TokenKeys>();
        services.AddSingleton<TokenKeySetup>();
        services.AddSingleton<IConfigureOptions<OpenIddictServerOptions>>(p => p.GetRequiredService<TokenKeySetup>());
        services.AddSingleton<IOptionsChangeTokenSource<OpenIddictServerOptions>>(p =>
            p.GetRequiredService<TokenKeySetup>()
        );
        services.AddSingleton(provider =>
            OwnIssuer.Of(
                provider.GetRequiredService<TokenKeys>(),
                provider.GetRequiredService<IssuerAddress>(),
                provider.GetRequiredService<TokenStates>(),
                provider.GetRequiredService<SecurityOptions>().TakesCertificates
            )
        );
        services.AddSingleton<TokenStates>();
        services.AddHttpContextAccessor();
        services.AddSingleton<Decisions>();
        services.AddSingleton<AssertionKeys>();
        services.AddSingleton<PatientFinder>();
        services.AddScoped<SpentOnce>();
        services.AddScoped<Launches>();
        services.AddScoped<LaunchEndpoint>();
        services.AddScoped<AssertionCheck>();
        services.AddScoped<SignInCheck>();
        services.AddScoped<SignInTrail>();
        services.AddScoped<AdministrationDesk>();
        services.AddScoped<AuthorizeEndpoint>();
        services.AddScoped<TokenEndpoint>();
        services.AddHostedService<SignInUpkeep>();
        SignInCookies.Add(services.AddAuthentication(), options, isHttps);
        services.AddAntiforgery(forgery =>
        {
            forgery.Cookie.Name = isHttps ? "__Host-care-form" : "care-form";
            forgery.Cookie.Path = "/";
            forgery.Cookie.SecurePolicy = isHttps ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
        });
        services.AddRazorPages().AddApplicationPart(typeof(SignInServices).Assembly);
        services.AddOpenIddict().AddServer(server => Configure(server, options));
        return services;
    }

    private static void Configure(OpenIddictServerBuilder server, EmbeddedOptions options)
    {
        server
            .SetAuthorizationEndpointUris(Endpoints.Authorize)
            .SetTokenEndpointUris(Endpoints.Token)
            .SetIntrospectionEndpointUris(Endpoints.Introspect)
            .SetRevocationEndpointUris(Endpoints.Revoke)
            .SetJsonWebKeySetEndpointUris(Endpoints.Keys)
            .SetConfigurationEndpointUris(Endpoints.Configuration);
        server.AllowAuthorizationCodeFlow().AllowRefreshTokenFlow().AllowClientCredentialsFlow();
        server.RequireProofKeyForCodeExchange();
        server.Configure(o =>
        {
            // https://hl7.org/fhir/smart-app-launch/app-launch.html#considerations-for-pkce-support
            o.CodeChallengeMethods.Clear();
            o.CodeChallengeMethods.Add(CodeChallengeMethods.Sha256);
        });
        // Which scopes a client may have, and what of a scope it is given, is decided by what SMART says they mean.
        server.DisableScopeValidation().IgnoreScopePermissions();
        // Whoever holds a resource can read the token and has no key to decrypt it with.
        server.DisableAccessTokenEncryption();
        server.SetAccessTokenLifetime(options.AccessTokenLife);
        server.SetIdentityTokenLifetime(options.AccessTokenLife);
        server.SetRefreshTokenLifetime(options.RefreshTokenLife);
        server.SetAuthorizationCodeLifetime(TimeSpan.FromMinutes(1));
        server.SetRefreshTokenReuseLeeway(TimeSpan.Zero);
        server.UseReferenceRefreshTokens();
        server.RemoveEventHandler(OpenIddictServerHandlers.RedeemTokenEntry.Descriptor);
        server.AddEventHandler(RedeemOnce.Descriptor);
        server.AddEventHandler(RevokeGrant.Descriptor);
        server.AddEventHandler(NameRefreshingClient.Descriptor);
        server.AddEventHandler(CheckAssertion.Descriptor);
        server.AddEventHandler(RefuseDisabledClient.Descriptor);
        server.AddEventHandler(DemandCertificate.Descriptor);
        server.AddEventHandler(TellOfCertificates.Descriptor);
        server.AddEventHandler(ShapeAccessToken.Descriptor);
        server.AddEventHandler(TellLaunch.Descriptor);
        // Certificates are beside a secret or a key here, and come from proxies too: DemandCertificate sees to them.
        server.RemoveEventHandler(ExtractClientCertificate<ExtractTokenRequestContext>.Descriptor);
        server.RemoveEventHandler(ExtractClientCertificate<ExtractIntrospectionRequestContext>.Descriptor);
        server.RemoveEventHandler(ExtractClientCertificate<ExtractRevocationRequestContext>.Descriptor);
        server
            .UseAspNetCore()
            .EnableAuthorizationEndpointPassthrough()
            .EnableTokenEndpointPassthrough()
            // Where it may be reached without TLS is decided for the whole server.
            .DisableTransportSecurityRequirement();
    }

    private static void ProtectData(IServiceCollection services, EmbeddedOptions options)
    {
        var protection = services
            .AddDataProtection()
            .SetApplicationName("CareCoordination")
            .PersistKeysToDbContext<SignInDbContext>();
        if (options.ProtectionCertificateFile is not { } file)
            return;
        try
        {
            protection.ProtectKeysWithCertificate(X509Certificate2.CreateFromPemFile(file, file));
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationProblem(
                $"Security:Embedded:ProtectionCertificateFile is '{file}'; it must be a PEM file with a certificate and its private key of RSA ({e.Message.TrimEnd('.')})."
            );
        }
    }
}
