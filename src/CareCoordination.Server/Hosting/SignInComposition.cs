using CareCoordination.Rest.Http;
using CareCoordination.Server.Options;
using CareCoordination.SignIn;
using CareCoordination.SignIn.Settings;
using Microsoft.AspNetCore.Hosting.Server;

namespace CareCoordination.Server.Hosting;

/// <summary>The authorization server of this program, where <c>Security:Mode</c> is <c>Embedded</c>; nothing of it anywhere else.</summary>
internal static class SignInComposition
{
    public static void AddSignIn(this WebApplicationBuilder builder)
    {
        if (!EmbeddedOptions.IsOn(builder.Configuration))
            return;
        var server = ServerOptions.Read(builder.Configuration);
        var known = server.BaseUrl ?? Exposure.Urls(builder.Configuration)[0];
        builder.Services.AddSignInServer(
            StorageSettings.Read(builder.Configuration),
            EmbeddedOptions.Read(builder.Configuration),
            services => new IssuerAddress(() =>
                ListeningAddress.Base(
                    services.GetRequiredService<ServerOptions>(),
                    services.GetRequiredService<IServer>()
                )
            ),
            known.StartsWith("https:", StringComparison.OrdinalIgnoreCase)
        );
    }

    /// <summary>Clients, users and the form of their tables, for verbs.</summary>
    public static void AddSignInTables(this WebApplicationBuilder builder)
    {
        if (EmbeddedOptions.IsOn(builder.Configuration))
            builder.Services.AddSignInDirectories(
                StorageSettings.Read(builder.Configuration),
                EmbeddedOptions.Read(builder.Configuration)
            );
    }

    public static void UseSignInWhereOn(this WebApplication app)
    {
        if (EmbeddedOptions.IsOn(app.Configuration))
            app.UseSignIn();
    }

    public static void MapSignInWhereOn(this WebApplication app)
    {
        if (EmbeddedOptions.IsOn(app.Configuration))
            app.MapSignIn();
    }
}
