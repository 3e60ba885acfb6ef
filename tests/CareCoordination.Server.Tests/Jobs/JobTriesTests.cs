using CareCoordination.Application.Jobs;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.Storage;
using CareCoordination.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace CareCoordination.Server.Tests.Jobs;

/// <summary>How often a step has failed is known of the job, and not to the node that tried.</summary>
public abstract class JobTriesTests : IAsyncLifetime
{
    private readonly ShiftedClock _clock = new(new DateTimeOffset(2026, 3, 2, 15, 0, 0, TimeSpan.Zero));
    private readonly Work _work = new();
    private string[] _settings = [];

    public sealed class OnSqlite : JobTriesTests
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("care-tries-").FullName;

        protected override string[] NewDatabase() =>
            [$"--ConnectionStrings:CareCoordination=Data Source={Path.Combine(_folder, "care.db")}"];

        public override ValueTask DisposeAsync()
        {
            Directory.Delete(_folder, recursive: true);
            return base.DisposeAsync();
        }
    }

    public sealed class OnPostgreSql : JobTriesTests
    {
        protected override string[] NewDatabase() =>
            [
                "--Storage:Provider=PostgreSql",
                $"--ConnectionStrings:CareCoordination={PostgreSqlCluster.Require().NewDatabase()}",
            ];
    }

    protected abstract string[] NewDatabase();

    public async ValueTask InitializeAsync()
    {
        _settings = [.. NewDatabase(), "--Care:Retention:Enabled=false"];
        Assert.Equal(0, await Program.Main(["migrate", .. _settings]));
    }

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(9)]
    public async Task A_restart_goes_on_counting(int before)
    {
        var (tries, most) = (0, before);
        // What comes after the tries that are wanted is no fault of the step, and not counted.
        _work.BeforeAsync = _ =>
            ++tries <= most
                ? throw new InvalidOperationException("x")
                : throw new StoreUnavailableException("away", TimeSpan.FromSeconds(1));
        string status;
        await using (var first = await StartAsync())
        {
            status = await JobKit.BeginAsync(first, "write-letters", 2);
            await LookAsync(() => FailuresAsync(first, status), before);
        }

        (tries, most) = (before, FailJobStep.MaxTries);
        await using var second = await StartAsync();
        await UntilAsync(async () => (await second.GetAsync(status)).Status == 500);

        Assert.Equal(FailJobStep.MaxTries, tries);
        Assert.Equal(FailJobStep.MaxTries, await FailuresAsync(second, status));
    }

    [Fact]
    public async Task A_step_that_is_done_leaves_the_next_all_of_its_tries()
    {
        var (tries, isAway) = (0, true);
        _work.BeforeAsync = _ =>
            ++tries <= 3 ? throw new InvalidOperationException("x")
            : isAway ? throw new StoreUnavailableException("away", TimeSpan.FromSeconds(1))
            : Task.CompletedTask;
        await using var server = await StartAsync();
        var status = await JobKit.BeginAsync(server, "write-letters", 2);
        await LookAsync(() => FailuresAsync(server, status), 3);

        isAway = false;
        await UntilAsync(async () => (await server.GetAsync(status)).Status == 200);

        Assert.Equal(0, await FailuresAsync(server, status));
        Assert.Equal([0, 1], _work.Steps);
    }

    private Task<TestServer> StartAsync() =>
        TestServer.StartAsync(
            _settings,
            time: _clock,
            add: services => services.AddScoped<JobKind>(_ => new Listed("write-letters", "letters", _work))
        );

    private static async Task<int> FailuresAsync(TestServer server, string status)
    {
        await using var open = server.Services.GetRequiredService<CareSessions>().Open(Caller.Timer);
        var id = status["Task/".Length..status.LastIndexOf('/')];
        return (await open.Session.Reads.JobAsync(id, TestContext.Current.CancellationToken))!.Failures;
    }

    /// <summary>Lets as many looks pass as it takes, and not one more.</summary>
    private Task LookAsync(Func<Task<int>> failures, int wanted) =>
        WaitAsync(
            async () =>
            {
                var seen = await failures();
                if (seen < wanted)
                    _clock.Advance(TimeSpan.FromSeconds(11));
                return seen == wanted;
            },
            $"it has failed {wanted} times"
        );

    private static async Task WaitAsync(Func<Task<bool>> condition, string what)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(
                TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(60),
                $"Waited in vain: {what}."
            );
            await Task.Delay(20);
        }
    }

    private Task UntilAsync(Func<Task<bool>> condition) =>
        WaitAsync(
            async () =>
            {
                _clock.Advance(TimeSpan.FromSeconds(11));
                return await condition();
            },
            "the job is over"
        );
}
