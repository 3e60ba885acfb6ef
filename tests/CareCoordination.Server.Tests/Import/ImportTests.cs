using System.IO.Compression;
using System.Text;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Import;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Settings;
using CareCoordination.SampleData;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace CareCoordination.Server.Tests.Import;

public abstract class ImportTests : IAsyncLifetime
{
    public sealed class OnSqlite : ImportTests
    {
        protected override Task<TestServer> StartAsync() => TestServer.OnSqliteAsync();
    }

    public sealed class OnPostgreSql : ImportTests
    {
        protected override Task<TestServer> StartAsync() => PostgreSqlServer.NewAsync();
    }

    private const string Patient =
        """{"resourceType":"Patient","id":"p1","identifier":[{"system":"urn:mrn","value":"1"}],"gender":"female"}""";

    private readonly string _folder = Directory.CreateTempSubdirectory("care-import-").FullName;
    private TestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await StartAsync();

    protected abstract Task<TestServer> StartAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Stores_every_resource_of_generated_patients_and_nothing_twice()
    {
        var population = new SamplePopulation(new SampleOptions(Patients: 6, Seed: 2));
        Write(
            "0-network.json",
            output => SampleWriter.WriteTransaction(population.Network, ReferenceStyle.Relative, output)
        );
        foreach (var (number, record) in population.Patients(ReferenceStyle.Transaction).Index())
            Write(
                $"patient-{number}.json.gz",
                output => SampleWriter.WriteTransaction(record, ReferenceStyle.Transaction, output)
            );
        var expected = population
            .Network.Concat(population.Patients().SelectMany(r => r))
            .CountBy(r => (string)r["resourceType"]!)
            .ToDictionary();

        var first = await ImportAsync("first");
        var again = await ImportAsync("another journal");

        Assert.Empty(first.Rejections);
        Assert.Equal(expected, first.Types.ToDictionary(t => t.Key, t => (int)t.Value.Written));
        Assert.All(again.Types, type => Assert.Equal(0, type.Value.Written));
        Assert.Equal(expected, again.Types.ToDictionary(t => t.Key, t => (int)t.Value.Unchanged));
        // References by full URL and by identifier have become addresses on this server.
        var plans = await _server.GetAsync(
            "CarePlan?_include=CarePlan:patient&_include=CarePlan:care-team&_count=1000"
        );
        Assert.Equal(expected["CarePlan"] + (2 * 6), plans.Entries.Count());
        Assert.DoesNotContain("urn:uuid", plans.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Imports_ndjson_and_names_the_lines_it_rejects()
    {
        Write(
            "mixed.ndjson.gz",
            $$"""
            {{Patient}}
            {"resourceType":"Patient","id":"p2","gender":"none"}

            {"resourceType":"Patient","id":"p3"
            {"resourceType":"Nothing"}
            {"resourceType":"Patient","id":"p4"}
            """
        );

        var summary = await ImportAsync();

        Assert.Equal([2, 3, 4], summary.Rejections.Select(r => r.Entry));
        Assert.StartsWith("Patient.gender: ", summary.Rejections[0].Reason, StringComparison.Ordinal);
        Assert.Contains("malformed", summary.Rejections[1].Reason, StringComparison.Ordinal);
        Assert.Equal("Its resourceType is missing, or no resource type of FHIR R4.", summary.Rejections[2].Reason);
        Assert.Equal(200, (await _server.GetAsync("Patient/p1")).Status);
        Assert.Equal(404, (await _server.GetAsync("Patient/p2")).Status);
        Assert.Equal(200, (await _server.GetAsync("Patient/p4")).Status);
    }

    [Fact]
    public async Task Refuses_what_nobody_may_send_and_stores_the_rest()
    {
        Write(
            "export.ndjson",
            """
            {"resourceType":"Subscription","id":"s1","status":"active","reason":"x","criteria":"Task?","channel":{"type":"rest-hook"}}
            {"resourceType":"Subscription","id":"s2","status":"requested","reason":"x","criteria":"Task?","channel":{"type":"rest-hook"}}
            {"resourceType":"Subscription","id":"s3","status":"off","reason":"x","criteria":"Task?","channel":{"type":"rest-hook"}}
            {"resourceType":"Device","id":"carecoordination","status":"active"}
            {"resourceType":"OperationDefinition","id":"Task-claim","name":"X","status":"active","kind":"operation","code":"x","system":false,"type":false,"instance":true}
            {"resourceType":"SearchParameter","id":"Task-due","url":"urn:x","name":"x","status":"active","description":"x","code":"due","base":["Task"],"type":"date"}
            {"resourceType":"Device","id":"another","status":"active"}
            """
        );
        var own = (await _server.GetAsync("OperationDefinition/Task-claim")).ShouldBe(200).Body;

        var summary = await ImportAsync();

        Assert.Equal([1, 2, 4, 5, 6], summary.Rejections.Select(r => r.Entry));
        Assert.All(
            summary.Rejections.Take(2),
            r =>
                Assert.StartsWith(
                    "Subscription.status: This server tells nobody of changes yet",
                    r.Reason,
                    StringComparison.Ordinal
                )
        );
        Assert.All(
            summary.Rejections.Skip(2),
            r => Assert.EndsWith(" is a part of this server and stays as it is: choose another id.", r.Reason)
        );
        Assert.Equal("off", (await _server.GetAsync("Subscription/s3")).Text("status"));
        Assert.Equal(200, (await _server.GetAsync("Device/another")).Status);
        Assert.Equal(404, (await _server.GetAsync("Subscription/s1")).Status);
        Assert.Equal(own, (await _server.GetAsync("OperationDefinition/Task-claim")).Body);
    }

    [Fact]
    public async Task Stores_nothing_of_a_transaction_with_a_subscription_that_would_wait_in_vain()
    {
        Write(
            "bundle.json",
            Bundle(
                "transaction",
                Entry("PUT", "Patient/p1", Patient),
                Entry(
                    "POST",
                    "Subscription",
                    """{"resourceType":"Subscription","status":"active","reason":"x","criteria":"Task?","channel":{"type":"rest-hook"}}"""
                )
            )
        );

        Assert.Equal(2, Assert.Single((await ImportAsync()).Rejections).Entry);
        Assert.Equal(404, (await _server.GetAsync("Patient/p1")).Status);
    }

    [Fact]
    public async Task Stores_nothing_of_a_transaction_with_one_wrong_entry()
    {
        Write(
            "bundle.json",
            Bundle(
                "transaction",
                Entry("PUT", "Patient/p1", Patient),
                Entry("POST", "Goal", """{"resourceType":"Goal"}""")
            )
        );

        var summary = await ImportAsync();

        Assert.Equal(2, Assert.Single(summary.Rejections).Entry);
        Assert.Equal(404, (await _server.GetAsync("Patient/p1")).Status);
    }

    [Fact]
    public async Task Stores_the_good_entries_of_a_batch_and_names_the_others()
    {
        Write(
            "bundle.json",
            Bundle(
                "batch",
                Entry("PUT", "Patient/p1", Patient),
                Entry("POST", "Goal", """{"resourceType":"Goal"}"""),
                Entry("DELETE", "Patient/p9", null)
            )
        );

        var summary = await ImportAsync();

        Assert.Equal([2, 3], summary.Rejections.Select(r => r.Entry));
        Assert.Equal("An import only adds and updates; delete through the server.", summary.Rejections[1].Reason);
        Assert.Equal(200, (await _server.GetAsync("Patient/p1")).Status);
    }

    [Fact]
    public async Task Names_a_file_that_cannot_be_read_and_goes_on()
    {
        Write("a.json", """{"resourceType":"Bundle","type":"collection","entry":[{"resource":""");
        Write("b.json", Patient);
        Write("c.ndjson.gz.json", "\u001f");

        var summary = await ImportAsync();

        Assert.Equal(["a.json", "c.ndjson.gz.json"], summary.Rejections.Select(r => Path.GetFileName(r.File)));
        Assert.Equal(200, (await _server.GetAsync("Patient/p1")).Status);
    }

    [Fact]
    public async Task Resolves_references_to_later_entries_of_a_streamed_bundle()
    {
        const string Uuid = "6f1c1f0e-6c0d-4b70-9f5e-0d7b8a3c2b1a";
        var tasks = Enumerable
            .Range(0, 600)
            .Select(n =>
                $$$"""{"fullUrl":"urn:uuid:{{{Guid.NewGuid()}}}","resource":{"resourceType":"Task","id":"t{{{n}}}","status":"draft","intent":"plan","for":{"reference":"urn:uuid:{{{Uuid}}}"} } }"""
            );
        var last = $$$"""{"fullUrl":"urn:uuid:{{{Uuid}}}","resource":{"resourceType":"Patient"} }""";
        Write("collection.json", Bundle("collection", [.. tasks, last]));

        var summary = await ImportAsync();

        Assert.Empty(summary.Rejections);
        Assert.Equal(601, summary.Resources);
        Assert.Equal(
            600,
            (int)
                (await _server.GetAsync($"Task?patient=Patient/{Uuid}&_summary=count"))
                    .Json.GetProperty("total")
                    .GetInt32()
        );
    }

    [Fact]
    public async Task Finds_what_an_earlier_file_of_the_same_run_brings()
    {
        var practitioner = """{"resourceType":"Practitioner","identifier":[{"system":"urn:npi","value":"7"}]}""";
        var plan =
            """{"resourceType":"CarePlan","id":"c1","status":"active","intent":"plan","subject":{"reference":"Patient?identifier=urn:mrn|1"},"author":{"reference":"Practitioner?identifier=urn:npi|7"}}""";
        Write(
            "0-people.json",
            Bundle(
                "transaction",
                Entry("PUT", "Patient/p1", Patient),
                Entry("POST", "Practitioner", practitioner, "identifier=urn:npi|7")
            )
        );
        Write(
            "1-again.json",
            Bundle(
                "transaction",
                Entry("POST", "Practitioner", practitioner, "identifier=urn:npi|7"),
                Entry("PUT", "CarePlan/c1", plan)
            )
        );
        Write("2-unknown.ndjson", plan.Replace("urn:npi|7", "urn:npi|8", StringComparison.Ordinal));

        var summary = await ImportAsync();

        Assert.Equal(1, (await _server.GetAsync("Practitioner?_summary=count")).Json.GetProperty("total").GetInt32());
        Assert.Equal(
            "Patient/p1",
            (await _server.GetAsync("CarePlan/c1")).Json.GetProperty("subject").GetProperty("reference").GetString()
        );
        Assert.Equal(
            "CarePlan.author.reference: No Practitioner meets the criteria of this reference; import the file that brings it first.",
            Assert.Single(summary.Rejections).Reason
        );
    }

    [Fact]
    public async Task Creates_once_what_two_entries_of_a_batch_create_conditionally()
    {
        var practitioner = """{"resourceType":"Practitioner","identifier":[{"system":"urn:npi","value":"7"}]}""";
        var entry = Entry("POST", "Practitioner", practitioner, "identifier=urn:npi|7");
        var other = practitioner.Replace("}]}", "}],\"active\":true}", StringComparison.Ordinal);
        Write(
            "batch.json",
            Bundle("batch", entry, Entry("POST", "Practitioner", other, "identifier=urn:npi|7"), entry)
        );

        var summary = await ImportAsync();

        Assert.Empty(summary.Rejections);
        Assert.Equal(1, (await _server.GetAsync("Practitioner?_summary=count")).Json.GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task Passes_over_files_that_an_earlier_run_has_finished()
    {
        Write("a.ndjson", Patient);
        Write("b.ndjson", """{"resourceType":"Patient","id":"p2","gender":"none"}""");

        await ImportAsync();
        var again = await ImportAsync();
        Write("a.ndjson", Patient.Replace("female", "other", StringComparison.Ordinal));
        var changed = await ImportAsync();

        Assert.Equal((1, 0), (again.FilesSkipped, again.Resources));
        Assert.Single(again.Rejections);
        Assert.Equal((0, 1), (changed.FilesSkipped, changed.Resources));
    }

    [Fact]
    public async Task Goes_on_behind_the_entries_that_an_interrupted_run_has_stored()
    {
        Write(
            "many.ndjson",
            string.Join('\n', Enumerable.Range(0, 20).Select(n => $$"""{"resourceType":"Patient","id":"m{{n}}"}"""))
        );
        await ImportAsync();
        var journal = Path.Combine(_folder, "journal");
        await File.WriteAllTextAsync(
            journal,
            (await File.ReadAllTextAsync(journal)).Replace(
                "\"Entries\":20,\"IsDone\":true",
                "\"Entries\":15,\"IsDone\":false",
                StringComparison.Ordinal
            ) + "{\"torn"
        );

        var summary = await ImportAsync();

        Assert.Equal(5, summary.Resources);
    }

    [Fact]
    public async Task Does_not_believe_a_journal_of_another_database()
    {
        Write("a.ndjson", Patient);
        await ImportAsync();
        await using var other = await StartAsync();

        var summary = await ImportAsync(server: other);

        Assert.Equal((0, 1), (summary.FilesSkipped, summary.Resources));
    }

    [Fact]
    public async Task Keeps_documents_and_messages_as_they_are()
    {
        Write(
            "message.json",
            """{"resourceType":"Bundle","id":"b1","type":"message","entry":[{"fullUrl":"urn:uuid:6f1c1f0e-6c0d-4b70-9f5e-0d7b8a3c2b1a","resource":{"resourceType":"MessageHeader","eventUri":"urn:e","source":{"endpoint":"urn:s"}}}]}"""
        );

        var summary = await ImportAsync();

        Assert.Empty(summary.Rejections);
        Assert.Equal("message", (await _server.GetAsync("Bundle/b1")).Text("type"));
    }

    private const string Observation =
        """{"resourceType":"Observation","id":"1","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/1"}}""";

    private static string PatientOf(string server, int id = 1) =>
        $$"""{"resourceType":"Patient","id":"{{id}}","name":[{"family":"{{server}}"}]}""";

    [Theory]
    [InlineData("collection")]
    [InlineData("searchset")]
    [InlineData("batch")]
    [InlineData("transaction")]
    public async Task The_same_id_of_two_servers_is_two_resources_and_each_reference_leads_to_its_own(string type)
    {
        foreach (var server in (string[])["one", "two"])
        {
            var home = $"https://{server}.example/fhir";
            var absolute = Observation
                .Replace("Patient/1", $"{home}/Patient/1", StringComparison.Ordinal)
                .Replace("\"id\":\"1\"", "\"id\":\"2\"", StringComparison.Ordinal);
            Write(
                $"{server}.json",
                Bundle(
                    type,
                    $$"""{"fullUrl":"{{home}}/Observation/1","resource":{{Observation}},"request":{"method":"POST","url":"Observation"} }""",
                    $$"""{"fullUrl":"{{home}}/Observation/2","resource":{{absolute}},"request":{"method":"POST","url":"Observation"} }""",
                    $$"""{"fullUrl":"{{home}}/Patient/1","resource":{{PatientOf(server)}},"request":{"method":"POST","url":"Patient"} }"""
                )
            );
        }

        Assert.Empty((await ImportAsync()).Rejections);
        // Importing again changes nothing.
        Assert.All((await ImportAsync("again")).Types, count => Assert.Equal(0, count.Value.Written));
        await ShouldBeTwoAsync(observations: 2);
    }

    [Fact]
    public async Task Of_NDJSON_somebody_says_which_server_it_is_of()
    {
        foreach (var server in (string[])["one", "two"])
        {
            var folder = Directory.CreateDirectory(Path.Combine(_folder, server)).FullName;
            Write($"{server}/Patient.ndjson", PatientOf(server));
            Write($"{server}/Observation.ndjson", Observation);
            Assert.Empty(
                (
                    await ImportAsync($"journal-{server}", folder: folder, source: $"https://{server}.example/fhir")
                ).Rejections
            );
        }

        await ShouldBeTwoAsync(observations: 1);
    }

    [Theory]
    [InlineData("one.ndjson", "two.ndjson")]
    [InlineData("one/Patient.ndjson", "two/Patient.ndjson")]
    [InlineData("one.json", "two.ndjson")]
    public async Task Two_forms_of_one_name_in_two_files_are_not_made_versions_of_one_resource(
        string first,
        string second
    )
    {
        Directory.CreateDirectory(Path.Combine(_folder, "one"));
        Directory.CreateDirectory(Path.Combine(_folder, "two"));
        Write(first, PatientOf("one"));
        Write(second, PatientOf("two"));

        var rejection = Assert.Single((await ImportAsync()).Rejections);

        Assert.Contains("Patient/1 is in ", rejection.Reason, StringComparison.Ordinal);
        Assert.Contains("--source", rejection.Reason, StringComparison.Ordinal);
        Assert.Equal("W/\"1\"", (await _server.GetAsync("Patient/1")).ETag);
    }

    /// <summary>The two forms of a name meet in two workers, again and again.</summary>
    [Fact]
    public async Task Of_two_forms_that_are_read_at_once_one_is_refused_each_time()
    {
        const int Names = 200;
        for (var i = 0; i < Names; i++)
        {
            Write($"{i:000}-a.ndjson", PatientOf("one", i));
            Write($"{i:000}-b.ndjson", PatientOf("two", i));
        }

        var rejections = (await ImportAsync()).Rejections;

        Assert.All(rejections, r => Assert.Contains(" is in ", r.Reason, StringComparison.Ordinal));
        Assert.Equal(Names, rejections.Count);
        var stored = (await _server.GetAsync("Patient?_count=1000")).ShouldBe(200).Resources.ToArray();
        Assert.Equal(Names, stored.Length);
        Assert.All(stored, r => Assert.Equal("1", r.GetProperty("meta").GetProperty("versionId").GetString()));
    }

    [Fact]
    public async Task One_form_in_two_files_is_one_resource_and_a_newer_export_in_a_run_of_its_own_is_its_next_version()
    {
        Write("a.ndjson", PatientOf("one"));
        Write("b.ndjson", PatientOf("one"));
        Assert.Empty((await ImportAsync()).Rejections);
        Write("a.ndjson", PatientOf("married"));
        Write("b.ndjson", PatientOf("married"));
        Assert.Empty((await ImportAsync("next")).Rejections);

        Assert.Equal("W/\"2\"", (await _server.GetAsync("Patient/1")).ETag);
    }

    [Theory]
    [InlineData("https://own.example/fhir")]
    [InlineData("http://localhost:5080/fhir")]
    public async Task What_comes_from_this_server_keeps_its_id(string home)
    {
        Write("own.json", Bundle("searchset", $$"""{"fullUrl":"{{home}}/Patient/1","resource":{{PatientOf("x")}}}"""));

        Assert.Empty((await ImportAsync()).Rejections);

        (await _server.GetAsync("Patient/1")).ShouldBe(200);
    }

    [Theory]
    [InlineData("a_b")]
    [InlineData(
        "eBcN0.nPQm4Xo7Y8t3VwZ1kLrS6uHjFgD2aTqEyUiOpAsDfGhJkLzXcVbNmQwErTyUiOpAsDfGhJkLzXcVbNm1234567890abcdefghij"
    )]
    public async Task An_id_that_is_none_of_R4_becomes_one_and_references_follow(string id)
    {
        Write("0-team.ndjson", $$"""{"resourceType":"CareTeam","id":"{{id}}","name":"x"}""");
        Write(
            "plan.ndjson",
            $$"""{"resourceType":"CarePlan","id":"p","status":"active","intent":"plan","subject":{"reference":"Patient/p"},"careTeam":[{"reference":"CareTeam/{{id}}"}]}"""
        );

        Assert.Empty((await ImportAsync()).Rejections);

        var team = (await _server.GetAsync("CarePlan/p"))
            .ShouldBe(200)
            .Json.GetProperty("careTeam")[0]
            .GetProperty("reference")
            .GetString()!;
        Assert.Equal("x", (await _server.GetAsync(team)).ShouldBe(200).Text("name"));
    }

    [Fact]
    public async Task What_a_search_says_of_itself_is_no_result()
    {
        Write(
            "found.json",
            Bundle(
                "searchset",
                """{"resource":{"resourceType":"Patient","id":"p"},"search":{"mode":"match"}}""",
                """{"resource":{"resourceType":"OperationOutcome","id":"o","issue":[{"severity":"warning","code":"value"}]},"search":{"mode":"outcome"}}"""
            )
        );

        Assert.Empty((await ImportAsync()).Rejections);

        (await _server.GetAsync("Patient/p")).ShouldBe(200);
        Assert.Empty((await _server.GetAsync("OperationOutcome")).Resources);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(60)]
    public async Task A_gzip_file_that_is_cut_is_an_error(int missing)
    {
        Write(
            "whole.ndjson.gz",
            string.Join('\n', Enumerable.Range(0, 50).Select(n => $$"""{"resourceType":"Patient","id":"p{{n}}"}"""))
        );
        var whole = await File.ReadAllBytesAsync(
            Path.Combine(_folder, "whole.ndjson.gz"),
            TestContext.Current.CancellationToken
        );
        File.Delete(Path.Combine(_folder, "whole.ndjson.gz"));
        await File.WriteAllBytesAsync(
            Path.Combine(_folder, "cut.ndjson.gz"),
            whole[..^missing],
            TestContext.Current.CancellationToken
        );

        Assert.NotEmpty((await ImportAsync()).Rejections);
    }

    private async Task ShouldBeTwoAsync(int observations)
    {
        var patients = (await _server.GetAsync("Patient?_sort=family")).ShouldBe(200).Resources.ToList();
        Assert.Equal(["one", "two"], patients.Select(p => p.GetProperty("name")[0].GetProperty("family").GetString()));
        foreach (var patient in patients)
        {
            var reference = $"Patient/{patient.GetProperty("id").GetString()}";
            Assert.Equal(observations, (await _server.GetAsync($"Observation?subject={reference}")).Resources.Count());
            Assert.Equal("1", patient.GetProperty("meta").GetProperty("versionId").GetString());
        }
    }

    [Fact]
    public async Task The_samples_can_be_imported()
    {
        var summary = await ImportAsync(folder: Path.Combine(SharedMaterial.Repository, "samples", "bundles"));

        Assert.Empty(summary.Rejections);
        Assert.Equal(4, summary.FilesDone);
        Assert.Equal(
            1,
            (await _server.GetAsync("Practitioner?identifier=md-1&_summary=count")).Json.GetProperty("total").GetInt32()
        );
    }

    private async Task<ImportSummary> ImportAsync(
        string journal = "journal",
        TestServer? server = null,
        string? folder = null,
        string? source = null
    )
    {
        var summary = new ImportSummary();
        await using var session = (server ?? _server).Services.GetRequiredService<CareSessions>().Open(Caller.Import);
        var definitions = session.Get<FhirDefinitions>();
        var importer = new Importer(
            session.Session,
            definitions,
            session.Get<LimitsOptions>(),
            new ImportHomes(source, "https://own.example/fhir", definitions.Schema.IsResourceType)
        );
        await importer.RunAsync(
            ImportFile.Find([folder ?? _folder]),
            Path.Combine(_folder, journal),
            summary,
            TestContext.Current.CancellationToken
        );
        return summary;
    }

    private void Write(string name, string text) => Write(name, output => output.Write(Encoding.UTF8.GetBytes(text)));

    private void Write(string name, Action<Stream> write)
    {
        using var file = File.Create(Path.Combine(_folder, name));
        using Stream output = name.EndsWith(".gz", StringComparison.Ordinal)
            ? new GZipStream(file, CompressionLevel.Fastest)
            : file;
        write(output);
    }

    private static string Bundle(string type, params string[] entries) =>
        $$"""{"resourceType":"Bundle","type":"{{type}}","entry":[{{string.Join(',', entries)}}]}""";

    private static string Entry(string method, string url, string? resource, string? ifNoneExist = null)
    {
        var content = resource is null ? "" : $"\"resource\":{resource},";
        var condition = ifNoneExist is null ? "" : $",\"ifNoneExist\":\"{ifNoneExist}\"";
        return $$"""{{{content}}"request":{"method":"{{method}}","url":"{{url}}"{{condition}}} }""";
    }
}
