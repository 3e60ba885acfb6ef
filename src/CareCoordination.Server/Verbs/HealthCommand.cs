using CareCoordination.Rest.Http;
using CareCoordination.Server.Hosting;
using CareCoordination.Server.Options;

namespace CareCoordination.Server.Verbs;

/// <summary>
/// <c>health</c>: asks the server that runs on this machine with the same settings whether it is ready. Ends with 0 where it is, with 1
/// where it is not or does not answer. For the health checks of containers whose image holds no other program.
/// </summary>
internal static class HealthCommand
{
    /// <summary>Longer than the server itself waits for its database.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    public static async Task<int> RunAsync(string[] args)
    {
        var configuration = ServerStart.Configure(CommandLine.ParseSettings(args)).Configuration;
        var url = Exposure.Urls(configuration)[0];
        var ready = new UriBuilder(ListeningAddress.Local(url)) { Path = "/health/ready" }.Uri;
        using var client = new HttpClient { Timeout = Patience };
        try
        {
            using var answer = await client.GetAsync(ready);
            Console.WriteLine($"{ready} {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception problem) when (problem is HttpRequestException or TaskCanceledException)
        {
            Console.WriteLine($"{ready} does not answer: {problem.Message}");
            return 1;
        }
    }
}
