using System.Text.RegularExpressions;
using CareCoordination.Access.Roles;
using CareCoordination.Access.Scopes;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Fhir.Budgets;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Rest.Routing;
using CareCoordination.Server.Tests.Kit;
using Microsoft.Extensions.DependencyInjection;

namespace CareCoordination.Server.Tests.Audit;

/// <summary>Patients can be told to whom their data was shown, all of it, and nobody else can ask.</summary>
public sealed partial class DisclosureTests
{
    private const int Patients = 450;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_page_with_many_patients_is_told_to_each_of_them(bool isPostgreSql)
    {
        await using var database = await ServerDatabase.NewAsync(isPostgreSql);
        await using var server = await TestServer.StartAsync([
            .. database.Settings,
            Trail.BeforeAnswer,
            "--Limits:MaxPageSize=1000",
        ]);
        await FillAsync(server);

        (await server.GetAsync("Observation?status=final&_count=1000&_elements=status")).ShouldBe(200);
        (await server.GetAsync("Patient?_count=1000&_summary=count")).ShouldBe(200);

        for (var i = 0; i < Patients; i += 30)
        {
            var told = Assert.Single(await server.AllAsync($"Patient/p{i}/$disclosures"));
            // Of this patient alone: the others on the page are nobody's business here.
            Assert.Equal([$"Patient/p{i}"], Named().Matches(told.GetRawText()).Select(m => m.Value));
            Assert.DoesNotContain("\"query\"", told.GetRawText(), StringComparison.Ordinal);
        }

        var rows = (await database.TrailAsync()).Where(r => r.Text("interaction") == "search-type").ToList();
        Assert.Equal(
            Enumerable.Range(0, Patients).Select(i => $"p{i}").Order(StringComparer.Ordinal),
            rows.SelectMany(r => r.Texts("patients")).Order(StringComparer.Ordinal)
        );
        Assert.Empty((await server.VerifyAsync()).Problems);
    }

