using CareCoordination.Application.Requests;
using CareCoordination.Rest.Http;
using CareCoordination.Server.Tests.Access;
using CareCoordination.Server.Tests.Kit;
using Microsoft.Extensions.DependencyInjection;

namespace CareCoordination.Server.Tests.Exports;

/// <summary>
/// Who may export, and what: of whoever sees a part of what is stored exactly what their searches show, and of those who look at nobody
/// one by one what they are given in bulk. docs/access.md
/// </summary>
public abstract class ExportAccessTests(bool isPostgreSql) : IAsyncLifetime
{
    private ServerDatabase _database = null!;
    private TestServer _server = null!;

    public sealed class OnSqlite() : ExportAccessTests(isPostgreSql: false);

    public sealed class OnPostgreSql() : ExportAccessTests(isPostgreSql: true);

    public async ValueTask InitializeAsync()
    {
        _database = await AccessWorld.NewDatabaseAsync(isPostgreSql);
        _server = await TestServer.StartAsync(
            [
                .. _database.Settings,
                $"--Exports:Folder={Path.Combine(_database.Folder, "exports")}",
                "--Exports:MaxRunning=20",
                "--Audit:Reads=BeforeAnswer",
            ],
            add: AccessCallers.AskedByHeader
        );
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _server.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Theory]
    [InlineData("lead")]
    [InlineData("supervisor")]
    [InlineData("vendor of north")]
    public async Task What_is_exported_is_what_searches_show(string caller)
    {
        // Before it begins: the Task of the export itself names who asked.
        var found = new Dictionary<string, List<string>>();
        foreach (
            var type in (string[])
                [
                    "Patient",
                    "Observation",
                    "Task",
                    "CarePlan",
                    "EpisodeOfCare",
                    "Consent",
                    "Practitioner",
                    "Organization",
                ]
        )
            found[type] = await FoundAsync(type, caller);

        var exported = await _server.ExportAsync("$export", As(caller));

        Assert.All(found, of => Assert.Equal(of.Value, exported.KeysOf(of.Key)));
        Assert.NotEmpty(exported.KeysOf("Observation"));
        Assert.True(exported.KeysOf("Patient").Count() < AccessWorld.Patients);
        // Not a single resource is in it that a search of its type would not have shown.
        foreach (var type in exported.Types)
            Assert.Empty(exported.KeysOf(type).Except(await FoundAsync(type, caller)));
    }

    [Fact]
    public async Task Of_patients_a_limited_caller_exports_those_whom_they_see()
    {
        var exported = await _server.ExportAsync("Patient/$export", As("lead"));

        Assert.Equal(await FoundAsync("Patient", "lead"), exported.KeysOf("Patient"));
        Assert.Empty(exported.KeysOf("Practitioner"));
    }

    [Fact]
    public async Task Analytics_export_everybody_but_for_what_is_sensitive_or_denied_and_search_nothing()
    {
        (await _server.GetAsync("Patient", As("analytics"))).ShouldBe(403);

        var exported = await _server.ExportAsync("$export", As("analytics"));

        // p6 has denied it to everybody but one.
        Assert.Equal(["Patient/p6"], (await FoundAsync("Patient", null)).Except(exported.KeysOf("Patient")));
        var all = await FoundAsync("Observation", null);
        Assert.NotEmpty(exported.KeysOf("Observation"));
        Assert.True(exported.KeysOf("Observation").Count() < all.Count);
        foreach (
            var sensitive in exported.Resources.Where(r =>
                r.GetRawText().Contains("\"code\":\"V\"", StringComparison.Ordinal)
            )
        )
            Assert.Fail(sensitive.GetRawText());
        Assert.DoesNotContain("Binary/bytes", exported.Keys);
    }

