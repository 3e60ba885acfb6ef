using CareCoordination.Server;
using CareCoordination.Server.Diagnostics;
using CareCoordination.Server.Http;
using CareCoordination.Server.Options;
using CareCoordination.Server.Pipeline;

try
{
    var builder = WebApplication.CreateSlimBuilder(
        new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory }
    );
    builder.AddOptionsAndKestrel();
    builder.Services.AddFhirDefinitions();
    builder.Services.AddFhirInteractions();
    builder.Services.AddFhirHttp();

    var app = builder.Build();
    app.UseFhirHttp();
    app.MapFhir();
    app.MapHealth();
    app.TellWhereToLook();
    await app.RunAsync();
    return 0;
}
catch (ConfigurationProblem problem)
{
    await Console.Error.WriteLineAsync(problem.Message);
    return 2;
}

/// <summary>The entry point, where tests find the server.</summary>
public sealed partial class Program;
