using System.Globalization;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Tasks;

/// <summary>A task that repeats: one Task for each occurrence, made when the one before ends.</summary>
public abstract class SeriesTests(SharedServer shared) : ServerTests(shared)
{
    private const string Occurrence = "https://carecoordination.example/fhir/StructureDefinition/occurrence";

    public sealed class OnSqlite(SqliteServer shared) : SeriesTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : SeriesTests(shared);

    [Theory]
    [InlineData("2126-03-01")]
    [InlineData("2126-03-01T10:00:00-05:00")]
    public async Task A_snooze_of_one_leaves_the_others_as_long_as_they_were(string due)
    {
        var (plan, first) = await WeeklyAsync();
        var window = WindowOf(await Server.GetAsync(first));

        (await Server.AskAsync($"{first}/$snooze", Ask.Value("due", "valueDateTime", $"\"{due}\""))).ShouldBe(200);
        await Server.AskAsync($"{first}/$start");
        (await Server.AskAsync($"{first}/$complete")).ShouldBe(200);
        var second = await ActivityAsync(plan, 1);
        (await Server.AskAsync($"{second}/$snooze", Ask.Value("due", "valueDateTime", $"\"{due}\""))).ShouldBe(200);
        await Server.AskAsync($"{second}/$start");
        (await Server.AskAsync($"{second}/$complete")).ShouldBe(200);

        Assert.Equal(window, WindowOf(await Server.GetAsync(await ActivityAsync(plan, 2))));
    }

    private static TimeSpan WindowOf(Answer task) =>
        DateTimeOffset.Parse(task.At("restriction", "period", "end")!, CultureInfo.InvariantCulture)
        - DateTimeOffset.Parse(task.At("restriction", "period", "start")!, CultureInfo.InvariantCulture);

    private async Task<string> ActivityAsync(string plan, int place) =>
        (await Server.GetAsync(plan))
            .Json.GetProperty("activity")[place]
            .GetProperty("reference")
            .GetProperty("reference")
            .GetString()!;

    private async Task<(string Plan, string First)> WeeklyAsync()
    {
        var patient = await CarePlans.Template.PatientAsync(Server);
        var id = Given.Id();
        await Server.PutAsync(
            $"PlanDefinition/{id}",
            $$$"""
            {"resourceType":"PlanDefinition","id":"{{{id}}}","status":"active","goal":[{"description":{"text":"Stays at home"}}],
             "action":[{"title":"Weekly call","participant":[{"type":"practitioner"}],
              "timingTiming":{"repeat":{"count":3,"frequency":1,"period":1,"periodUnit":"wk"}
              }}]}
            """
        );
        var applied = await Server.AskAsync(
            $"PlanDefinition/{id}/$apply",
            Ask.Text("subject", patient),
            Ask.Reference("careManager", "Practitioner/manager")
        );
        var plan = $"CarePlan/{applied.ShouldBe(200).Id}";
        (await Server.AskAsync($"{plan}/$activate")).ShouldBe(200);
        return (plan, await ActivityAsync(plan, 0));
    }

    [Fact]
    public async Task The_end_of_one_makes_the_next_a_week_later_in_the_same_plan_until_the_series_is_over()
    {
        var patient = await CarePlans.Template.PatientAsync(Server);
        var id = Given.Id();
        await Server.PutAsync(
            $"PlanDefinition/{id}",
            $$$"""
            {"resourceType":"PlanDefinition","id":"{{{id}}}","status":"active","goal":[{"description":{"text":"Stays at home"}}],
             "action":[{"title":"Weekly call","participant":[{"type":"practitioner"}],
              "timingTiming":{"repeat":{"count":3,"frequency":1,"period":1,"periodUnit":"wk"}
              }}]}
            """
        );
        var applied = await Server.AskAsync(
            $"PlanDefinition/{id}/$apply",
            Ask.Text("subject", patient),
            Ask.Reference("careManager", "Practitioner/manager")
        );
        var plan = $"CarePlan/{applied.ShouldBe(200).Id}";
        (await Server.AskAsync($"{plan}/$activate")).ShouldBe(200);
        var dues = new List<DateTimeOffset>();

        for (var number = 1; number <= 3; number++)
        {
            var activities = (await Server.GetAsync(plan)).Json.GetProperty("activity");
            Assert.Equal(number, activities.GetArrayLength());
            var task = activities[number - 1].GetProperty("reference").GetProperty("reference").GetString()!;
            var occurrence = (await Server.GetAsync(task)).ShouldBe(200);
            Assert.Equal("ready", occurrence.Status());
            Assert.Equal("Practitioner/manager", occurrence.At("owner", "reference"));
            Assert.Equal(
                number,
                occurrence
                    .Json.GetProperty("extension")
                    .EnumerateArray()
                    .Single(e => e.GetProperty("url").GetString() == Occurrence)
                    .GetProperty("valuePositiveInt")
                    .GetInt32()
            );
            dues.Add(
                DateTimeOffset.Parse(occurrence.At("restriction", "period", "end")!, CultureInfo.InvariantCulture)
            );
            // The second fails: the series goes on all the same.
            await Server.AskAsync($"{task}/$start");
            var ended =
                number == 2
                    ? await Server.AskAsync($"{task}/$fail", Ask.Text("reason", "not reached"))
                    : await Server.AskAsync($"{task}/$complete", Ask.Value("minutes", "valueInteger", "5"));
            ended.ShouldBe(200);
        }

        Assert.Equal([TimeSpan.FromDays(7), TimeSpan.FromDays(7)], [dues[1] - dues[0], dues[2] - dues[1]]);
        Assert.Equal(3, (await Server.GetAsync(plan)).Json.GetProperty("activity").GetArrayLength());
        Assert.Equal(3, (await Server.GetAsync($"Task?patient={patient}")).Resources.Count());
    }
}
