using System.Text.Json;
using CareCoordination.Rest.Routing;
using CareCoordination.Server.Hosting;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Audit;

/// <summary>Whatever is asked leaves its row, by whichever row of the table of interactions it is answered, and however it ends.</summary>
public sealed class InteractionRowTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_interaction_leaves_its_row_with_its_outcome(bool isPostgreSql)
    {
        await using var database = await ServerDatabase.NewAsync(isPostgreSql);
        await using var server = await TestServer.StartAsync([.. database.Settings, Trail.BeforeAnswer]);
        await StoreAsync(server);
        var wrong = new List<string>();
        var asked = 0;
        foreach (var row in Composition.Interactions.All)
        {
            foreach (var id in (string[])["there", "nobody"])
            {
                var request = $"r-{asked++}";
                var answer = await SendAsync(server, row, id, request);
                var rows = (await database.RowsOfAsync(request)).Where(r => r.Text("entry") is null).ToList();
                var code = row.Code switch
                {
                    "transaction" => "batch",
                    "search-compartment" => "search-system",
                    _ => row.Code,
                };
                if (
                    rows is not [var told]
                    || told.Text("interaction") != code
                    || told.GetProperty("status").GetInt32() != answer.Status
                )
                    wrong.Add(
                        $"{row.Method} {row.Template} {id}: {answer.Status}, and {string.Join(" and ", rows.Select(r => $"{r.Text("interaction")} {r.Text("status")}"))}"
                    );
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(asked > 100);
        Assert.Empty((await server.VerifyAsync()).Problems);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_interaction_in_a_batch_leaves_the_row_of_its_entry(bool isPostgreSql)
    {
        await using var database = await ServerDatabase.NewAsync(isPostgreSql);
        await using var server = await TestServer.StartAsync([.. database.Settings, Trail.BeforeAnswer]);
        await StoreAsync(server);
        var rows = Composition.Interactions.All.Where(r => r.Bundles != BundleUse.None).ToList();
        // Entries may not depend on each other: what deletes comes by itself.
        var wrong = new List<string>();
        foreach (
            var part in rows.Where(r => r.Method != "DELETE")
                .Chunk(50)
                .Append([.. rows.Where(r => r.Method == "DELETE")])
        )
        {
            var request = Given.Id("batch");
            var answer = (
                await server.PostAsync(
                    "",
                    Given.Batch([
                        .. part.Select(r =>
                            Given.Entry(r.Method, PathOf(r, "there"), r.HasBody ? BodyOf(r, "there") : null)
                        ),
                    ]),
                    $"X-Request-Id: {request}"
                )
            ).ShouldBe(200);
            var told = await database.RowsOfAsync(request, part.Length + 1);
            for (var i = 0; i < part.Length; i++)
            {
                var status = answer.Entries.ElementAt(i).GetProperty("response").GetProperty("status").GetString()![
                    ..3
                ];
                var of = told.Where(r => r.Text("entry") == $"{i + 1}").ToList();
                if (of is not [var row] || row.Text("status") != status)
                    wrong.Add(
                        $"{part[i].Method} {part[i].Template}: {status}, and {string.Join(" and ", of.Select(r => $"{r.Text("interaction")} {r.Text("status")}"))}"
                    );
            }

            Assert.Equal("200", Assert.Single(told, r => r.Text("interaction") == "batch").Text("status"));
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Entries_of_a_transaction_have_their_rows_and_one_that_is_refused_has_one(bool isPostgreSql)
    {
        await using var database = await ServerDatabase.NewAsync(isPostgreSql);
        await using var server = await TestServer.StartAsync([.. database.Settings, Trail.BeforeAnswer]);
        await StoreAsync(server);

        (
            await server.PostAsync(
                "",
                Given.Transaction(
                    Given.Entry("POST", "Observation", Given.Observation("there")),
                    Given.Entry("PUT", "Patient/there", Given.Patient("there", "Anders")),
                    Given.Entry("GET", "Patient/there"),
                    Given.Entry("DELETE", "Basic/there"),
                    Given.Entry("DELETE", "Basic/never")
                ),
                "X-Request-Id: whole"
            )
        ).ShouldBe(200);
        (
            await server.PostAsync(
                "",
                Given.Transaction(
                    Given.Entry("PUT", "Patient/there", Given.Patient("there", "Brown")),
                    Given.Entry("GET", "Patient/nobody/$nothing")
                ),
                "X-Request-Id: refused"
            )
        ).ShouldBe(404);

        var rows = await database.RowsOfAsync("whole", 6);
        Assert.Equal(
            [" transaction 200", "1 create 201", "2 update 200", "3 read 200", "4 delete 204", "5 delete 204"],
            rows.Select(r => $"{r.Text("entry")} {r.Text("interaction")} {r.Text("status")}")
                .Order(StringComparer.Ordinal)
        );
        Assert.All(
            rows.Where(r => r.Text("entry") is "1" or "2" or "3"),
            r => Assert.True(r.Texts("patients").Contains("there") || r.Text("id") == "there")
        );
        var refused = Assert.Single(await database.RowsOfAsync("refused"));
        Assert.Equal("transaction 404", $"{refused.Text("interaction")} {refused.Text("status")}");
        Assert.Empty((await server.VerifyAsync()).Problems);
    }

    [Fact]
    public async Task What_is_refused_before_it_is_an_interaction_has_its_row_too()
    {
        await using var database = await ServerDatabase.NewAsync(isPostgreSql: false);
        await using var server = await TestServer.StartAsync([.. database.Settings, Trail.BeforeAnswer]);

        (await server.GetAsync("Patent/1", "X-Request-Id: a")).ShouldBe(404);
        (await server.GetAsync("Patient/1?_cascade=1", "X-Request-Id: b")).ShouldBe(400);
        (await server.PostAsync("Patient", "{}", "X-Request-Id: c", "Origin: http://evil.example")).ShouldBe(403);

        Assert.Equal(
            ["request 404 -", "read 400 Patient/1", "request 403 -"],
            (await database.TrailAsync()).Select(r =>
                $"{r.Text("interaction")} {r.Text("status")} {(r.Text("type") is { } type ? $"{type}/{r.Text("id")}" : "-")}"
            )
        );
        Assert.All(await database.TrailAsync(), r => Assert.Equal("127.0.0.1", r.Text("address")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_open_server_keeps_rows_of_writes_and_of_nothing_else(bool isPostgreSql)
    {
        await using var database = await ServerDatabase.NewAsync(isPostgreSql);
        await using var server = await TestServer.StartAsync(database.Settings);

        await StoreAsync(server);
        (await server.GetAsync("Patient/there")).ShouldBe(200);
        (await server.GetAsync("Patient?family=x")).ShouldBe(200);
        (await server.GetAsync("Patient/nobody")).ShouldBe(404);
        (await server.PutAsync("Patient/there", Given.Patient("there"))).ShouldBe(200);

        // What changes nothing is no write.
        Assert.Equal(
            ["Patient/there 1", "Observation/there 1", "Basic/there 1"],
            (await database.TrailAsync()).Select(r => $"{r.Text("type")}/{r.Text("id")} {r.Text("version")}")
        );
    }

    private static async Task StoreAsync(TestServer server)
    {
        await server.PutAsync("Patient/there", Given.Patient("there"));
        await server.PutAsync(
            "Observation/there",
            """{"resourceType":"Observation","id":"there","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/there"}}"""
        );
        await server.PutAsync("Basic/there", """{"resourceType":"Basic","id":"there","code":{"text":"x"}}""");
    }

    private static Task<Answer> SendAsync(TestServer server, InteractionDefinition row, string id, string request)
    {
        string[] headers = [$"X-Request-Id: {request}", "Accept: application/fhir+json"];
        var method = new HttpMethod(row.Method);
        if (row.TakesForm)
            return server.SendAsync(
                method,
                PathOf(row, id),
                "_id=there",
                [.. headers, "Content-Type: application/x-www-form-urlencoded"]
            );
        return server.SendAsync(method, PathOf(row, id), row.HasBody ? BodyOf(row, id) : null, headers);
    }

    private static string PathOf(InteractionDefinition row, string id) =>
        row.Template.Replace(
                "{type}",
                row.Template.StartsWith("Patient/", StringComparison.Ordinal) ? "Observation" : row.OnlyType ?? "Basic",
                StringComparison.Ordinal
            )
            .Replace("{id}", id, StringComparison.Ordinal)
            .Replace("{vid}", "1", StringComparison.Ordinal)
        + (row is { Method: "PUT" or "PATCH" or "DELETE", Template: "{type}" } ? "?identifier=urn:x|none" : "");

    private static string BodyOf(InteractionDefinition row, string id) =>
        row switch
        {
            { IsOperation: true } or { Method: "PATCH" } => """{"resourceType":"Parameters"}""",
            { Code: "transaction" } => Given.Batch(Given.Entry("GET", "Patient/there")),
            { Method: "PUT", Template: "{type}/{id}" } =>
                $$$"""{"resourceType":"Basic","id":"{{{id}}}","code":{"text":"{{{id}}} again"}}""",
            _ => """{"resourceType":"Basic","code":{"text":"x"}}""",
        };
}
