using CareCoordination.Application.Settings;
using CareCoordination.Rest.Http;
using CareCoordination.Rest.OpenApi;
using CareCoordination.Security;
using CareCoordination.Server.Diagnostics;
using CareCoordination.Server.Hosting;
using CareCoordination.Server.Options;
using CareCoordination.Server.Verbs;
using CareCoordination.Storage;

namespace CareCoordination.Server;

/// <summary>The server, and the verbs of the same program.</summary>
public static class Program
{
    public static async Task<int> Main(string[] args)
    {
        try
        {
            if (CommandLine.AsksForHelp(args) || args is ["--version"])
            {
                Console.WriteLine(CommandLine.AsksForHelp(args) ? HelpText.Usage : HelpText.Version);
                return 0;
            }

            if (VerbTable.Find(args) is { } verb)
                return await verb(args[1..]);
            await using var app = Build(args);
            await ServerStart.StartAsync(app);
            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (Exception problem)
            when (problem is ConfigurationProblem or StorageProblemException or StoreUnavailableException)
        {
            await Console.Error.WriteLineAsync(problem.Message);
            return 2;
        }
    }

    /// <summary>The whole server, ready to start. Throws <see cref="ConfigurationProblem"/>.</summary>
    public static WebApplication Build(params string[] args) => Build(TimeProvider.System, args);

    public static WebApplication Build(TimeProvider time, params string[] args) => Build(time, _ => { }, args);

    /// <param name="time">The clock of everything that is due, expires or is recorded.</param>
    /// <param name="add">What is to be known besides: topics of the outbox, kinds of jobs.</param>
    public static WebApplication Build(TimeProvider time, Action<IServiceCollection> add, params string[] args)
    {
        var builder = ServerStart.Configure(CommandLine.ParseSettings(args));
        builder.AddDiagnostics();
        builder.AddTelemetry();
        builder.ListenLocally();
        var clock = builder.AddFhir(time);
        builder.AddPartners(clock);
        builder.AddFhirHttp();
        builder.AddOpenApi();
        builder.AddSignIn();
        add(builder.Services);

        var app = builder.Build();
        app.UseFhirHttp();
        app.UseSignInWhereOn();
        app.MapFrontPage();
        app.MapFhir();
        app.MapFiles();
        app.MapKeys();
        app.MapSmart();
        app.MapNotifications();
        app.MapHl7();
        app.MapSignInWhereOn();
        app.MapHealth();
        app.MapTelemetry();
        app.MapOpenApi();
        app.LogAddresses();
        return app;
    }
}
