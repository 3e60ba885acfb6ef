using System.Security.Cryptography;
using System.Text;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Operations;

/// <summary>Idempotency-Key: what it stands for, and that nobody but the server has to do with what is remembered.</summary>
public abstract class IdempotencyTests(SharedServer shared) : ServerTests(shared)
{
    private const string Refusal =
        "error business-rule: This Idempotency-Key was used for another request: give every request a key of its own.";

    public sealed class OnSqlite(SqliteServer shared) : IdempotencyTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : IdempotencyTests(shared);

    /// <summary>A request, and another one that must not be taken for it.</summary>
    public static TheoryData<string, string?, string, string?> Others =>
        new()
        {
            { "$hold?reason=first", null, "$hold?reason=SECOND", null },
            { "$hold?reason=first", null, "$hold", null },
            { "$hold?reason=first", null, "$hold?reason=first&_format=json", null },
            { "$hold?reason=first", null, "$hold", Ask.Parameters(Ask.Text("reason", "first")) },
            { "$hold", Ask.Parameters(Ask.Text("reason", "a")), "$hold", Ask.Parameters(Ask.Text("reason", "b")) },
            { "$hold?reason=first", null, "$fail?reason=first", null },
            { "$hold?reason=first", null, "$cancel?reason=first", null },
        };

    [Theory]
    [MemberData(nameof(Others))]
    public async Task Another_request_with_the_same_key_is_refused_and_does_nothing(
        string first,
        string? firstBody,
        string second,
        string? secondBody
    )
    {
        var task = await TaskAsync("accepted");
        var key = Key();
        var held = (await Server.SendAsync(HttpMethod.Post, $"{task}/{first}", firstBody, key)).ShouldBe(200);

        (await Server.SendAsync(HttpMethod.Post, $"{task}/{second}", secondBody, key)).ShouldRefuse(422, Refusal);

        Assert.Equal(held.Body, (await Server.GetAsync(task)).Body);
        var replay = await Server.SendAsync(HttpMethod.Post, $"{task}/{first}", firstBody, key);
        Assert.Equal((200, held.Body), (replay.Status, replay.Body));
    }

    [Fact]
    public async Task The_same_request_for_another_resource_is_another_request()
    {
        var (task, other) = (await TaskAsync("accepted"), await TaskAsync("accepted"));
        var key = Key();
        (await Server.SendAsync(HttpMethod.Post, $"{task}/$start", (string?)null, key)).ShouldBe(200);

        (await Server.SendAsync(HttpMethod.Post, $"{other}/$start", (string?)null, key)).ShouldRefuse(422, Refusal);
        Assert.Equal("accepted", await Server.StatusOfAsync(other));
    }

    [Fact]
    public async Task What_is_remembered_is_no_resource()
    {
        var task = await TaskAsync("accepted");
        var (value, before) = (
            Given.Id(),
            (await Server.GetAsync("Basic?_summary=count")).Json.GetProperty("total").GetInt32()
        );

        (
            await Server.SendAsync(HttpMethod.Post, $"{task}/$start", (string?)null, $"Idempotency-Key: {value}")
        ).ShouldBe(200);

        Assert.Equal(before, (await Server.GetAsync("Basic?_summary=count")).Json.GetProperty("total").GetInt32());
        (await Server.GetAsync($"Basic/{FormerRecord(value)}")).ShouldBe(404);
    }

    [Theory]
    [InlineData("{\"resourceType\":\"Basic\",\"id\":\"ID\",\"code\":{\"text\":\"x\"}}")]
    [InlineData(
        "{\"resourceType\":\"Basic\",\"id\":\"ID\",\"extension\":[{\"url\":\"https://carecoordination.example/fhir/StructureDefinition/request-digest\",\"valueString\":\"0\"}],\"code\":{\"text\":\"x\"},\"subject\":{\"reference\":\"Task/1/_history/1\"}}"
    )]
    public async Task A_forged_record_changes_nothing(string forged)
    {
        var task = await TaskAsync("accepted");
        var value = Given.Id();
        var record = $"Basic/{FormerRecord(value)}";
        (await Server.PutAsync(record, forged.Replace("ID", record[6..], StringComparison.Ordinal))).ShouldBe(201);

        var first = await Server.SendAsync(
            HttpMethod.Post,
            $"{task}/$start",
            (string?)null,
            $"Idempotency-Key: {value}"
        );
        (await Server.DeleteAsync(record)).ShouldBe(204);
        var replay = await Server.SendAsync(
            HttpMethod.Post,
            $"{task}/$start",
            (string?)null,
            $"Idempotency-Key: {value}"
        );

        Assert.Equal((200, 200, first.Body), (first.Status, replay.Status, replay.Body));
        Assert.Equal("W/\"2\"", (await Server.GetAsync(task)).ETag);
    }

    private static string Key() => $"Idempotency-Key: {Given.Id()}";

    /// <summary>Where records were that clients could reach.</summary>
    private static string FormerRecord(string key) =>
        $"idempotency-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..48]}";

    private async Task<string> TaskAsync(string status) =>
        $"Task/{(await Server.PostAsync("Task", Given.Task("p", status))).ShouldBe(201).Id}";
}
