using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Gate;

/// <summary>Deleting is no way round the tables of statuses, by whichever door it comes.</summary>
public abstract class DeletionTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class OnSqlite(SqliteServer shared) : DeletionTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : DeletionTests(shared);

    public static TheoryData<string> Doors =>
        ["delete", "conditional", "batch", "transaction", "transaction-conditional"];

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task A_deleted_task_does_not_come_back_in_another_state(string door)
    {
        var id = await TaskAsync("requested");
        await DeleteAsync(door, "Task", id);

        (await Server.PutAsync($"Task/{id}", Task(id, "completed"))).ShouldRefuse(
            422,
            "error business-rule Task.status: Task.status cannot go from 'requested' to 'completed'. From 'requested' it can become 'received', 'accepted', 'rejected', 'on-hold', 'cancelled', 'entered-in-error'."
        );
        (await Server.PutAsync($"Task/{id}", Task(id, "requested"))).ShouldBe(201);
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task A_deleted_task_takes_its_parts_along(string door)
    {
        var id = await TaskAsync("in-progress");
        var part = Given.Id();
        await Server.PutAsync(
            $"Task/{part}",
            $$$"""{"resourceType":"Task","id":"{{{part}}}","status":"ready","intent":"order","partOf":[{"reference":"Task/{{{id}}}"}]}"""
        );

        await DeleteAsync(door, "Task", id);

        Assert.Equal("cancelled", await Server.StatusOfAsync($"Task/{part}"));
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task A_deletion_is_recorded(string door)
    {
        var id = await TaskAsync("ready");

        await DeleteAsync(door, "Task", id);

        var provenance = (await Server.GetAsync($"Provenance?target=Task/{id}")).ShouldBe(200).Resources.Single();
        Assert.Contains("\"delete\"", provenance.GetProperty("activity").ToString(), StringComparison.Ordinal);
        var audit = (await Server.GetAsync($"AuditEvent?entity=Task/{id}&action=D")).ShouldBe(200).Resources.Single();
        Assert.Equal("D", audit.GetProperty("action").GetString());
    }

    [Theory]
    [InlineData(
        "Goal",
        """ "lifecycleStatus":"active","description":{"text":"g"},"subject":{"reference":"Patient/x"} """,
        "proposed"
    )]
    [InlineData("CarePlan", """ "status":"active","intent":"plan","subject":{"reference":"Patient/x"} """, "draft")]
    [InlineData(
        "ServiceRequest",
        """ "status":"active","intent":"order","subject":{"reference":"Patient/x"} """,
        "draft"
    )]
    [InlineData("EpisodeOfCare", """ "status":"finished","patient":{"reference":"Patient/x"} """, "active")]
    public async Task No_guarded_type_is_brought_back_otherwise(string type, string content, string status)
    {
        var id = Given.Id();
        var element = type == "Goal" ? "lifecycleStatus" : "status";
        (await Server.PutAsync($"{type}/{id}", $$"""{"resourceType":"{{type}}","id":"{{id}}",{{content}}}""")).ShouldBe(
            201
        );
        (await Server.DeleteAsync($"{type}/{id}")).ShouldBe(204);
        var other = System.Text.RegularExpressions.Regex.Replace(
            content,
            $"\"{element}\":\"[a-z-]+\"",
            $"\"{element}\":\"{status}\""
        );

        (await Server.PutAsync($"{type}/{id}", $$"""{"resourceType":"{{type}}","id":"{{id}}",{{other}}}""")).ShouldBe(
            422
        );
        (await Server.PutAsync($"{type}/{id}", $$"""{"resourceType":"{{type}}","id":"{{id}}",{{content}}}""")).ShouldBe(
            201
        );
    }

    [Fact]
    public async Task A_stale_version_of_a_guarded_resource_is_not_deleted()
    {
        var id = await TaskAsync("requested");
        await Server.PutAsync($"Task/{id}", Task(id, "received"));

        (await Server.DeleteAsync($"Task/{id}", "If-Match: W/\"1\"")).ShouldBe(412);
        Assert.Equal("received", await Server.StatusOfAsync($"Task/{id}"));
    }

    private async Task<string> TaskAsync(string status)
    {
        var id = Given.Id();
        (await Server.PutAsync($"Task/{id}", Task(id, status))).ShouldBe(201);
        return id;
    }

    private async Task DeleteAsync(string door, string type, string id)
    {
        switch (door)
        {
            case "delete":
                (await Server.DeleteAsync($"{type}/{id}")).ShouldBe(204);
                break;
            case "conditional":
                (await Server.DeleteAsync($"{type}?_id={id}")).ShouldBe(204);
                break;
            case "batch":
                (await Server.PostAsync("", Given.Batch(Given.Entry("DELETE", $"{type}/{id}")))).ShouldBe(200);
                break;
            case "transaction":
                (await Server.PostAsync("", Given.Transaction(Given.Entry("DELETE", $"{type}/{id}")))).ShouldBe(200);
                break;
            default:
                (await Server.PostAsync("", Given.Transaction(Given.Entry("DELETE", $"{type}?_id={id}")))).ShouldBe(
                    200
                );
                break;
        }

        (await Server.GetAsync($"{type}/{id}")).ShouldBe(410);
    }

    private static string Task(string id, string status) =>
        $$"""{"resourceType":"Task","id":"{{id}}","status":"{{status}}","intent":"order"}""";
}
