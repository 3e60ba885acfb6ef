using System.Globalization;
using System.Text.Json;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.TestKit;

namespace CareCoordination.Server.Tests.Days;

/// <summary>
/// A day that a command is given, or that stands in an element, is the day of the organisation whose work it is: in zones all round
/// the world, also where the clocks are set on that day.
/// </summary>
public sealed class DayTests(DayServer days) : IClassFixture<DayServer>
{
    private TestServer Server => days.Server;

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var zone in DayServer.Zones)
            foreach (
                var day in (string[])
                    ["2027-03-01", "2027-03-14", "2027-03-28", "2027-04-04", "2027-09-05", "2027-11-07"]
            )
                cases.Add(zone, day);
            return cases;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public async Task A_task_is_snoozed_to_the_end_of_the_day(string zone, string day)
    {
        var task = await TaskAsync(zone, "2027-02-20");

        var snoozed = await Server.AskAsync($"{task}/$snooze", Ask.Value("due", "valueDate", $"\"{day}\""));

        Assert.Equal(End(zone, day), Instant(snoozed.ShouldBe(200), "restriction", "period", "end"));
    }

    [Theory, MemberData(nameof(Cases))]
    public async Task An_escalation_is_due_until_the_end_of_the_day(string zone, string day)
    {
        var task = await TaskAsync(zone, "2027-12-20");

        (
            await Server.AskAsync(
                $"{task}/$escalate",
                Ask.Reference("to", "Practitioner/lead"),
                Ask.Value("due", "valueDateTime", $"\"{day}\"")
            )
        ).ShouldBe(200);

        var part = Assert.Single((await Server.GetAsync($"Task?part-of={task}")).ShouldBe(200).Resources);
        Assert.Equal(End(zone, day), Instant(part, "restriction", "period", "end"));
    }

    [Theory, MemberData(nameof(Cases))]
    public async Task A_plan_is_reviewed_on_the_day(string zone, string day)
    {
        var plan = await PlanAsync(zone);
        await Server.PutAsync("Practitioner/1", Given.Practitioner("1"));

        var reviewed = await Server.AskAsync(
            $"{plan}/$review",
            Ask.Reference("reviewer", "Practitioner/1"),
            Ask.Value("date", "valueDate", "\"2027-02-28\""),
            Ask.Value("nextReview", "valueDateTime", $"\"{day}\"")
        );

        Assert.Contains($"\"valueDate\":\"{day}\"", reviewed.ShouldBe(200).Body, StringComparison.Ordinal);
        var task = Assert.Single((await Server.GetAsync($"Task?based-on={plan}")).ShouldBe(200).Resources);
        Assert.Equal(End(zone, day), Instant(task, "restriction", "period", "end"));
    }

    [Theory, MemberData(nameof(Cases))]
    public async Task A_plan_ends_on_the_day_it_is_revised_to(string zone, string day)
    {
        var plan = await PlanAsync(zone);

        var revised = await Server.AskAsync(
            $"{plan}/$revise",
            Ask.Text("reason", "longer"),
            Ask.Value("periodEnd", "valueDate", $"\"{day}\"")
        );

        Assert.Equal(day, revised.ShouldBe(200).At("period", "end"));
    }

    [Theory, MemberData(nameof(Cases))]
    public async Task A_plan_that_is_applied_begins_with_the_day(string zone, string day)
    {
        var patient = await PatientAsync(zone);
        var id = Given.Id();
        await Server.PutAsync(
            $"PlanDefinition/{id}",
            $$$"""{"resourceType":"PlanDefinition","id":"{{{id}}}","status":"active","goal":[{"description":{"text":"Home"}}],"action":[{"title":"Call","participant":[{"type":"practitioner"}],"timingDuration":{"value":1,"unit":"d","system":"http://unitsofmeasure.org","code":"d"}}]}"""
        );

        var applied = await Server.AskAsync(
            $"PlanDefinition/{id}/$apply",
            Ask.Text("subject", patient),
            Ask.Value("startDate", "valueDate", $"\"{day}\"")
        );

        Assert.Equal(day, applied.ShouldBe(200).At("period", "start"));
        var task = Assert.Single((await Server.GetAsync($"Task?patient={patient}")).ShouldBe(200).Resources);
        Assert.Equal(Start(zone, day), Instant(task, "restriction", "period", "start"));
        Assert.Equal(End(zone, Next(day)), Instant(task, "restriction", "period", "end"));
    }

    [Theory, MemberData(nameof(Cases))]
    public async Task A_worklist_of_a_day_has_what_is_due_on_it_and_nothing_later(string zone, string day)
    {
        var patient = await PatientAsync(zone);
        var onDay = await TaskAsync(zone, day, patient);
        var atItsEnd = await TaskAsync(zone, End(zone, day).ToString("o", CultureInfo.InvariantCulture), patient);
        await TaskAsync(zone, Next(day), patient);
        await TaskAsync(zone, Start(zone, Next(day)).ToString("o", CultureInfo.InvariantCulture), patient);

        var page = await Server.GetAsync($"Task/$worklist?patient={patient}&dueBefore={day}");

        Assert.Equal(
            new[] { atItsEnd, onDay }.Order(StringComparer.Ordinal),
            page.ShouldBe(200).Ids.Select(i => $"Task/{i}").Order(StringComparer.Ordinal)
        );
    }

    [Theory, MemberData(nameof(Cases))]
    public async Task A_plan_tells_of_a_day_what_was_late_at_its_end(string zone, string day)
    {
        var patient = await PatientAsync(zone);
        var plan = await PlanAsync(zone, patient, await TaskAsync(zone, day, patient));

        Assert.Equal("0", await OverdueAsync(plan, day));
        Assert.Equal("1", await OverdueAsync(plan, Next(day)));
        Assert.Equal("0", await OverdueAsync(plan, Text(End(zone, day))));
        Assert.Equal("1", await OverdueAsync(plan, Text(End(zone, day).AddSeconds(1))));
    }

    [Theory, MemberData(nameof(Cases))]
    public async Task A_reading_that_is_recorded_keeps_its_day(string zone, string day)
    {
        var goal = Given.Id();
        (
            await Server.PutAsync(
                $"Goal/{goal}",
                $$$"""{"resourceType":"Goal","id":"{{{goal}}}","lifecycleStatus":"active","description":{"text":"Weight"},"subject":{"reference":"{{{await PatientAsync(zone)}}}"},"target":[{"measure":{"coding":[{"system":"http://loinc.org","code":"29463-7"}]},"detailQuantity":{"value":80,"comparator":"<","unit":"kg"}}]}"""
            )
        ).ShouldBe(201);
        var past = day.Replace("2027", "2026", StringComparison.Ordinal);

        var recorded = await Server.AskAsync(
            $"Goal/{goal}/$record-progress",
            Ask.Value("value", "valueDecimal", "70"),
            Ask.Value("date", "valueDate", $"\"{past}\"")
        );

        var reference = recorded.ShouldBe(200).Json.GetProperty("outcomeReference")[0].GetProperty("reference");
        Assert.Equal(past, (await Server.GetAsync(reference.GetString()!)).Text("effectiveDateTime"));
    }

    [Theory, MemberData(nameof(Cases))]
    public async Task Work_ends_with_the_day_that_is_given_and_today_by_now(string zone, string day)
    {
        var past = day.Replace("2027", "2026", StringComparison.Ordinal);
        const string Begun = """ ,"status":"in-progress","executionPeriod":{"start":"2026-02-01"}""";
        var task = await TaskAsync(zone, day, more: Begun);
        var other = await TaskAsync(zone, day, more: Begun);
        var today = DateOnly
            .FromDateTime(TimeZoneInfo.ConvertTime(days.Now, Zone(zone)).DateTime)
            .ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

        var done = await Server.AskAsync($"{task}/$complete", Ask.Value("end", "valueDate", $"\"{past}\""));
        var now = await Server.AskAsync($"{other}/$complete", Ask.Value("end", "valueDate", $"\"{today}\""));

        Assert.Equal(End(zone, past), Instant(done.ShouldBe(200), "executionPeriod", "end"));
        Assert.True(Instant(now.ShouldBe(200), "executionPeriod", "end") <= days.Now);
    }

    private static readonly Func<string, TimeZoneInfo> Zone = TimeZoneInfo.FindSystemTimeZoneById;

    /// <summary>Found by asking the clock of every minute, and not as the server finds it.</summary>
    private static DateTimeOffset Start(string zone, string day)
    {
        var wanted = DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        var at = new DateTimeOffset(wanted.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero).AddHours(-15);
        while (DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, Zone(zone)).DateTime) < wanted)
            at = at.AddMinutes(15);
        return at;
    }

    private static DateTimeOffset End(string zone, string day) => Start(zone, Next(day)).AddSeconds(-1);

    private static string Next(string day) =>
        DateOnly
            .ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture)
            .AddDays(1)
            .ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Text(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static DateTimeOffset Instant(Answer answer, params string[] path) => Instant(answer.Json, path);

    private static DateTimeOffset Instant(JsonElement json, params string[] path) =>
        DateTimeOffset.Parse(
            path.Aggregate(json, (at, name) => at.GetProperty(name)).GetString()!,
            CultureInfo.InvariantCulture
        );

    private async Task<string> OverdueAsync(string plan, string asOf)
    {
        var progress = await Server.AskAsync($"{plan}/$progress", Ask.Value("asOf", "valueDateTime", $"\"{asOf}\""));
        return progress
            .ShouldBe(200)
            .Json.GetProperty("parameter")
            .EnumerateArray()
            .Single(p => p.GetProperty("name").GetString() == "overdue")
            .GetProperty("valueInteger")
            .ToString();
    }

    private async Task<string> PatientAsync(string zone)
    {
        var id = Given.Id();
        (
            await Server.PutAsync(
                $"Patient/{id}",
                $$$"""{"resourceType":"Patient","id":"{{{id}}}","managingOrganization":{"reference":"Organization/{{{DayServer.IdOf(zone)}}}"}}"""
            )
        ).ShouldBe(201);
        return $"Patient/{id}";
    }

    private async Task<string> TaskAsync(
        string zone,
        string due,
        string? patient = null,
        string more = """ ,"status":"ready" """
    )
    {
        var id = Given.Id();
        (
            await Server.PutAsync(
                $"Task/{id}",
                $$$"""{"resourceType":"Task","id":"{{{id}}}","intent":"order"{{{more}}},"for":{"reference":"{{{patient ?? await PatientAsync(zone)}}}"},"restriction":{"period":{"end":"{{{due}}}"} } }"""
            )
        ).ShouldBe(201);
        return $"Task/{id}";
    }

    private async Task<string> PlanAsync(string zone, string? patient = null, string? task = null)
    {
        var id = Given.Id();
        var activity = task is null ? "" : $$$""","activity":[{"reference":{"reference":"{{{task}}}"}}]""";
        (
            await Server.PutAsync(
                $"CarePlan/{id}",
                $$$"""{"resourceType":"CarePlan","id":"{{{id}}}","status":"active","intent":"plan","subject":{"reference":"{{{patient ?? await PatientAsync(zone)}}}"}{{{activity}}}}"""
            )
        ).ShouldBe(201);
        return $"CarePlan/{id}";
    }
}

/// <summary>A server with an organisation in each zone, in February 2027.</summary>
public sealed class DayServer : IAsyncLifetime
{
    public static readonly string[] Zones =
    [
        "Pacific/Kiritimati",
        "Pacific/Auckland",
        "Australia/Lord_Howe",
        "Asia/Kathmandu",
        "Asia/Kolkata",
        "Europe/London",
        "UTC",
        "America/St_Johns",
        "America/New_York",
        "America/Los_Angeles",
        "America/Santiago",
        "Pacific/Pago_Pago",
    ];

    private readonly ShiftedClock _clock = new(new DateTimeOffset(2027, 2, 20, 3, 0, 0, TimeSpan.Zero));

    public TestServer Server { get; private set; } = null!;

    public DateTimeOffset Now => _clock.GetUtcNow();

    public static string IdOf(string zone) => zone.Replace('/', '-').Replace('_', '-');

    public async ValueTask InitializeAsync() =>
        Server = await TestServer.OnSqliteAsync(
            _clock,
            [.. Zones.Select(zone => $"--Care:Organizations:{IdOf(zone)}:TimeZone={zone}")]
        );

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
