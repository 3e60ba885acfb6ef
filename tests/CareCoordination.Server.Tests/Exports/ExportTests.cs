using System.Globalization;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Exports;

/// <summary>Bulk Data as clients use it, on a database of its own. https://hl7.org/fhir/uv/bulkdata/export.html</summary>
public abstract class ExportTests(bool isPostgreSql) : IAsyncLifetime
{
    private ServerDatabase _database = null!;
    private TestServer _server = null!;

    public sealed class OnSqlite() : ExportTests(isPostgreSql: false);

    public sealed class OnPostgreSql() : ExportTests(isPostgreSql: true);

    public async ValueTask InitializeAsync()
    {
        _database = await ServerDatabase.NewAsync(isPostgreSql);
        _server = await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _server.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Everything_is_exported_as_a_read_gives_it()
    {
        await FillAsync();

        var exported = await _server.ExportAsync("$export");

        Assert.Equal(
            [
                "Group/g",
                "Observation/o1",
                "Observation/o2",
                "Observation/o3",
                "Organization/north",
                "Patient/p1",
                "Patient/p2",
                "Patient/p3",
            ],
            exported.Keys.Where(k => !IsOfServer(k))
        );
        foreach (var resource in exported.Resources.Where(r => !IsOfServer(ExportKit.TypeOf(r) + "/")))
        {
            var read = await _server.GetAsync($"{ExportKit.TypeOf(resource)}/{resource.GetProperty("id").GetString()}");
            Assert.Equal(read.Body, resource.GetRawText());
        }
    }

    [Fact]
    public async Task The_manifest_says_what_was_asked_for_and_when()
    {
        await FillAsync();
        var last = await _server.PutAsync("Patient/p1", Given.Patient("p1", "Okonkwo"));

        var exported = await _server.ExportAsync("$export?_type=Patient&_outputFormat=application/fhir%2Bndjson");

        Assert.Equal("application/json", exported.Manifest.ContentType);
        Assert.Equal(
            last.Json.GetProperty("meta").GetProperty("lastUpdated").GetDateTimeOffset(),
            DateTimeOffset.Parse(exported.TransactionTime, CultureInfo.InvariantCulture)
        );
        Assert.Equal(
            $"{_server.Base}/$export?_type=Patient&_outputFormat=application/fhir%2Bndjson",
            exported.Manifest.Text("request")
        );
        Assert.False(exported.Manifest.Json.GetProperty("requiresAccessToken").GetBoolean());
        Assert.Equal(0, exported.Manifest.Json.GetProperty("error").GetArrayLength());
        Assert.NotNull(exported.Manifest.Header("Expires"));
    }

    [Fact]
    public async Task Of_patients_is_exported_what_is_in_their_compartments_and_nothing_else()
    {
        await FillAsync();

        var exported = await _server.ExportAsync("Patient/$export");

        Assert.Equal(
            ["Group/g", "Observation/o1", "Observation/o2", "Patient/p1", "Patient/p2", "Patient/p3"],
            exported.Keys
        );
    }

    [Fact]
    public async Task Of_a_group_is_exported_what_is_about_its_members_alone()
    {
        await FillAsync();

        var exported = await _server.ExportAsync("Group/g/$export");

        // The Group itself is about somebody who is no member any more.
        Assert.Equal(["Observation/o1", "Patient/p1", "Patient/p3"], exported.Keys);
    }

    [Theory]
    [InlineData("Patient/$export", new[] { "Patient/p2" }, new[] { "Observation/o2", "Patient/p2" })]
    [InlineData(
        "Patient/$export",
        new[] { "Patient/p1", "Patient/p3" },
        new[] { "Observation/o1", "Patient/p1", "Patient/p3" }
    )]
    [InlineData("Group/g/$export", new[] { "Patient/p1" }, new[] { "Observation/o1", "Patient/p1" })]
    public async Task Patients_who_are_named_are_exported_and_nobody_else(
        string path,
        string[] patients,
        string[] expected
    )
    {
        await FillAsync();

        var exported = await _server.ExportByPostAsync(path, [.. patients.Select(p => Ask.Reference("patient", p))]);

        Assert.Equal(expected, exported.Keys);
    }

    [Theory]
    [InlineData("_type=Patient", new[] { "Patient" })]
    [InlineData("_type=Patient,Observation", new[] { "Observation", "Patient" })]
    [InlineData("_type=Patient&_type=Organization", new[] { "Organization", "Patient" })]
    [InlineData("_type=Encounter", new string[0])]
    public async Task Only_the_types_asked_for_are_exported(string query, string[] types)
    {
        await FillAsync();

        Assert.Equal(types, (await _server.ExportAsync($"$export?{query}")).Types);
        Assert.Equal(types, (await _server.ExportAsync($"Patient/$export?{query}")).Types);
    }

    [Theory]
    [InlineData("Observation%3Fcode=a", new[] { "Observation/o1" })]
    [InlineData("Observation%3Fcode=a,Observation%3Fcode=b", new[] { "Observation/o1", "Observation/o2" })]
    [InlineData("Observation%3Fcode=a&_typeFilter=Observation%3Fcode=b", new[] { "Observation/o1", "Observation/o2" })]
    [InlineData("Observation%3Fcode=a%26status=amended", new string[0])]
    [InlineData("Observation%3Fcode:not=a", new[] { "Observation/o2", "Observation/o3" })]
    public async Task A_filter_of_a_type_is_a_search_of_it(string filter, string[] expected)
    {
        await FillAsync();

        var exported = await _server.ExportAsync($"$export?_type=Observation,Patient&_typeFilter={filter}");

        Assert.Equal(expected, exported.KeysOf("Observation"));
        Assert.Equal(3, exported.KeysOf("Patient").Count());
    }

    [Theory]
    [InlineData("id", "Patient", false)]
    [InlineData("Patient.name", "Patient", true)]
    [InlineData("name,Observation.status", "Patient", true)]
    [InlineData("Observation.code", "Patient", true)]
    public async Task Only_the_elements_asked_for_are_exported(string elements, string type, bool hasName)
    {
        await FillAsync();

        var exported = await _server.ExportAsync($"$export?_type={type}&_elements={elements}");

        Assert.All(exported.Resources, r => Assert.Equal(hasName, r.TryGetProperty("name", out _)));
        Assert.All(exported.Resources, r => Assert.True(r.TryGetProperty("id", out _)));
    }

    [Fact]
    public async Task An_export_since_the_last_one_has_what_changed_and_what_was_deleted()
    {
        await FillAsync();
        var first = await _server.ExportAsync("$export?_type=Patient,Observation");
        await Task.Delay(5);
        (await _server.PutAsync("Patient/p2", Given.Patient("p2", "Okonkwo"))).ShouldBe(200);
        (await _server.DeleteAsync("Observation/o3")).ShouldBe(204);
        await _server.PutAsync("Patient/p4", Given.Patient("p4"));

        var next = await _server.ExportAsync($"$export?_type=Patient,Observation&_since={first.TransactionTime}");

        // What was the last change before is told once more: times have milliseconds, and nothing may be missed.
        Assert.Equal(["Patient/p2", "Patient/p4"], next.KeysOf("Patient").Except(["Patient/p1"]));
        Assert.Equal(["Observation/o3"], next.Deleted);
        Assert.DoesNotContain("Observation/o3", next.Keys);
    }

    [Fact]
    public async Task Without_since_nothing_is_told_of_what_was_deleted()
    {
        await FillAsync();
        (await _server.DeleteAsync("Observation/o3")).ShouldBe(204);

        Assert.Empty((await _server.ExportAsync("$export")).Deleted);
    }

    [Fact]
    public async Task Until_leaves_out_what_changed_later()
    {
        await FillAsync();
        await Task.Delay(5);
        var changed = await _server.PutAsync("Patient/p2", Given.Patient("p2", "Okonkwo"));
        var at = changed.Json.GetProperty("meta").GetProperty("lastUpdated").GetString()!;

        var exported = await _server.ExportAsync($"$export?_type=Patient&_until={Uri.EscapeDataString(at)}");

        Assert.Equal(["Patient/p1", "Patient/p3"], exported.Keys);
    }

    [Theory]
    [InlineData("Patient/$export", null, new[] { "Provenance/of-o1", "Provenance/of-o1-and-o3", "Provenance/of-p2" })]
    [InlineData("Group/g/$export", null, new[] { "Provenance/of-o1", "Provenance/of-o1-and-o3" })]
    [InlineData("Patient/$export", "Patient/p2", new[] { "Provenance/of-p2" })]
    [InlineData(
        "$export",
        null,
        new[] { "Provenance/of-o1", "Provenance/of-o1-and-o3", "Provenance/of-o3", "Provenance/of-p2" }
    )]
    public async Task A_provenance_of_what_is_in_a_compartment_is_exported_with_it(
        string path,
        string? patient,
        string[] expected
    )
    {
        await FillAsync();
        await ProveAsync("of-o1", "Observation/o1/_history/1");
        await ProveAsync("of-o1-and-o3", "Observation/o3", "Observation/o1");
        await ProveAsync("of-o3", "Observation/o3");
        await ProveAsync("of-p2", "Patient/p2");

        var exported = await _server.ExportByPostAsync(
            path,
            [Ask.Text("_type", "Provenance"), .. patient is null ? [] : new[] { Ask.Reference("patient", patient) }]
        );

        Assert.Equal(expected, exported.Keys.Where(k => k.StartsWith("Provenance/of-", StringComparison.Ordinal)));
    }

    private async Task ProveAsync(string id, params string[] targets)
    {
        var list = string.Join(',', targets.Select(t => $$"""{"reference":"{{t}}"}"""));
        (
            await _server.PutAsync(
                $"Provenance/{id}",
                $$$"""{"resourceType":"Provenance","id":"{{{id}}}","target":[{{{list}}}],"recorded":"2026-01-01T00:00:00Z","agent":[{"who":{"display":"x"}}]}"""
            )
        ).ShouldBe(201);
    }

    private async Task FillAsync()
    {
        foreach (var id in new[] { "p1", "p2", "p3" })
            (await _server.PutAsync($"Patient/{id}", Given.Patient(id))).ShouldBe(201);
        await _server.PutAsync("Organization/north", """{"resourceType":"Organization","id":"north","name":"North"}""");
        await ObserveAsync("o1", "a", "p1");
        await ObserveAsync("o2", "b", "p2");
        await ObserveAsync("o3", "c", null);
        (
            await _server.PutAsync(
                "Group/g",
                """{"resourceType":"Group","id":"g","type":"person","actual":true,"member":[{"entity":{"reference":"Patient/p1"}},{"entity":{"reference":"Patient/p3"}},{"entity":{"reference":"Patient/p2"},"inactive":true}]}"""
            )
        ).ShouldBe(201);
    }

    private async Task ObserveAsync(string id, string code, string? patient)
    {
        var subject = patient is null ? "" : $$""","subject":{"reference":"Patient/{{patient}}"}""";
        (
            await _server.PutAsync(
                $"Observation/{id}",
                $$$"""{"resourceType":"Observation","id":"{{{id}}}","status":"final","code":{"coding":[{"system":"urn:x","code":"{{{code}}}"}]}{{{subject}}}}"""
            )
        ).ShouldBe(201);
    }

    /// <summary>What the server writes of its own acts.</summary>
    private static bool IsOfServer(string key) => key.Split('/')[0] is "Task" or "Provenance" or "AuditEvent";

    private Task<TestServer> StartAsync(params string[] settings) =>
        TestServer.StartAsync([
            .. _database.Settings,
            $"--Exports:Folder={Path.Combine(_database.Folder, "exports")}",
            .. settings,
        ]);
}
