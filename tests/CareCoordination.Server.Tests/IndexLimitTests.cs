using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests;

/// <summary>A resource that searches would find by too many values is refused at every door, before anything is stored.</summary>
public abstract class IndexLimitTests(SharedServer shared) : ServerTests(shared)
{
    private const string Refused =
        "Search may find a resource by at most 10000 values, and this Observation has more, most of them for 'code-value-concept'. Divide it into several resources.";

    private readonly string _id = Given.Id("o");

    public sealed class OnSqlite(SqliteServer shared) : IndexLimitTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : IndexLimitTests(shared);

    [Theory]
    [InlineData(200, 200)]
    [InlineData(1000, 1000)]
    [InlineData(2, 6000)]
    public async Task A_create_and_an_update_are_refused(int codes, int values)
    {
        var observation = Observation(codes, values);

        (await Server.PostAsync("Observation", observation)).ShouldRefuse(422, $"error too-costly: {Refused}");
        (await Server.PutAsync($"Observation/{_id}", observation)).ShouldRefuse(422, $"error too-costly: {Refused}");
        Assert.Equal(404, (await Server.GetAsync($"Observation/{_id}")).Status);
    }

    [Fact]
    public async Task A_patch_is_refused()
    {
        (await Server.PutAsync($"Observation/{_id}", Observation(200, 1))).ShouldBe(201);

        var patch = $$"""[{"op":"replace","path":"/valueCodeableConcept","value":{{Concept("v", 200)}}}]""";
        (await Server.PatchAsync($"Observation/{_id}", patch)).ShouldRefuse(422, $"error too-costly: {Refused}");

        Assert.Equal("W/\"1\"", (await Server.GetAsync($"Observation/{_id}")).ETag);
    }

    [Fact]
    public async Task An_entry_of_a_batch_is_refused_alone_and_a_transaction_whole()
    {
        var entries = new[]
        {
            Given.Entry("PUT", $"Patient/{_id}", Given.Patient(_id)),
            Given.Entry("PUT", $"Observation/{_id}", Observation(200, 200)),
        };

        (await Server.PostAsync("", Given.Transaction(entries))).ShouldRefuse(
            422,
            $"error too-costly Bundle.entry[1]: {Refused}"
        );
        Assert.Equal(404, (await Server.GetAsync($"Patient/{_id}")).Status);

        var batch = (await Server.PostAsync("", Given.Batch(entries))).ShouldBe(200);
        Assert.Equal(
            ["201 Created", "422 Unprocessable Content"],
            batch.Entries.Select(e => e.GetProperty("response").GetProperty("status").GetString())
        );
        Assert.Equal(404, (await Server.GetAsync($"Observation/{_id}")).Status);
    }

    [Fact]
    public async Task Validation_says_so()
    {
        var answer = (await Server.PostAsync("Observation/$validate", Observation(200, 200))).ShouldBe(200);

        Assert.Contains($"error too-costly: {Refused}", answer.Issues);
    }

    [Fact]
    public async Task What_has_just_as_many_is_stored_and_found_by_each()
    {
        (await Server.PutAsync($"Observation/{_id}", Observation(60, 70))).ShouldBe(201);

        foreach (var (code, value) in ((int, int)[])[(0, 0), (59, 69), (30, 1)])
            Assert.Equal(
                [_id],
                (await Server.GetAsync($"Observation?_id={_id}&code-value-concept=c{code}$v{value}")).ShouldBe(200).Ids
            );
        Assert.Empty((await Server.GetAsync($"Observation?_id={_id}&code-value-concept=c60$v1")).ShouldBe(200).Ids);
    }

    private string Observation(int codes, int values) =>
        $$"""
            {"resourceType":"Observation","id":"{{_id}}","status":"final",
            "code":{{Concept("c", codes)}},"valueCodeableConcept":{{Concept("v", values)}}}
            """;

    private static string Concept(string prefix, int codings) =>
        $$"""{"coding":[{{string.Join(
            ',',
            Enumerable.Range(0, codings).Select(i => $$"""{"system":"urn:s","code":"{{prefix}}{{i}}"}""")
        )}}]}""";
}
