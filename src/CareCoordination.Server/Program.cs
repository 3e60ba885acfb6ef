using CareCoordination.Application.Settings;
using CareCoordination.Rest.Http;
using CareCoordination.Rest.OpenApi;
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
            if (VerbTable.Find(args) is { } verb)
                return await verb(args[1..]);
            await using var app = Build(args);
            await app.RunAsync();
            return 0;
        }
        catch (Exception problem) when (problem is ConfigurationProblem or StorageProblemException)
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
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory }
        );
        builder.AddDiagnostics();
        builder.ListenLocally();
        builder.AddFhir(time);
        builder.AddPartners(time);
        builder.AddFhirHttp();
        builder.AddOpenApi();
        add(builder.Services);

        var app = builder.Build();
        app.UseFhirHttp();
        app.MapFhir();
        app.MapKeys();
        app.MapHealth();
        app.MapOpenApi();
        app.LogAddresses();
        return app;
    }
}
