using CareCoordination.Server.Hosting;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Definitions;

/// <summary>What the server itself is the source of is read and searched as what is stored, and stays as it is.</summary>
public abstract class BuiltInTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class OnSqlite(SqliteServer shared) : BuiltInTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : BuiltInTests(shared);

    public static TheoryData<string> Keys =>
        ["OperationDefinition/Task-claim", "SearchParameter/Task-due", "Device/carecoordination"];

    /// <summary>Searches that find one, and what they find.</summary>
    public static TheoryData<string, string> Searches =>
        new()
        {
            { "OperationDefinition?code=claim", "Task-claim" },
            { "OperationDefinition?name=taskclaim", "Task-claim" },
            { "OperationDefinition?system=true&kind=operation&code=reindex", "System-reindex" },
            { "OperationDefinition?_id=Task-claim,nobody", "Task-claim" },
            {
                "OperationDefinition?instance=true&base:missing=false&code=apply&_id=PlanDefinition-apply",
                "PlanDefinition-apply"
            },
            { "SearchParameter?code=due&base=Task", "Task-due" },
            { "Device?device-name=CareCoordination", "carecoordination" },
        };

    [Theory, MemberData(nameof(Keys))]
    public async Task It_is_read_and_nobody_overwrites_it(string key)
    {
        var own = (await Server.GetAsync(key)).ShouldBe(200);
        var refusal = $"error business-rule: {key} is a part of this server and stays as it is: choose another id.";

        (await Server.PutAsync(key, own.Body)).ShouldRefuse(422, refusal);
        (await Server.DeleteAsync(key)).ShouldRefuse(422, refusal);
        var batch = (await Server.PostAsync("", Given.Batch(Given.Entry("PUT", key, own.Body)))).ShouldBe(200);
        Assert.StartsWith(
            "422",
            batch.Entries.Single().GetProperty("response").GetProperty("status").GetString(),
            StringComparison.Ordinal
        );
        (await Server.PostAsync("", Given.Transaction(Given.Entry("PUT", key, own.Body)))).ShouldBe(422);

        Assert.Equal(own.Body, (await Server.GetAsync(key)).ShouldBe(200).Body);
    }

    [Theory, MemberData(nameof(Searches))]
    public async Task It_is_found(string search, string id)
    {
        var found = (await Server.GetAsync($"{search}&_total=accurate")).ShouldBe(200);

        Assert.Contains(id, found.Ids);
        Assert.Equal(1, found.Ids.Count(i => i == id));
        Assert.Equal(
            $"{Server.Base}/{search.Split('?')[0]}/{id}",
            found
                .Entries.First(e => e.GetProperty("resource").GetProperty("id").GetString() == id)
                .GetProperty("fullUrl")
                .GetString()
        );
        Assert.Equal(found.Ids.Count(), found.Json.GetProperty("total").GetInt32());
        Assert.Equal(
            found.Json.GetProperty("total").GetInt32(),
            (await Server.GetAsync($"{search}&_summary=count")).Json.GetProperty("total").GetInt32()
        );
    }

    [Fact]
    public async Task Its_canonical_finds_it()
    {
        var url = (await Server.GetAsync("OperationDefinition/Task-start")).Text("url")!;

        Assert.Equal(
            ["Task-start"],
            (await Server.GetAsync($"OperationDefinition?url={Uri.EscapeDataString(url)}")).Ids
        );
    }

    [Fact]
    public async Task All_operations_are_found_once_before_what_is_stored()
    {
        var id = Given.Id();
        (
            await Server.PutAsync(
                $"OperationDefinition/{id}",
                $$"""{"resourceType":"OperationDefinition","id":"{{id}}","name":"Own","status":"draft","kind":"operation","code":"own","system":true,"type":false,"instance":false}"""
            )
        ).ShouldBe(201);

        var ids = new List<string>();
        for (var next = "OperationDefinition?_count=1"; next is not null; )
        {
            var page = (await Server.GetAsync(next)).ShouldBe(200);
            ids.AddRange(page.Ids);
            next = page.Link("next");
        }

        Assert.Equal(ids.Distinct(), ids);
        Assert.Equal(
            Composition.Operations.All.Select(o => o.Id).Order(StringComparer.Ordinal),
            ids.Take(Composition.Operations.All.Length)
        );
        Assert.Contains(id, ids);
    }

    [Fact]
    public async Task What_rests_on_more_than_itself_does_not_find_it()
    {
        Assert.DoesNotContain(
            "Task-claim",
            (await Server.GetAsync("OperationDefinition?_lastUpdated=gt2000-01-01&_count=500")).ShouldBe(200).Ids
        );
        Assert.Empty((await Server.GetAsync("OperationDefinition?code=claim&status=retired")).Ids);
    }

    [Theory]
    [InlineData("GET", "Parameters")]
    [InlineData("GET", "Parameters/1")]
    [InlineData("PUT", "Parameters/1")]
    [InlineData("POST", "Parameters")]
    [InlineData("GET", "Parameters/1/_history/1")]
    public async Task Parameters_are_never_stored(string method, string address)
    {
        (
            await Server.SendAsync(
                new HttpMethod(method),
                address,
                method == "GET" ? null : """{"resourceType":"Parameters","id":"1","parameter":[{"name":"x"}]}"""
            )
        ).ShouldRefuse(
            404,
            "error not-supported: Parameters is sent to operations and answered by them; it is never stored, read or searched."
        );
    }
}
