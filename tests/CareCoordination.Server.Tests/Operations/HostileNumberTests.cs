using CareCoordination.Server.Tests.CarePlans;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Operations;

/// <summary>Numbers and dates that are valid FHIR and lead to no date any more: refused by the rule, or stored and never due.</summary>
public sealed class HostileNumberTests(SqliteServer shared) : ServerTests(shared)
{
    private const string Extension = "https://carecoordination.example/fhir/StructureDefinition/";

    public static TheoryData<string> Actions =>
        [
            "\"timingDuration\":{\"value\":100000,\"code\":\"a\"}",
            "\"timingDuration\":{\"value\":-100000,\"code\":\"a\"}",
            "\"timingDuration\":{\"value\":1e20,\"code\":\"h\"}",
            "\"timingDuration\":{\"value\":2147483647,\"code\":\"d\"}",
            "\"timingRange\":{\"low\":{\"value\":1e9,\"code\":\"wk\"}}",
            "\"timingTiming\":{\"repeat\":{\"period\":1,\"periodUnit\":\"d\",\"boundsDuration\":{\"value\":1e20,\"code\":\"h\"}}}",
            "\"timingTiming\":{\"repeat\":{\"frequency\":2147483647,\"period\":1,\"periodUnit\":\"d\"}}",
            $"\"extension\":[{{\"url\":\"{Extension}due-in-business-days\",\"valuePositiveInt\":2147483647}}]",
        ];

    [Theory]
    [MemberData(nameof(Actions))]
    public async Task An_action_that_is_never_due_is_refused(string action)
    {
        var patient = await Template.PatientAsync(Server);
        var definition =
            $$$$$"""{"resourceType":"PlanDefinition","status":"active","goal":[{"description":{"text":"g"}}],"action":[{"title":"a",{{{{{action}}}}}}]}""";

        var refused = await Server.AskAsync(
            "PlanDefinition/$apply",
            Ask.Value("planDefinition", "resource", definition),
            Ask.Text("subject", patient)
        );

        Assert.Equal("time-range", RuleOf(refused.ShouldBe(422)));
    }

    [Fact]
    public async Task A_plan_that_begins_on_the_last_day_of_all_has_no_second_day()
    {
        var patient = await Template.PatientAsync(Server);
        async Task<Answer> Apply(string timing) =>
            await Server.AskAsync(
                "PlanDefinition/$apply",
                Ask.Value(
                    "planDefinition",
                    "resource",
                    $$$$$"""{"resourceType":"PlanDefinition","status":"active","action":[{"title":"a"{{{{{timing}}}}}}]}"""
                ),
                Ask.Text("subject", patient),
                Ask.Value("startDate", "valueDate", "\"9999-12-31\"")
            );

        (await Apply("")).ShouldBe(200);
        Assert.Equal(
            "time-range",
            RuleOf((await Apply(",\"timingDuration\":{\"value\":2,\"code\":\"d\"}")).ShouldBe(422))
        );
    }

    [Theory]
    [InlineData("9999-12-31", 422)]
    [InlineData("9999-12-02", 422)]
    [InlineData("9998-12-31", 200)]
    public async Task A_review_without_a_day_after_it_is_refused(string date, int status)
    {
        var patient = await Template.PatientAsync(Server);
        await Server.PutAsync("Practitioner/1", Given.Practitioner("1"));
        var plan = await Server.PostAsync(
            "CarePlan",
            $$$$$"""{"resourceType":"CarePlan","status":"active","intent":"plan","subject":{"reference":"{{{{{patient}}}}}"}}"""
        );

        var reviewed = await Server.AskAsync(
            $"CarePlan/{plan.ShouldBe(201).Id}/$review",
            Ask.Reference("reviewer", "Practitioner/1"),
            Ask.Value("date", "valueDate", $"\"{date}\"")
        );

        reviewed.ShouldBe(status);
        if (status == 422)
            Assert.Equal("time-range", RuleOf(reviewed));
    }

    [Theory]
    [InlineData("0001-01-01T00:00:00+14:00")]
    [InlineData("9999-12-31T23:59:59.999-14:00")]
    [InlineData("9999-12-31")]
    public async Task A_task_with_any_date_is_stored(string date)
    {
        var task =
            $$$$$"""{"resourceType":"Task","status":"requested","intent":"order","restriction":{"period":{"end":"{{{{{date}}}}}"}}}""";

        (await Server.PostAsync("Task", task)).ShouldBe(201);
    }

    [Fact]
    public async Task A_series_of_three_years_ago_goes_on()
    {
        var id = Given.Id();
        var start = TimeProvider.System.GetUtcNow().AddYears(-3).ToString("yyyy-MM-ddTHH:00:00Z");
        (
            await Server.PutAsync(
                $"Task/{id}",
                $$$$$"""
                {"resourceType":"Task","id":"{{{{{id}}}}}","status":"in-progress","intent":"order","for":{"reference":"Patient/{{{{{id}}}}}"},
                 "extension":[{"url":"{{{{{Extension}}}}}series","valueTiming":{"repeat":{"boundsPeriod":{"start":"{{{{{start}}}}}"},"period":1,"periodUnit":"h"}}},
                              {"url":"{{{{{Extension}}}}}occurrence","valuePositiveInt":1}]}
                """
            )
        ).ShouldBe(201);

        (await Server.AskAsync($"Task/{id}/$complete")).ShouldBe(200);

        var next = (await Server.GetAsync($"Task?patient=Patient/{id}&status=requested")).ShouldBe(200);
        var due = next
            .Resources.Single()
            .GetProperty("restriction")
            .GetProperty("period")
            .GetProperty("start")
            .GetDateTimeOffset();
        Assert.InRange(
            due,
            TimeProvider.System.GetUtcNow().AddMinutes(-1),
            TimeProvider.System.GetUtcNow().AddHours(1)
        );
    }

    private static string? RuleOf(Answer answer) =>
        answer
            .Json.GetProperty("issue")[0]
            .GetProperty("details")
            .GetProperty("coding")[0]
            .GetProperty("code")
            .GetString();
}
