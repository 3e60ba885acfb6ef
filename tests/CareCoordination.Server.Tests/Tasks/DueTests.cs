using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Tasks;

/// <summary>When tasks are due: the search parameter of this server.</summary>
public sealed class DueTests(SqliteServer shared) : ServerTests(shared)
{
    [Fact]
    public async Task Tasks_are_found_and_sorted_by_when_they_are_due()
    {
        var patient = Given.Id("p");
        foreach (var day in (int[])[3, 1, 2])
            (
                await Server.PostAsync(
                    "Task",
                    Given.Task(patient)[..^1]
                        + $",\"restriction\":{{\"period\":{{\"start\":\"2026-01-01\",\"end\":\"2026-12-0{day}T12:00:00Z\"}}}}}}"
                )
            ).ShouldBe(201);

        var due = await Server.GetAsync($"Task?patient={patient}&due=le2026-12-02&_sort=due");

        Assert.Equal(
            ["2026-12-01T12:00:00Z", "2026-12-02T12:00:00Z"],
            due.ShouldBe(200)
                .Resources.Select(r =>
                    r.GetProperty("restriction").GetProperty("period").GetProperty("end").GetString()!
                )
        );
        Assert.Equal("due", (await Server.GetAsync("SearchParameter/Task-due")).ShouldBe(200).Text("code"));
        Assert.Contains("SearchParameter/Task-due", (await Server.GetAsync("metadata")).Body, StringComparison.Ordinal);
    }
}
