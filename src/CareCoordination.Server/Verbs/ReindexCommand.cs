using CareCoordination.Application.Answers;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Jobs;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Reindexing;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Settings;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Server.Hosting;
using CareCoordination.Server.Options;
using CareCoordination.Storage;

namespace CareCoordination.Server.Verbs;

/// <summary>
/// <c>reindex &lt;types&gt;</c>: the work of <c>$reindex</c> by this process, beside servers that run or without. Ends with 0 where all is
/// done, 1 where it was stopped: the next call, or a server, goes on where it was.
/// </summary>
internal static class ReindexCommand
{
    private const string Parameter = "parameter";

    private static readonly Caller Asking = Caller.Operator("reindex");

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public static async Task<int> RunAsync(string[] args)
    {
        var given = CommandLine.Parse(args, Parameter);
        var scope = new ReindexScope(
            given.Words,
            [.. given.Settings.Where(s => s.Key == Parameter).Select(s => s.Value)]
        );
        var builder = ServerStart.Configure(
            given with
            {
                Settings = [.. given.Settings.Where(s => s.Key != Parameter)],
            }
        );
        builder.AddFhir(TimeProvider.System);
        // What is printed is the progress.
        builder.Logging.AddFilter(level => level >= LogLevel.Warning);
        await using var app = builder.Build();
        if (
            !Reindex
                .Of(scope, app.Services.GetRequiredService<FhirDefinitions>())
                .TryGet(out var reindex, out var wrong)
        )
            throw new ConfigurationProblem(wrong.Issues[0].Diagnostics);
        await app.Services.GetRequiredService<StorageUpgrade>().RequireReadyAsync();
        using var stop = new StopSignals();
        return await RunAsync(app.Services, reindex, stop.Token);
    }

    private static async Task<int> RunAsync(IServiceProvider services, Reindex reindex, CancellationToken stopping)
    {
        var sessions = services.GetRequiredService<CareSessions>();
        var accepted = await sessions.SendAsync(Asking, reindex, CancellationToken.None);
        if (accepted.StatusLocation is not { } location)
            throw new StorageProblemException("The work could not begin: the database cannot be written to.");
        var task = location[..location.IndexOf("/$", StringComparison.Ordinal)];
        var job = await JobAsync(sessions, task);
        Console.WriteLine($"{task}: indexing {reindex.Scope} anew. Ctrl+C stops this process.");
        var running = services.GetRequiredService<JobRun>().RunAsync(job, stopping);
        while (await Task.WhenAny(running, Task.Delay(Interval, CancellationToken.None)) != running)
            Console.WriteLine(await ProgressAsync(sessions, job));
        try
        {
            await running;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Said below.
        }

        Console.WriteLine(await ProgressAsync(sessions, job));
        if ((await JobAsync(sessions, task)).EndedAt is not null)
        {
            var answer = await sessions.SendAsync(
                Asking,
                new ShowAsyncStatus(new ResourceKey(ResourceTypes.Task, job.Id)),
                CancellationToken.None
            );
            Console.WriteLine(answer.IsSuccess ? $"{task} is done." : $"{task} failed: its statusReason says where.");
            return answer.IsSuccess ? 0 : 1;
        }

        Console.WriteLine(
            $"{task} is not done: the same call goes on where it was, and so does a server that runs. DELETE {location} gives it up."
        );
        return 1;
    }

    private static async Task<Job> JobAsync(CareSessions sessions, string task)
    {
        await using var open = sessions.Open(Asking);
        var id = task[(task.IndexOf('/', StringComparison.Ordinal) + 1)..];
        return (await open.Session.Reads.JobAsync(id, CancellationToken.None))!;
    }

    private static async Task<string> ProgressAsync(CareSessions sessions, Job job)
    {
        await using var open = sessions.Open(Asking);
        var kind = open.Get<IEnumerable<JobKind>>().Single(k => k.Code == job.Kind);
        return kind.Progress(job, await open.Session.Reads.StepsAsync(StepRange.All(job.Id), CancellationToken.None));
    }
}