    [Theory]
    [InlineData("Patient/me", 1)]
    [InlineData("Patient/me/_history/1", 1)]
    [InlineData("Patient/me/_history", 1)]
    [InlineData("Patient?_id=me", 1)]
    [InlineData("Patient?_id=me&_elements=gender", 1)]
    [InlineData("Patient/me/$everything?_elements=code", 1)]
    [InlineData("Patient/me/Observation", 1)]
    [InlineData("Observation/of-me?_elements=status", 1)]
    [InlineData("Observation/of-me/_history/1?_summary=true", 1)]
    [InlineData("Observation?subject=me&_include=Observation:subject", 1)]
    [InlineData("Task/$worklist?patient=Patient/me&_elements=status", 1)]
    [InlineData("Patient/me/$care-summary", 1)]
    [InlineData("Patient/nobody", 0)]
    [InlineData("Patient?_id=me&_summary=count", 0)]
    [InlineData("Patient?_id=other", 0)]
    [InlineData("Patient/me?_cascade=1", 0)]
    public async Task Whatever_way_the_data_took_it_is_told(string path, int count)
    {
        await using var database = await ServerDatabase.NewAsync(isPostgreSql: false);
        await using var server = await TestServer.StartAsync([.. database.Settings, Trail.BeforeAnswer]);
        await server.PutAsync("Patient/me", Given.Patient("me"));
        await server.PutAsync("Patient/other", Given.Patient("other"));
        await server.PutAsync(
            "Observation/of-me",
            """{"resourceType":"Observation","id":"of-me","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/me"}}"""
        );
        await server.PostAsync("Task", Given.Task("me"));

        await server.GetAsync(path);

        Assert.Equal(count, (await server.AllAsync("Patient/me/$disclosures")).Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Pages_and_times_join_without_a_gap(bool isPostgreSql)
    {
        await using var database = await ServerDatabase.NewAsync(isPostgreSql);
        await using var server = await TestServer.StartAsync([.. database.Settings, Trail.BeforeAnswer]);
        await server.PutAsync("Patient/me", Given.Patient("me"));
        for (var i = 0; i < 25; i++)
            await server.GetAsync("Patient/me", $"X-Request-Id: r{i}");

        foreach (var count in (int[])[1, 7, 24, 25, 26, 100])
        {
            var told = await server.AllAsync($"Patient/me/$disclosures?_count={count}");
            // Looking at them is told too, but for the pages that are being looked at.
            var reads = told.Where(t => t.GetProperty("action").GetString() == "R").ToList();
            Assert.Equal(25, reads.Count);
            Assert.Equal(25, reads.Select(r => r.GetProperty("id").GetString()).Distinct().Count());
        }

        var day = TimeProvider
            .System.GetUtcNow()
            .ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        Assert.NotEmpty(await server.AllAsync($"Patient/me/$disclosures?start={day}&end={Given.Days(1)[..10]}"));
        Assert.Empty(await server.AllAsync("Patient/me/$disclosures?end=2020-01-01"));
        Assert.Empty(await server.AllAsync($"Patient/me/$disclosures?start={Given.Days(2)}"));
        (await server.GetAsync("Patient/nobody/$disclosures")).ShouldBe(404);
    }

    [Fact]
    public async Task Only_auditors_see_the_trail_and_only_patients_themselves_what_was_shown_of_them()
    {
        await using var server = await TestServer.OnSqliteAsync(Trail.BeforeAnswer);
        await server.PutAsync("Patient/me", Given.Patient("me"));
        await server.GetAsync("Patient/me");
        var scopes = ScopeSet.Parse("user/*.rs");
        var auditor = Caller.User("a") with
        {
            Roles = [CareRole.Auditor],
            Person = new("Practitioner", "a"),
            Scopes = scopes,
        };
        var manager = auditor with { Subject = "m", Roles = [CareRole.CareManager], Person = new("Practitioner", "m") };
        var me = auditor with { Subject = "p", Roles = [CareRole.Patient], Person = new("Patient", "me") };
        var other = me with { Person = new("Patient", "other") };

        foreach (var caller in (Caller[])[manager, me, other, Caller.Program("x")])
        {
            Assert.Equal(403, (await AskAsync(server, caller, "AuditEvent/audit-1")).Status);
            Assert.DoesNotContain(
                "audit-",
                TextOf(await AskAsync(server, caller, "AuditEvent")),
                StringComparison.Ordinal
            );
        }

        Assert.Equal(200, (await AskAsync(server, auditor, "AuditEvent/audit-1")).Status);
        Assert.Contains("\"audit-1\"", TextOf(await AskAsync(server, auditor, "AuditEvent")), StringComparison.Ordinal);
        const string Mine = "Patient/me/$disclosures";
        Assert.Equal(200, (await AskAsync(server, me, Mine)).Status);
        Assert.Equal(200, (await AskAsync(server, auditor, Mine)).Status);
        Assert.Equal(403, (await AskAsync(server, other, Mine)).Status);
        Assert.Equal(403, (await AskAsync(server, manager, Mine)).Status);
        // What patients look at themselves is not told to them.
        Assert.DoesNotContain("\"user p\"", TextOf(await AskAsync(server, me, Mine)), StringComparison.Ordinal);
        Assert.Contains("\"user a\"", TextOf(await AskAsync(server, me, Mine)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_tells_all_that_is_known_of_the_caller()
    {
        await using var server = await TestServer.OnSqliteAsync(Trail.BeforeAnswer);
        await server.PutAsync(
            "Patient/me",
            """{"resourceType":"Patient","id":"me","managingOrganization":{"reference":"Organization/north"}}"""
        );
        var caller = Caller.User("anna") with
        {
            Scopes = ScopeSet.Parse("user/*.rs"),
            Roles = [CareRole.CareManager, CareRole.Lead],
            Person = new("Practitioner", "anna"),
            Client = "app-1",
            Organization = "north",
            Purpose = "TREAT",
            Origin = new RequestOrigin("r1", "10.1.2.3"),
        };

        await AskAsync(server, caller, "Patient/me");

        var told = Assert
            .Single(await server.AllAsync("AuditEvent?agent=Practitioner/anna&patient=Patient/me"))
            .GetRawText();
        foreach (
            var part in (string[])
                [
                    "\"user anna\"",
                    "\"care-manager\"",
                    "\"lead\"",
                    "\"altId\":\"app-1\"",
                    "\"Organization/north\"",
                    "\"TREAT\"",
                    "\"10.1.2.3\"",
                ]
        )
            Assert.Contains(part, told, StringComparison.Ordinal);
        Assert.Single(await server.AllAsync("AuditEvent?address=10.1.2.3"));
        Assert.Single(await server.AllAsync("AuditEvent?agent-name=user%20anna"));
        Assert.Single(await server.AllAsync("AuditEvent?agent=Practitioner/anna&action=R&outcome=0"));
        Assert.Empty(await server.AllAsync("AuditEvent?agent=Practitioner/bert"));
    }

    private static async Task<FhirResponse> AskAsync(TestServer server, Caller caller, string url)
    {
        var request = new InteractionRequest { BaseUrl = server.Base, Budget = new WorkBudget() };
        Assert.True(
            server
                .Services.GetRequiredService<InteractionRouter>()
                .Route("GET", url, request)
                .TryGet(out var routed, out _)
        );
        return await server
            .Services.GetRequiredService<CareSessions>()
            .SendAsync(caller, routed.Interaction, TestContext.Current.CancellationToken);
    }

    private static string TextOf(FhirResponse response) =>
        System.Text.Encoding.UTF8.GetString(response.Body!.ToUtf8Json().Span);

    [GeneratedRegex("Patient/[A-Za-z0-9]+", RegexOptions.None, 1000)]
    private static partial Regex Named();

    private static async Task FillAsync(TestServer server)
    {
        foreach (var part in Enumerable.Range(0, Patients).Chunk(100))
            (
                await server.PostAsync(
                    "",
                    Given.Transaction([
                        .. part.SelectMany(i =>
                            (string[])
                                [
                                    Given.Entry("PUT", $"Patient/p{i}", Given.Patient($"p{i}")),
                                    Given.Entry("POST", "Observation", Given.Observation($"p{i}")),
                                ]
                        ),
                    ])
                )
            ).ShouldBe(200);
    }
}
