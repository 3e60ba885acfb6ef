using CareCoordination.Application;
using CareCoordination.Server.Hosting;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Operations;

/// <summary>What holds for every operation of care coordination. https://hl7.org/fhir/R4/operations.html</summary>
public abstract class OperationTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class OnSqlite(SqliteServer shared) : OperationTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : OperationTests(shared);

    public static TheoryData<string> Ids => [.. Composition.Operations.All.Select(o => o.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task The_statement_lists_it_with_a_definition_that_is_served_and_valid(string id)
    {
        var operation = Composition.Operations.Find(id)!;
        // A statement of R4 has no word for a type that R4 does not have.
        if (operation.ResourceType != Fhir.R4.ResourceTypes.ViewDefinition)
        {
            var rest = (await Server.GetAsync("metadata")).Json.GetProperty("rest")[0];
            var resource = operation.IsOnSystem
                ? rest
                : rest.GetProperty("resource")
                    .EnumerateArray()
                    .Single(r => r.GetProperty("type").GetString() == operation.ResourceType);
            Assert.Contains(
                resource.GetProperty("operation").EnumerateArray(),
                o =>
                    o.GetProperty("name").GetString() == operation.Name
                    && o.GetProperty("definition").GetString() == $"{Server.Base}/OperationDefinition/{id}"
            );
        }

        var definition = (await Server.GetAsync($"OperationDefinition/{id}")).ShouldBe(200);

        Assert.Equal(operation.Name, definition.Text("code"));
        var checkedBy = (await Server.PostAsync("OperationDefinition/$validate", definition.Body)).ShouldBe(200);
        Assert.DoesNotContain("\"error\"", checkedBy.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_body_an_empty_Parameters_and_an_empty_list_are_the_same()
    {
        foreach (var body in (string?[])[null, "{\"resourceType\":\"Parameters\"}", Ask.Parameters()])
        {
            var task = await TaskAsync("accepted");
            var answer = await Server.SendAsync(HttpMethod.Post, $"{task}/$start", body);
            Assert.Equal("in-progress", answer.ShouldBe(200).Status());
        }
    }

    [Fact]
    public async Task Wrong_parameters_are_named()
    {
        var task = await TaskAsync("ready");

        (await Server.AskAsync($"{task}/$claim", Ask.Text("foo", "x"))).ShouldRefuse(
            400,
            "error not-supported Parameters.parameter[0]: 'foo' is no parameter of $claim; it takes owner, note, reason, practitioner."
        );
        (await Server.AskAsync($"{task}/$claim", Ask.Value("owner", "valueBoolean", "true"))).ShouldRefuse(
            400,
            "error value Parameters.parameter[0]: 'owner' of $claim is sent as valueReference."
        );
        (
            await Server.AskAsync(
                $"{task}/$claim",
                Ask.Reference("owner", "Device/a"),
                Ask.Reference("owner", "Device/b")
            )
        ).ShouldRefuse(400, "error value Parameters.parameter[1]: 'owner' of $claim is sent once.");
        (await Server.AskAsync($"{task}/$snooze")).ShouldRefuse(
            400,
            "error required Parameters.parameter: $snooze needs the parameter 'due', sent as valueDateTime or valueDate or valueInstant."
        );
        (await Server.PostAsync($"{task}/$start", Given.Patient("x"))).ShouldRefuse(
            400,
            "error structure: $start takes Parameters, or no body where it needs nothing."
        );
        (await Server.AskAsync($"{task}/$reassign", Ask.Reference("owner", "Observation/1"))).ShouldBe(422);
        Assert.Equal("W/\"1\"", (await Server.GetAsync(task)).ETag);
    }

    [Fact]
    public async Task What_is_not_there_is_not_found_and_what_was_deleted_is_gone()
    {
        (await Server.AskAsync($"Task/{Given.Id()}/$start")).ShouldBe(404);
        var task = await TaskAsync("ready");
        await Server.DeleteAsync(task);
        (await Server.AskAsync($"{task}/$start")).ShouldBe(410);
        (await Server.GetAsync($"{task}/$start")).ShouldBe(405);
    }

    [Fact]
    public async Task A_stale_If_Match_is_refused()
    {
        var task = await TaskAsync("ready");
        await Server.AskAsync($"{task}/$start");

        (await Server.SendAsync(HttpMethod.Post, $"{task}/$stop", (string?)null, "If-Match: W/\"1\"")).ShouldRefuse(
            412,
            $"error conflict: {task} is at version 2, and If-Match asked for 1: read it again and repeat your change on that."
        );
        (await Server.SendAsync(HttpMethod.Post, $"{task}/$stop", (string?)null, "If-Match: W/\"2\"")).ShouldBe(200);
    }

    [Fact]
    public async Task A_replay_with_the_same_key_returns_the_first_answer()
    {
        var task = await TaskAsync("accepted");
        var key = $"Idempotency-Key: {Given.Id()}";
        var first = await Server.SendAsync(HttpMethod.Post, $"{task}/$start", (string?)null, key);
        (await Server.AskAsync($"{task}/$complete")).ShouldBe(200);

        var replay = await Server.SendAsync(HttpMethod.Post, $"{task}/$start", (string?)null, key);

        Assert.Equal((200, first.Body, first.ETag), (replay.Status, replay.Body, replay.ETag));
        Assert.Equal("completed", await Server.StatusOfAsync(task));
        (await Server.SendAsync(HttpMethod.Post, $"{task}/$stop", (string?)null, key)).ShouldRefuse(
            422,
            "error business-rule: This Idempotency-Key was used for another request: give every request a key of its own."
        );
        (
            await Server.PostAsync(
                $"{task}/$start",
                Ask.Parameters(Ask.Reference("practitioner", "Practitioner/a")),
                key
            )
        ).ShouldBe(422);
    }

    [Fact]
    public async Task Of_many_replays_at_once_one_acts_and_all_get_its_answer()
    {
        var task = await TaskAsync("accepted");
        var key = $"Idempotency-Key: {Given.Id()}";

        var answers = await System.Threading.Tasks.Task.WhenAll(
            Enumerable.Range(0, 16).Select(_ => Server.SendAsync(HttpMethod.Post, $"{task}/$start", (string?)null, key))
        );

        Assert.All(answers, a => Assert.Equal((200, answers[0].Body), (a.Status, a.Body)));
        Assert.Equal("W/\"2\"", (await Server.GetAsync(task)).ETag);
    }

    [Fact]
    public async Task A_refused_request_may_be_repeated_with_its_key()
    {
        var task = await TaskAsync("requested");
        var key = $"Idempotency-Key: {Given.Id()}";
        (await Server.SendAsync(HttpMethod.Post, $"{task}/$start", (string?)null, key)).ShouldBe(422);
        await Server.AskAsync($"{task}/$accept");

        (await Server.SendAsync(HttpMethod.Post, $"{task}/$start", (string?)null, key)).ShouldBe(200);
    }

    [Fact]
    public async Task An_operation_can_be_an_entry_of_a_batch()
    {
        var task = await TaskAsync("accepted");

        var answer = (await Server.PostAsync("", Given.Batch(Given.Entry("POST", $"{task}/$start")))).ShouldBe(200);

        Assert.StartsWith(
            "200",
            answer.Entries.Single().GetProperty("response").GetProperty("status").GetString(),
            StringComparison.Ordinal
        );
        Assert.Equal("in-progress", await Server.StatusOfAsync(task));
    }

    private async Task<string> TaskAsync(string status) =>
        $"Task/{(await Server.PostAsync("Task", Given.Task("p", status))).ShouldBe(201).Id}";
}
