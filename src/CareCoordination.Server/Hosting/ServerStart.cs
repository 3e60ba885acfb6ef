using System.Net.Sockets;
using CareCoordination.Application.Settings;
using CareCoordination.Server.Options;

namespace CareCoordination.Server.Hosting;

/// <summary>What the machine or its operator can have wrong at the start is a sentence, not a stack trace.</summary>
internal static class ServerStart
{
    private const string Kestrel = "Microsoft.AspNetCore.Server.Kestrel.Core";

    /// <summary>A builder with the configuration of <c>appsettings.json</c>, the environment and the command line.</summary>
    public static WebApplicationBuilder Configure(CommandLine given)
    {
        try
        {
            return WebApplication.CreateSlimBuilder(
                new WebApplicationOptions { Args = given.Arguments, ContentRootPath = AppContext.BaseDirectory }
            );
        }
        catch (InvalidDataException e)
        {
            throw new ConfigurationProblem(
                $"{FirstLine(e)} {(e.InnerException is { } inner ? FirstLine(inner) : "")}".TrimEnd()
            );
        }
    }

    public static async Task StartAsync(WebApplication app)
    {
        try
        {
            await app.StartAsync();
        }
        catch (Exception e) when (e is IOException or SocketException || e.Source == Kestrel)
        {
            throw new ConfigurationProblem(
                $"The server cannot listen: {FirstLine(e)} Choose another address with --urls, or end what listens there."
            );
        }
    }

    private static string FirstLine(Exception e) => e.Message.Split('\n')[0].Trim().TrimEnd('.') + ".";
}
