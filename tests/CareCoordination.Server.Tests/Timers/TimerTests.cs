using CareCoordination.Application.Definitions;
using CareCoordination.Application.Import;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Settings;
using CareCoordination.Application.Timers;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace CareCoordination.Server.Tests.Timers;

/// <summary>Late tasks are told of by a durable timer: once for each threshold, whoever runs it and whatever happens in between.</summary>
public abstract class TimerTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Monday = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private readonly ShiftedClock _clock = new(Monday);
    private string[] _database = [];

    public sealed class OnSqlite : TimerTests
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("care-timers-").FullName;

        protected override Task<string[]> DatabaseAsync() =>
            Task.FromResult<string[]>([
                $"--ConnectionStrings:CareCoordination=Data Source={Path.Combine(_folder, "test.db")}",
            ]);

        public override ValueTask DisposeAsync()
        {
            GC.SuppressFinalize(this);
            Directory.Delete(_folder, recursive: true);
            return ValueTask.CompletedTask;
        }
    }

    public sealed class OnPostgreSql : TimerTests
    {
        protected override async Task<string[]> DatabaseAsync()
        {
            string[] database =
            [
                "--Storage:Provider=PostgreSql",
                $"--ConnectionStrings:CareCoordination={PostgreSqlCluster.Require().NewDatabase()}",
            ];
            Assert.Equal(0, await Program.Main(["migrate", .. database]));
            return database;
        }
    }

    public async ValueTask InitializeAsync() => _database = await DatabaseAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    protected abstract Task<string[]> DatabaseAsync();

    [Fact]
    public async Task A_late_task_is_told_of_once_for_each_threshold_also_after_a_restart()
    {
        string task;
        await using (var server = await StartAsync())
        {
            task = await TaskAsync(server, Monday.AddHours(1));
            Assert.Equal(0, await RingAsync(server));
            _clock.Advance(TimeSpan.FromHours(1));
            Assert.Equal(1, await RingAsync(server));
            Assert.Equal(0, await RingAsync(server));
            Assert.Equal(["overdue"], await ToldAsync(server, task));
        }

        // Nobody looks while it crosses the next one.
        _clock.Advance(TimeSpan.FromDays(7));
        await using (var server = await StartAsync())
        {
            Assert.Equal(["overdue"], await ToldAsync(server, task));
            Assert.Equal(1, await RingAsync(server));
            Assert.Equal(["overdue", "overdue-lead"], await ToldAsync(server, task));
            _clock.Advance(TimeSpan.FromDays(365));
            Assert.Equal(0, await RingAsync(server));
            Assert.Equal(["overdue", "overdue-lead"], await ToldAsync(server, task));

            var worklist = (await server.GetAsync("Task/$worklist?role=lead&unassigned=true")).ShouldBe(200);
            Assert.Equal(
                task,
                Assert.Single(worklist.Resources).GetProperty("focus").GetProperty("reference").GetString()
            );
            var provenance = await server.ProvenanceOfAsync(task, 3);
            Assert.Contains(
                "\"Device/carecoordination\"",
                Assert.Single(provenance).GetRawText(),
                StringComparison.Ordinal
            );
            var audit = (await server.GetAsync($"AuditEvent?entity={task}&subtype=operation")).ShouldBe(200);
            Assert.Equal(2, audit.Resources.Count());
        }
    }

    /// <summary>Records of another server: whoever had the task there knew that it was late.</summary>
    [Theory]
    [InlineData(-400, false, "", "")]
    [InlineData(-1, false, "", "overdue-lead")]
    [InlineData(2, false, "", "overdue,overdue-lead")]
    [InlineData(-400, true, "overdue,overdue-lead", "overdue,overdue-lead")]
    [InlineData(-1, true, "overdue", "overdue,overdue-lead")]
    [InlineData(2, true, "", "overdue,overdue-lead")]
    public async Task A_task_that_was_late_when_it_was_imported_is_told_of_where_that_is_asked(
        int daysToDue,
        bool escalates,
        string atFirst,
        string later
    )
    {
        var task = Given.Id("task");
        await using var server = await StartAsync();
        await ImportAsync(server, task, Monday.AddDays(daysToDue), escalates);
        await ImportAsync(server, task, Monday.AddDays(daysToDue), escalates);
        Assert.Equal(
            "1",
            (await server.GetAsync($"Task/{task}")).Json.GetProperty("meta").GetProperty("versionId").GetString()
        );

        await RingAllAsync(server);
        Assert.Equal(atFirst, string.Join(',', await ToldAsync(server, $"Task/{task}")));

        _clock.Advance(TimeSpan.FromDays(30));
        await RingAllAsync(server);
        Assert.Equal(later, string.Join(',', await ToldAsync(server, $"Task/{task}")));
    }

    private static async Task ImportAsync(TestServer server, string id, DateTimeOffset due, bool escalates)
    {
        var folder = Directory.CreateTempSubdirectory("care-late-").FullName;
        var task =
            $$$"""{"resourceType":"Task","id":"{{{id}}}","status":"accepted","intent":"order","priority":"routine","for":{"reference":"Patient/p1"},"owner":{"reference":"Practitioner/a"},"restriction":{"period":{"end":"{{{due:yyyy-MM-ddTHH:mm:ssZ}}}"} } }""";
        await File.WriteAllTextAsync(Path.Combine(folder, "tasks.ndjson"), task);
        await using var session = server.Services.GetRequiredService<CareSessions>().Open(Caller.Import);
        var definitions = session.Get<FhirDefinitions>();
        var importer = new Importer(
            session.Session,
            definitions,
            session.Get<LimitsOptions>(),
            new ImportHomes(null, "https://own.example/fhir", definitions.Schema.IsResourceType)
        )
        {
            EscalatesLate = escalates,
        };
        var summary = new ImportSummary();
        await importer.RunAsync(
            ImportFile.Find([folder]),
            Path.Combine(folder, "journal"),
            summary,
            TestContext.Current.CancellationToken
        );
        Assert.Empty(summary.Rejections);
        Directory.Delete(folder, recursive: true);
    }

    private static async Task RingAllAsync(TestServer server)
    {
        while (await RingAsync(server) > 0) { }
    }

    [Fact]
    public async Task Of_several_nodes_one_tells()
    {
        await using var one = await StartAsync();
        await using var two = await StartAsync();
        var tasks = new List<string>();
        for (var i = 0; i < 20; i++)
            tasks.Add(await TaskAsync(one, Monday));

        _clock.Advance(TimeSpan.FromMinutes(1));
        await Task.WhenAll(RingAsync(one), RingAsync(two), RingAsync(one), RingAsync(two));

        foreach (var task in tasks)
            Assert.Equal(["overdue"], await ToldAsync(one, task));
        Assert.Equal(20, (await one.GetAsync("Communication?_summary=count")).Json.GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task The_timer_of_a_node_rings_by_itself()
    {
        await using var server = await StartAsync("--Care:Timers:Enabled=true", "--Care:Timers:IntervalSeconds=60");
        var task = await TaskAsync(server, Monday.AddMinutes(10));

        _clock.Advance(TimeSpan.FromMinutes(11));

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await ToldAsync(server, task)).Length == 0)
            await Task.Delay(20, patience.Token);
        Assert.Equal(["overdue"], await ToldAsync(server, task));
    }

    [Fact]
    public async Task A_snoozed_task_is_late_anew_and_a_cancelled_one_never()
    {
        await using var server = await StartAsync();
        var snoozed = await TaskAsync(server, Monday);
        var done = await TaskAsync(server, Monday);
        (
            await server.AskAsync($"{snoozed}/$snooze", Ask.Value("due", "valueDateTime", "\"2026-11-24T12:00:00Z\""))
        ).ShouldBe(200);
        (await server.AskAsync($"{done}/$cancel", Ask.Text("reason", "Done otherwise"))).ShouldBe(200);

        _clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(0, await RingAsync(server));
        _clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(1, await RingAsync(server));

        Assert.Equal(["overdue"], await ToldAsync(server, snoozed));
        Assert.Empty(await ToldAsync(server, done));
    }

    [Fact]
    public async Task What_the_rules_no_longer_say_rings_once_and_changes_nothing()
    {
        string task;
        await using (var server = await StartAsync())
            task = await TaskAsync(server, Monday);
        _clock.Advance(TimeSpan.FromHours(1));

        // By these rules the first threshold is three business days after the due time.
        await using var other = await StartAsync(
            "--Care:Rules:0:EffectiveFrom=2020-01-01",
            "--Care:Rules:0:Lateness:0:Code=patience",
            "--Care:Rules:0:Lateness:0:BusinessDaysAfterDue=3",
            "--Care:Rules:0:Lateness:0:ToLead=true"
        );
        Assert.Equal(1, await RingAsync(other));
        Assert.Equal(0, await RingAsync(other));
        Assert.Equal("W/\"1\"", (await other.GetAsync(task)).ETag);
        _clock.Advance(TimeSpan.FromDays(7));
        Assert.Equal(1, await RingAsync(other));

        Assert.Equal(["patience"], await ToldAsync(other, task));
    }

    private Task<TestServer> StartAsync(params string[] settings) =>
        TestServer.StartAsync([.. _database, .. settings], time: _clock);

    private static Task<int> RingAsync(TestServer server) =>
        server.Services.GetRequiredService<TimerSweep>().RunAsync(TestContext.Current.CancellationToken);

    private static async Task<string> TaskAsync(TestServer server, DateTimeOffset due)
    {
        var task = await server.PostAsync(
            "Task",
            $$$"""{"resourceType":"Task","status":"requested","intent":"order","owner":{"reference":"Practitioner/1"},"restriction":{"period":{"end":"{{{due:yyyy-MM-ddTHH:mm:ssZ}}}"} } }"""
        );
        return $"Task/{task.ShouldBe(201).Id}";
    }

    /// <summary>The thresholds of which somebody was told, by the reasons of Communications and of escalations.</summary>
    private static async Task<string[]> ToldAsync(TestServer server, string task)
    {
        var communications = (await server.GetAsync("Communication?_count=1000")).ShouldBe(200);
        var escalations = (await server.GetAsync($"Task?part-of={task}")).ShouldBe(200);
        return
        [
            .. communications
                .Resources.Where(c => c.GetProperty("about")[0].GetProperty("reference").GetString() == task)
                .Select(c => c.GetProperty("reasonCode")[0])
                .Concat(escalations.Resources.Select(e => e.GetProperty("reasonCode")))
                .Select(r => r.GetProperty("coding")[0].GetProperty("code").GetString()!)
                .Order(StringComparer.Ordinal),
        ];
    }
}
