using CareCoordination.Application.Requests;
using CareCoordination.Rest.Http;
using CareCoordination.Server.Tests.Kit;
using Microsoft.Extensions.DependencyInjection;

namespace CareCoordination.Server.Tests.Access;

/// <summary>A view has rows of what its caller finds by a search, and of nothing else; and not everybody runs views.</summary>
public sealed class ViewAccessTests
{
    private static readonly string[] Types = ["Patient", "Observation", "Task", "Organization", "Questionnaire"];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rows_are_of_what_the_caller_finds(bool isPostgreSql)
    {
        await using var database = await AccessWorld.NewDatabaseAsync(isPostgreSql);
        await using var server = await TestServer.StartAsync(database.Settings, add: AccessCallers.AskedByHeader);
        var compared = 0;

        foreach (var name in AccessCallers.All.Keys)
        {
            foreach (var type in Types)
            {
                if (await RunOfAsync(server, name, type) is not { } rows)
                    continue;
                Assert.Equal(await SearchedAsync(server, name, type), rows);
                compared++;
            }
        }

        Assert.InRange(compared, 50, 500);
    }

    [Theory]
    [InlineData("patient")]
    [InlineData("daughter")]
    [InlineData("partner")]
    [InlineData("hospital")]
    [InlineData("auditor")]
    [InlineData("no role")]
    public async Task Who_does_not_work_with_tables_runs_no_view(string name)
    {
        await using var server = await TestServer.OnSqliteAsync(TimeProvider.System, AccessCallers.AskedByHeader, []);

        (await server.GetAsync("ViewDefinition/task/$run", Header(name))).ShouldBe(403);
        (
            await server.GetAsync(
                "$sql-run?subjectCanonical=https://carecoordination.example/fhir/ViewDefinition/task",
                Header(name)
            )
        ).ShouldBe(403);
    }

    [Fact]
    public async Task A_director_who_sees_no_record_is_told_so()
    {
        await using var server = await TestServer.OnSqliteAsync(TimeProvider.System, AccessCallers.AskedByHeader, []);

        (await server.GetAsync("ViewDefinition/task/$run", Header("director"))).ShouldBe(403);
        (await server.GetAsync("ViewDefinition/practitioner-role/$run", Header("director"))).ShouldBe(200);
    }

    /// <summary>The ids in the rows; null where the caller may not ask.</summary>
    private static async Task<List<string>?> RunOfAsync(TestServer server, string name, string type)
    {
        var answer = await server.PostAsync(
            "$sql-run?_format=json",
            $$$"""{"resourceType":"Parameters","parameter":[{"name":"subjectResource","resource":{"resource":"{{{type}}}","select":[{"column":[{"name":"id","path":"id"}]}]} }]}""",
            Header(name)
        );
        if (answer.Status == 403)
            return null;
        return
        [
            .. answer
                .ShouldBe(200)
                .Json.EnumerateArray()
                .Select(row => row.GetProperty("id").GetString()!)
                .Order(StringComparer.Ordinal),
        ];
    }

    private static async Task<List<string>> SearchedAsync(TestServer server, string name, string type)
    {
        var ids = new List<string>();
        for (string? next = $"{type}?_count=100"; next is not null; )
        {
            var page = (await server.GetAsync(next, Header(name))).ShouldBe(200);
            ids.AddRange(
                page.Entries.Where(e => e.TryGetProperty("fullUrl", out _))
                    .Select(e => e.GetProperty("resource").GetProperty("id").GetString()!)
            );
            next = page.Link("next");
        }

        // Views are of what is stored: what the server is the source of is in no table.
        return [.. ids.Where(id => type != "Questionnaire" || id == "q").Order(StringComparer.Ordinal)];
    }

    private static string Header(string caller) => $"{AccessCallers.Header}: {caller}";
}
