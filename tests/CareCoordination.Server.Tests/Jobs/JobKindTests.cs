using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using CareCoordination.Application.Jobs;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Retention;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Writes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.Storage;
using CareCoordination.TestKit;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Resources;
using Microsoft.Extensions.DependencyInjection;

namespace CareCoordination.Server.Tests.Jobs;

/// <summary>
/// Jobs of a kind that is no transfer, with the worker, tables and status that all kinds share. docs/adr/0016-server-state.md
/// </summary>
public sealed class JobKindTests : IAsyncLifetime
{
    private readonly ShiftedClock _clock = new(new DateTimeOffset(2026, 3, 2, 15, 0, 0, TimeSpan.Zero));
    private readonly Work _letters = new();
    private readonly Work _sums = new();
    private TestServer _server = null!;

    public async ValueTask InitializeAsync() =>
        _server = await TestServer.OnSqliteAsync(
            _clock,
            services =>
                services
                    .AddScoped<JobKind>(_ => new Listed("write-letters", "letters", _letters))
                    .AddScoped<JobKind>(_ => new Listed("add-sums", "sums", _sums)),
            "--Care:Retention:Enabled=false"
        );

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Each_step_is_done_once_and_the_report_tells_of_all()
    {
        var status = await BeginAsync("write-letters", 4);

        var report = await DoneAsync(status);

        Assert.Equal([0, 1, 2, 3], _letters.Steps);
        Assert.Equal(
            """{"resourceType":"Parameters","parameter":[{"name":"result","valueString":"write-letters 0"},{"name":"result","valueString":"write-letters 1"},{"name":"result","valueString":"write-letters 2"},{"name":"result","valueString":"write-letters 3"}]}""",
            report.Body
        );
        Assert.Equal("completed", await _server.StatusOfAsync(TaskOf(status)));
    }

    [Fact]
    public async Task Progress_is_told_in_the_words_of_the_kind()
    {
        var hold = new TaskCompletionSource();
        _letters.BeforeAsync = place => place == 2 ? hold.Task : Task.CompletedTask;
        var status = await BeginAsync("write-letters", 5);
        await UntilAsync(async () => (await _server.GetAsync(status)).Header("X-Progress") == "2 of 5 letters");

        Assert.Equal(202, (await _server.GetAsync(status)).Status);
        hold.SetResult();
        await DoneAsync(status);
    }

    [Theory]
    [InlineData("write-letters")]
    [InlineData("add-sums")]
    public async Task A_job_that_hangs_holds_up_neither_its_own_kind_nor_another(string next)
    {
        var hold = new TaskCompletionSource();
        var first = true;
        _letters.BeforeAsync = _ =>
        {
            var isFirst = first;
            first = false;
            return isFirst ? hold.Task : Task.CompletedTask;
        };
        var hanging = await BeginAsync("write-letters", 1);
        await UntilAsync(() => Task.FromResult(!first));

        await DoneAsync(await BeginAsync(next, 3));

        Assert.Equal(202, (await _server.GetAsync(hanging)).Status);
        hold.SetResult();
        await DoneAsync(hanging);
    }

    [Fact]
    public async Task A_job_whose_step_throws_goes_on_later_and_holds_up_no_other()
    {
        var failures = 0;
        _letters.BeforeAsync = place =>
            place == 1 && ++failures <= 2 ? throw new InvalidOperationException("Doe, Jane") : Task.CompletedTask;
        var troubled = await BeginAsync("write-letters", 3);
        await DoneAsync(await BeginAsync("add-sums", 2));

        await UntilAsync(async () =>
        {
            _clock.Advance(TimeSpan.FromSeconds(11));
            return (await _server.GetAsync(troubled)).Status == 200;
        });

        Assert.Equal([0, 1, 2], _letters.Steps);
    }

    /// <summary>How a step can be wrong in itself.</summary>
    public static TheoryData<string> Mistakes => ["throws", "throws as if cancelled", "writes what is not valid"];

    [Theory, MemberData(nameof(Mistakes))]
    public async Task A_step_that_is_wrong_in_itself_ends_its_job_after_ten_tries_and_no_other(string mistake)
    {
        var tries = 0;
        _letters.BeforeAsync = place => place == 1 ? Fail(mistake, ++tries) : Task.CompletedTask;
        _letters.Decide = (task, place) => place == 1 && mistake == "writes what is not valid" ? Invalid(task) : null;
        var troubled = await BeginAsync("write-letters", 3);

        var answer = await FailedAsync(troubled);
        await DoneAsync(await BeginAsync("add-sums", 2));

        var key = TaskOf(troubled);
        answer.ShouldRefuse(
            500,
            $"error exception: The work failed for good at 1 of 3 letters; the statusReason of {key} says at which step, and what was done stays done. The error is in this server's log under {key}: report it, and ask for the work again when it is mended."
        );
        var task = (await _server.GetAsync(key)).ShouldBe(200);
        Assert.Equal("failed", task.Text("status"));
        Assert.Equal(
            "Step 2 of 3 could not be made in 10 tries. What was done before it stays done.",
            task.Json.GetProperty("statusReason").GetProperty("text").GetString()
        );
        Assert.Equal(FailJobStep.MaxTries, tries);
        Assert.DoesNotContain(2, _letters.Steps);
        // It is over: nobody tries again, and it is removed in its time.
        _clock.Advance(TimeSpan.FromSeconds(11));
        await DoneAsync(await BeginAsync("add-sums", 1));
        Assert.Equal(FailJobStep.MaxTries, tries);
        _clock.Advance(TimeSpan.FromDays(31));
        Assert.Equal(3, (await _server.Services.GetRequiredService<RetentionSweep>().RunAsync(default)).Jobs);
    }

