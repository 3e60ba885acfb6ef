using System.Globalization;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests;

/// <summary>https://hl7.org/fhir/R4/http.html#history</summary>
public abstract class HistoryTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class OnSqlite(SqliteServer shared) : HistoryTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : HistoryTests(shared);

    [Fact]
    public async Task Of_an_instance_has_every_version_newest_first()
    {
        var id = Given.Id();
        await Server.PutAsync($"Patient/{id}", Given.Patient(id));
        await Server.PutAsync($"Patient/{id}", Given.Patient(id, "Okafor"));
        await Server.DeleteAsync($"Patient/{id}");

        var history = (await Server.GetAsync($"Patient/{id}/_history")).ShouldBe(200);

        Assert.Equal("history", history.Text("type"));
        Assert.Equal("3", history.Text("total"));
        Assert.Equal($"{Server.Base}/Patient/{id}/_history?_count=50", history.Link("self"));
        Assert.Null(history.Link("next"));
        Assert.Equal(
            [
                $"DELETE Patient/{id} 204 No Content W/\"3\" -",
                $"PUT Patient/{id} 200 OK W/\"2\" 2",
                "POST Patient 201 Created W/\"1\" 1",
            ],
            history.Entries.Select(e =>
            {
                Assert.Equal($"{Server.Base}/Patient/{id}", e.GetProperty("fullUrl").GetString());
                var (request, response) = (e.GetProperty("request"), e.GetProperty("response"));
                var version = e.TryGetProperty("resource", out var r)
                    ? r.GetProperty("meta").GetProperty("versionId").GetString()
                    : "-";
                return $"{request.GetProperty("method")} {request.GetProperty("url")} {response.GetProperty("status")} {response.GetProperty("etag")} {version}";
            })
        );
    }

    [Fact]
    public async Task Of_what_never_was_is_not_found()
    {
        var id = Given.Id();
        (await Server.GetAsync($"Patient/{id}/_history")).ShouldRefuse(
            404,
            $"error not-found: There is no Patient/{id}, and there never was."
        );
    }

    [Fact]
    public async Task Has_a_total_of_one_resource_and_of_more_where_it_is_asked_for()
    {
        var id = Given.Id();
        await Server.PutAsync($"Patient/{id}", Given.Patient(id));
        await Server.PutAsync($"Patient/{id}", Given.Patient(id, "Okafor"));

        Assert.Equal("2", (await Server.GetAsync($"Patient/{id}/_history?_count=1")).ShouldBe(200).Text("total"));
        foreach (var path in (string[])["Patient/_history", "_history"])
        {
            Assert.Null((await Server.GetAsync($"{path}?_count=1")).ShouldBe(200).Text("total"));
            Assert.Null((await Server.GetAsync($"{path}?_count=1&_total=none")).ShouldBe(200).Text("total"));
            var counted = (await Server.GetAsync($"{path}?_count=1&_total=accurate")).ShouldBe(200);
            Assert.InRange(int.Parse(counted.Text("total")!, CultureInfo.InvariantCulture), 2, int.MaxValue);
            Assert.Contains("&_total=accurate&", counted.Link("next"), StringComparison.Ordinal);
            Assert.NotNull((await Server.GetAsync($"{path}?_count=1&_total=estimate")).ShouldBe(200).Text("total"));
        }

        (await Server.GetAsync("_history?_total=many")).ShouldRefuse(
            400,
            "error value: '_total' is none, estimate or accurate."
        );
    }

    [Fact]
    public async Task Pages_neither_repeat_nor_miss()
    {
        var id = Given.Id();
        for (var n = 0; n < 7; n++)
            await Server.PutAsync($"Patient/{id}", Given.Patient(id, $"Family{n}"));

        var versions = new List<string>();
        for (string? url = $"Patient/{id}/_history?_count=3"; url is not null; )
        {
            var page = (await Server.GetAsync(url)).ShouldBe(200);
            versions.AddRange(page.Resources.Select(r => r.GetProperty("meta").GetProperty("versionId").GetString()!));
            url = page.Link("next");
        }

        Assert.Equal(["7", "6", "5", "4", "3", "2", "1"], versions);
    }

    [Fact]
    public async Task Of_a_type_and_of_the_system_begin_with_the_latest_change()
    {
        var id = Given.Id();
        await Server.PutAsync($"Basic/{id}", $$$"""{"resourceType":"Basic","id":"{{{id}}}","code":{"text":"x"}}""");

        var type = (await Server.GetAsync("Basic/_history?_count=1000")).ShouldBe(200);
        var system = (await Server.GetAsync("_history?_count=1000")).ShouldBe(200);

        Assert.Contains(id, type.Ids);
        Assert.Contains(id, system.Ids);
        Assert.All(type.Resources, r => Assert.Equal("Basic", r.GetProperty("resourceType").GetString()));
    }

    [Fact]
    public async Task Since_leaves_out_what_is_older()
    {
        var id = Given.Id();
        await Server.PutAsync($"Patient/{id}", Given.Patient(id));
        await Task.Delay(20);
        var second = await Server.PutAsync($"Patient/{id}", Given.Patient(id, "Okafor"));
        var time = second.Json.GetProperty("meta").GetProperty("lastUpdated").GetString();

        var history = (await Server.GetAsync($"Patient/{id}/_history?_since={time}")).ShouldBe(200);

        Assert.Equal(["2"], history.Resources.Select(r => r.GetProperty("meta").GetProperty("versionId").GetString()));
    }

    [Theory]
    [InlineData("_since=soon", "error value: _since is no instant: write 2026-03-01T10:00:00Z.")]
    [InlineData(
        "_at=soon",
        "error value: '_at' starts with an unknown prefix; use eq, ne, gt, lt, ge, le, sa, eb, ap or none."
    )]
    [InlineData("_count=-1", "error value: _count is a whole number from 1.")]
    [InlineData(
        "name=x",
        "error not-supported: The parameter 'name' is not known here. Prefer: handling=lenient leaves it out."
    )]
    [InlineData(
        "_cursor=AAAA",
        "error value: The page link is damaged or belongs to another query: follow next links as they are, or start again from the first page."
    )]
    public async Task Refuses_parameters_that_it_cannot_follow(string query, string issue) =>
        (await Server.GetAsync($"Patient/_history?{query}")).ShouldRefuse(400, issue);
}
