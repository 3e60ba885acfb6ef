using CareCoordination.Application.Retention;
using CareCoordination.Server.Tests.Caseload;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.Server.Tests.Referrals;
using CareCoordination.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace CareCoordination.Server.Tests.Retention;

/// <summary>What the server remembers for itself goes when its time is over, and not before. The clock is moved.</summary>
public abstract class RetentionTests : IAsyncLifetime
{
    private readonly ShiftedClock _clock = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));

    private TestServer Server { get; set; } = null!;

    public sealed class OnSqlite : RetentionTests
    {
        protected override Task<TestServer> StartAsync(TimeProvider time, params string[] settings) =>
            TestServer.OnSqliteAsync(time, settings);
    }

    public sealed class OnPostgreSql : RetentionTests
    {
        protected override Task<TestServer> StartAsync(TimeProvider time, params string[] settings) =>
            PostgreSqlServer.NewAsync(time, settings);
    }

    public async ValueTask InitializeAsync() =>
        Server = await StartAsync(_clock, "--Care:Retention:Enabled=false", "--Care:Retention:Batch=2");

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (Server is not null)
            await Server.DisposeAsync();
    }

    protected abstract Task<TestServer> StartAsync(TimeProvider time, params string[] settings);

    [Fact]
    public async Task A_key_stands_for_its_request_for_a_day_and_is_new_after_that()
    {
        var tasks = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            tasks.Add($"Task/{(await Server.PostAsync("Task", Given.Task("p", "accepted"))).ShouldBe(201).Id}");
            (await ActAsync(tasks[i], "start", i)).ShouldBe(200);
        }

        _clock.Advance(TimeSpan.FromHours(23));
        Assert.True((await SweepAsync()).IsNothing);
        (await ActAsync(tasks[4], "start", 4)).ShouldBe(200);
        (await ActAsync(tasks[4], "complete", 4)).ShouldBe(422);
        Assert.Equal("in-progress", await Server.StatusOfAsync(tasks[4]));

        _clock.Advance(TimeSpan.FromHours(1) + TimeSpan.FromMinutes(1));
        // Over, though nobody has removed it yet.
        Assert.Equal("completed", (await ActAsync(tasks[4], "complete", 4)).ShouldBe(200).Status());

        Assert.Equal(new Removed { Answers = 4 }, await SweepAsync());
        Assert.True((await SweepAsync()).IsNothing);
        Assert.Equal("completed", (await ActAsync(tasks[4], "complete", 4)).ShouldBe(200).Status());
    }

    [Fact]
    public async Task A_job_that_ended_is_told_of_for_a_month_and_one_that_goes_on_for_ever()
    {
        var ward = await Ward.OpenAsync(Server);
        var (from, to) = (await ward.ManagerAsync(), await ward.ManagerAsync());
        await ward.PatientAsync(from);
        var begun = await Server.AskAsync(
            $"{from}/$transfer-caseload",
            Ask.Reference("to", to),
            Ask.Text("handoffNote", "moving")
        );
        var status = begun.ShouldBe(202).Header("Content-Location")!;
        await TransferCaseloadTests.DoneAsync(Server, status);

        _clock.Advance(TimeSpan.FromDays(29));
        Assert.Equal(0, (await SweepAsync()).Jobs);
        (await Server.GetAsync(status)).ShouldBe(200);

        _clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal(1, (await SweepAsync()).Jobs);
        (await Server.GetAsync(status)).ShouldBe(404);
        // What happened is told by resources, which stay.
        (await Server.GetAsync(status[..status.LastIndexOf('/')])).ShouldBe(200);
    }

    [Fact]
    public async Task A_message_that_was_given_up_is_listed_for_a_month_and_one_that_is_parked_for_ever()
    {
        var given = new ReferralWard(Server);
        var parked = new ReferralWard(Server);
        foreach (var ward in new[] { given, parked })
        {
            await ward.PutAllAsync();
            (await Server.AskAsync($"{ward.Endpoint}/$drain")).ShouldBe(200);
            await ward.DispatchAsync();
            (
                await Server.AskAsync(
                    $"{ward.Endpoint}/$park",
                    Ask.Value("delivery", "valueId", $"\"{await IdAsync(ward)}\"")
                )
            ).ShouldBe(200);
        }

        (
            await Server.AskAsync(
                $"{given.Endpoint}/$end",
                Ask.Value("delivery", "valueId", $"\"{await IdAsync(given)}\"")
            )
        ).ShouldBe(200);
        _clock.Advance(TimeSpan.FromDays(29));
        Assert.Equal(0, (await SweepAsync()).Messages);
        Assert.NotNull(await IdAsync(given));

        _clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal(1, (await SweepAsync()).Messages);
        Assert.Null(await IdAsync(given));
        Assert.NotNull(await IdAsync(parked));
    }

    /// <summary>Of the only message to the partner; null where there is none.</summary>
    private async Task<string?> IdAsync(ReferralWard ward) =>
        (await Server.GetAsync($"{ward.Endpoint}/$deliveries"))
            .ShouldBe(200)
            .Json.TryGetProperty("parameter", out var parameters)
            ? parameters
                .EnumerateArray()
                .Where(p => p.GetProperty("name").GetString() == "delivery")
                .Select(p => p.GetProperty("part")[0].GetProperty("valueId").GetString())
                .SingleOrDefault()
            : null;

    private Task<Answer> ActAsync(string task, string operation, int key) =>
        Server.SendAsync(HttpMethod.Post, $"{task}/${operation}", (string?)null, $"Idempotency-Key: k{key}");

    private Task<Removed> SweepAsync() => Server.Services.GetRequiredService<RetentionSweep>().RunAsync(default);
}