    [Fact]
    public async Task A_database_that_is_away_is_waited_for_as_long_as_it_takes()
    {
        var tries = 0;
        _letters.BeforeAsync = place =>
            place == 1 && ++tries <= FailJobStep.MaxTries + 5
                ? throw new StoreUnavailableException("away", TimeSpan.FromSeconds(1))
                : Task.CompletedTask;

        await UntilDoneAsync(await BeginAsync("write-letters", 2));

        Assert.Equal([0, 1], _letters.Steps);
        Assert.Equal(FailJobStep.MaxTries + 6, tries);
    }

    [Fact]
    public async Task Each_step_has_its_own_tries()
    {
        var tries = new int[3];
        _letters.BeforeAsync = place =>
            ++tries[place] < FailJobStep.MaxTries ? throw new InvalidOperationException("x") : Task.CompletedTask;

        await UntilDoneAsync(await BeginAsync("write-letters", 3));

        Assert.All(tries, count => Assert.Equal(FailJobStep.MaxTries, count));
    }

    [Fact]
    public async Task A_job_that_failed_cannot_be_given_up_any_more()
    {
        _letters.BeforeAsync = _ => throw new InvalidOperationException("x");
        var failed = await BeginAsync("write-letters", 1);
        await FailedAsync(failed);

        (await _server.DeleteAsync(failed)).ShouldBe(422);
        (await _server.GetAsync(failed)).ShouldBe(500);
    }

    private static Task Fail(string mistake, int number) =>
        mistake switch
        {
            "throws" => throw new InvalidOperationException($"Doe, Jane {number}"),
            "throws as if cancelled" => throw new TaskCanceledException(),
            _ => Task.CompletedTask,
        };

    /// <summary>A Task without the status that it must have.</summary>
    private static Decision Invalid(Snapshot task)
    {
        var key = new ResourceKey(ResourceTypes.Task, Guid.NewGuid().ToString());
        var json = $$"""{"resourceType":"Task","id":"{{key.Id}}","intent":"order"}""";
        return new Decision(task.Key, [new ResourceWrite(key, 0, Encoding.UTF8.GetBytes(json))]) { Activity = "x" };
    }

    private async Task<Answer> FailedAsync(string status)
    {
        await UntilAsync(async () =>
        {
            _clock.Advance(TimeSpan.FromSeconds(11));
            return (await _server.GetAsync(status)).Status == 500;
        });
        return await _server.GetAsync(status);
    }

    private Task UntilDoneAsync(string status) =>
        UntilAsync(async () =>
        {
            _clock.Advance(TimeSpan.FromSeconds(11));
            return (await _server.GetAsync(status)).Status == 200;
        });

    [Fact]
    public async Task A_job_is_held_and_given_up_by_its_Task()
    {
        _letters.BeforeAsync = async place =>
        {
            if (place == 1)
                await _letters.Gate.WaitAsync();
        };
        var status = await BeginAsync("write-letters", 3);
        await UntilAsync(() => Task.FromResult(_letters.Steps.Count == 1));

        (await _server.DeleteAsync(status)).ShouldBe(202);
        _letters.Gate.Release();

        await UntilAsync(async () => (await _server.GetAsync(status)).Status == 404);
        Assert.Equal("cancelled", await _server.StatusOfAsync(TaskOf(status)));
        _clock.Advance(TimeSpan.FromSeconds(11));
        await Task.Yield();
        Assert.DoesNotContain(2, _letters.Steps);
    }

    [Fact]
    public async Task What_is_over_is_removed_after_its_time_whatever_its_kind()
    {
        foreach (var kind in new[] { "write-letters", "add-sums" })
            await DoneAsync(await BeginAsync(kind, 2));
        _clock.Advance(TimeSpan.FromDays(31));

        Assert.Equal(2, (await _server.Services.GetRequiredService<RetentionSweep>().RunAsync(default)).Jobs);
    }

    private Task<string> BeginAsync(string kind, int steps) => JobKit.BeginAsync(_server, kind, steps);

    private async Task<Answer> DoneAsync(string status)
    {
        await UntilAsync(async () => (await _server.GetAsync(status)).Status == 200);
        return (await _server.GetAsync(status)).ShouldBe(200);
    }

    private static string TaskOf(string status) => status[..status.LastIndexOf('/')];

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(30), "Waited in vain.");
            await Task.Delay(20);
        }
    }
}