    [Theory]
    [InlineData("manager")]
    [InlineData("assistant")]
    [InlineData("director")]
    [InlineData("patient")]
    [InlineData("hospital")]
    [InlineData("auditor")]
    public async Task Those_who_may_not_export_are_told_who_may(string caller)
    {
        foreach (var path in (string[])["$export", "Patient/$export", "Group/g/$export"])
        {
            var answer = await _server.GetAsync(path, ExportKit.Async, As(caller));

            Assert.Equal(403, answer.Status);
            Assert.Contains(
                "$export is for analytics, ehr-system, lead, supervisor",
                answer.Body,
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public async Task A_type_of_which_nothing_may_be_seen_is_refused_by_its_name()
    {
        var answer = await _server.GetAsync("$export?_type=Patient,AuditEvent", ExportKit.Async, As("lead"));

        answer.ShouldRefuse(403, "error forbidden: In the role lead nobody may search AuditEvent.");
    }

    [Fact]
    public async Task A_patient_or_a_group_out_of_sight_is_as_one_that_is_not_there()
    {
        var hidden = (await FoundAsync("Patient", null)).Except(await FoundAsync("Patient", "lead")).First();
        (
            await _server.PostAsync(
                "Patient/$export",
                Ask.Parameters(Ask.Reference("patient", hidden)),
                ExportKit.Async,
                As("lead")
            )
        ).ShouldRefuse(404, $"error not-found: There is no {hidden} whom you may see.");
        await _server.PutAsync(
            "Group/hidden",
            $$$"""{"resourceType":"Group","id":"hidden","type":"person","actual":true,"member":[{"entity":{"reference":"{{{hidden}}}"}}]}"""
        );

        (await _server.GetAsync("Group/hidden/$export", ExportKit.Async, As("lead"))).ShouldRefuse(
            404,
            "error not-found: There is no Group/hidden that you may see, or it was deleted."
        );
    }

    [Fact]
    public async Task Nobody_else_looks_at_an_export_or_gives_it_up()
    {
        var status = await _server.BeginAsync("$export?_type=Patient", As("lead"));
        (await _server.EndAsync(status, As("lead"))).ShouldBe(200);

        foreach (var other in (string[])["supervisor", "analytics", "vendor of north", "manager"])
        {
            (await _server.GetAsync(status, As(other))).ShouldBe(404);
            (await _server.DeleteAsync(status, As(other))).ShouldBe(404);
        }

        (await _server.GetAsync(status, As("lead"))).ShouldBe(200);
        (await _server.DeleteAsync(status, As("lead"))).ShouldBe(202);
    }

    [Fact]
    public async Task A_program_that_only_reads_gives_up_what_it_asked_for()
    {
        var status = await _server.BeginAsync("$export?_type=Patient", As("analytics"));
        (await _server.EndAsync(status, As("analytics"))).ShouldBe(200);

        (await _server.DeleteAsync(status, As("analytics"))).ShouldBe(202);
        (await _server.GetAsync(status, As("analytics"))).ShouldBe(404);
    }

    [Fact]
    public async Task The_trail_says_who_asked_and_who_was_given_the_files()
    {
        var exported = await _server.ExportAsync("$export?_type=Patient", As("analytics"));

        var rows = await _database.TrailAsync();
        // Each patient finds it among their disclosures.
        Assert.Contains(
            rows,
            row =>
                row.GetProperty("interaction").GetString() == "$export"
                && row.TryGetProperty("patients", out var patients)
                && patients.EnumerateArray().Any(p => p.GetString() == "p1")
        );
        Assert.Contains(
            rows,
            row =>
                row.GetRawText().Contains("$export", StringComparison.Ordinal)
                && row.GetRawText().Contains("_type=Patient", StringComparison.Ordinal)
                && row.GetRawText().Contains("analytics", StringComparison.Ordinal)
        );
        var file = exported.Manifest.Json.GetProperty("output")[0].GetProperty("url").GetString()!;
        Assert.Contains(
            rows,
            row =>
                row.GetRawText().Contains("$files", StringComparison.Ordinal)
                && row.GetRawText().Contains(file.Split('/')[^1].Split('?')[0], StringComparison.Ordinal)
        );
    }

    private static string As(string caller) => $"{AccessCallers.Header}: {caller}";

    private async Task<List<string>> FoundAsync(string type, string? caller)
    {
        var keys = new List<string>();
        for (var next = $"{type}?_count=100"; next is not null; )
        {
            var page = (await _server.GetAsync(next, caller is null ? [] : [As(caller)])).ShouldBe(200);
            keys.AddRange(page.Ids.Select(id => $"{type}/{id}"));
            next = page.Link("next");
        }

        keys.Sort(StringComparer.Ordinal);
        return keys;
    }
}
