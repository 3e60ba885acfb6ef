using System.Globalization;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Reindexing;

/// <summary>
/// The rows by which resources are found are written anew from the resources, whatever they were. docs/operators/reindex.md
/// </summary>
public abstract class ReindexTests(bool isPostgreSql) : IAsyncLifetime
{
    /// <summary>More than two batches.</summary>
    private const int Patients = 230;

    // Two minutes: what does not end by then has failed.
    private const int MostLooks = 6000;

    private static readonly string[] Index =
    [
        "TokenIndex",
        "StringIndex",
        "DateIndex",
        "NumberIndex",
        "QuantityIndex",
        "ReferenceIndex",
        "UriIndex",
        "CompositeIndex",
    ];

    private static readonly string[] Kept = ["WorkItem", "PatientFact", "Timer", "Reading"];

    private ServerDatabase _database = null!;

    public sealed class OnSqlite() : ReindexTests(isPostgreSql: false);

    public sealed class OnPostgreSql() : ReindexTests(isPostgreSql: true);

    public async ValueTask InitializeAsync() => _database = await ServerDatabase.NewAsync(isPostgreSql);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_database is not null)
            await _database.DisposeAsync();
    }

    /// <summary>Ways in which rows may be wrong.</summary>
    public static TheoryData<string> Spoilers =>
        [
            """DELETE FROM "TokenIndex" """,
            """DELETE FROM "StringIndex" """,
            """DELETE FROM "DateIndex" """,
            """DELETE FROM "NumberIndex" """,
            """DELETE FROM "QuantityIndex" """,
            """DELETE FROM "ReferenceIndex" """,
            """DELETE FROM "UriIndex" """,
            """DELETE FROM "CompositeIndex" """,
            """DELETE FROM "WorkItem" """,
            """DELETE FROM "PatientFact" """,
            """DELETE FROM "Timer" """,
            """DELETE FROM "Reading" """,
            // Folds of another release.
            """UPDATE "StringIndex" SET "Value" = 'of another fold ' || "Value" """,
            """UPDATE "TokenIndex" SET "Key" = "Key" + 1""",
            """UPDATE "TokenIndex" SET "System" = "System" + 7""",
            """UPDATE "DateIndex" SET "Start" = "Start" - 1, "End" = "End" + 1""",
            """UPDATE "QuantityIndex" SET "Low" = "Low" - 1""",
            """UPDATE "CompositeIndex" SET "High" = "High" + 1, "Text" = 'x' """,
            """UPDATE "UriIndex" SET "Hash" = "Hash" + 1""",
            """UPDATE "ReferenceIndex" SET "Parameter" = "Parameter" + 1""",
            """UPDATE "Resource" SET "Presence" = 0""",
            """UPDATE "WorkItem" SET "Due" = 1, "Status" = 1""",
            """UPDATE "Timer" SET "At" = 1""",
        ];

    [Theory]
    [MemberData(nameof(Spoilers))]
    public async Task Whatever_the_rows_were_they_are_right_again(string spoil)
    {
        await using var server = await TestServer.StartAsync(_database.Settings);
        await FillAsync(server, 3);
        var right = await StateAsync();
        await _database.ExecuteAsync(spoil);
        Assert.NotEqual(right, await StateAsync());

        var report = await ReindexAsync(server);

        Assert.Equal(right, await StateAsync());
        Assert.Equal(Resources(3), Number(report, "resources"));
    }

    [Fact]
    public async Task What_is_right_stays_as_it_is_and_no_version_is_made()
    {
        await using var server = await TestServer.StartAsync(_database.Settings);
        await FillAsync(server, 3);
        var right = await StateAsync();
        var versions = await _database.CountAsync("\"ResourceVersion\"");

        var report = await ReindexAsync(server);

        Assert.Equal(right, await StateAsync());
        Assert.Equal(0, Number(report, "resourcesWithRowsRemoved"));
        // The Task of the work, twice, with its Provenances.
        Assert.Equal(
            versions,
            await _database.CountAsync(
                """
                "ResourceVersion" WHERE "ResourceKey" IN (SELECT "Key" FROM "Resource" WHERE "Sequence" <= (
                    SELECT MAX("Sequence") FROM "Resource" WHERE "Id" = 'last'))
                """
            )
        );
    }

    [Fact]
    public async Task What_another_release_left_out_of_a_compartment_gets_into_it()
    {
        await using var server = await TestServer.StartAsync(_database.Settings);
        await server.PutAsync("Patient/p", Given.Patient("p"));
        await server.PutAsync(
            "Task/t",
            """{"resourceType":"Task","id":"t","status":"ready","intent":"order","for":{"reference":"Patient/p"}}"""
        );
        await _database.ExecuteAsync("""DELETE FROM "ReferenceIndex" WHERE "Parameter" = 0""");
        Assert.Equal(["p"], (await server.GetAsync("Patient/p/$everything")).Ids);
        Assert.Equal(["p"], (await server.GetAsync("Patient/p/*")).Ids);

        await ReindexAsync(server);

        Assert.Equal(["p", "t"], (await server.GetAsync("Patient/p/$everything")).Ids);
        Assert.Equal(["p", "t"], (await server.GetAsync("Patient/p/*")).Ids);
    }

    [Fact]
    public async Task Only_the_types_asked_for_are_touched()
    {
        await using var server = await TestServer.StartAsync(_database.Settings);
        await FillAsync(server, 2);
        await _database.ExecuteAsync("""DELETE FROM "StringIndex" """);
        await _database.ExecuteAsync("""DELETE FROM "WorkItem" """);

        var report = await ReindexAsync(server, Ask.Value("type", "valueCode", "\"Patient\""));

        Assert.Equal(3, Number(report, "resources"));
        Assert.Equal(
            2,
            (await server.GetAsync("Patient?family=obrien&_summary=count")).Json.GetProperty("total").GetInt32()
        );
        Assert.Equal(0, await _database.CountAsync("\"WorkItem\""));
    }

    [Fact]
    public async Task A_search_parameter_stands_for_the_types_that_have_it()
    {
        await using var server = await TestServer.StartAsync(_database.Settings);
        await FillAsync(server, 2);
        await _database.ExecuteAsync("""DELETE FROM "StringIndex" """);

        var report = await ReindexAsync(server, Ask.Text("parameter", "family"));

        // Patients and, were there any, practitioners; no Tasks, no Observations.
        Assert.Equal(3, Number(report, "resources"));
        Assert.Equal(
            2,
            (await server.GetAsync("Patient?family=obrien&_summary=count")).Json.GetProperty("total").GetInt32()
        );
    }

    [Fact]
    public async Task Writes_that_race_with_it_have_the_rows_of_what_they_wrote()
    {
        await using var server = await TestServer.StartAsync(_database.Settings);
        await FillAsync(server, Patients);
        await _database.ExecuteAsync("""UPDATE "StringIndex" SET "Value" = 'stale ' || "Value" """);
        await _database.ExecuteAsync("""UPDATE "TokenIndex" SET "Check" = "Check" + 1""");
        var racing = Task.Run(async () =>
        {
            for (var i = 0; i < Patients; i += 2)
                (await server.PutAsync($"Patient/p{i}", Patient(i, "Changed", "urn:moved"))).ShouldBe(200);
            for (var i = 1; i < Patients; i += 10)
                (await server.DeleteAsync($"Patient/p{i}")).ShouldBe(204);
        });

        await ReindexAsync(server);
        await racing;
        // What raced may have come before its batch or after.
        var first = await StateAsync();
        await ReindexAsync(server);

        Assert.Equal(first, await StateAsync());
        Assert.Equal(Patients / 2, Total(await server.GetAsync("Patient?family=changed&_summary=count")));
        Assert.Equal(Patients / 2, Total(await server.GetAsync("Patient?identifier=urn:moved|&_summary=count")));
        Assert.Equal(0, await _database.CountAsync("\"StringIndex\" WHERE \"Value\" LIKE 'stale%'"));
        Assert.Equal(
            (Patients / 2) - (Patients / 10),
            Total(await server.GetAsync("Patient?family=obrien&_summary=count"))
        );
    }

    [Fact]
    public async Task A_search_finds_at_all_times_what_it_found_before()
    {
        await using var server = await TestServer.StartAsync(_database.Settings);
        await FillAsync(server, Patients);
        var counts = new List<int>();
        var work = ReindexAsync(server);
        do counts.Add(Total(await server.GetAsync("Patient?family=obrien&gender=other&_summary=count")));
        while (!work.IsCompleted);
        await work;

        Assert.Equal([Patients], counts.Distinct());
    }

    [Fact]
    public async Task A_server_that_was_killed_in_the_middle_leaves_the_rest_to_whoever_comes_next()
    {
        await using (var server = await TestServer.StartAsync(_database.Settings))
            await FillAsync(server, Patients);
        await _database.ExecuteAsync("""DELETE FROM "StringIndex" """);
        await _database.ExecuteAsync("""UPDATE "TokenIndex" SET "Key" = "Key" + 1""");
        string status;
        await using (var killed = await ServerProcess.StartWithAsync(_database.Settings))
        {
            var begun = await killed.SendAsync(HttpMethod.Post, "$reindex");
            status = begun.ShouldBe(202).Header("Content-Location")!.Split("/fhir/")[1];
            await killed.KillAsync();
        }

        Assert.Equal(0, await Program.Main(["reindex", .. _database.Settings]));

        await using var next = await TestServer.StartAsync(_database.Settings);
        var report = await DoneAsync(next, status);
        // Each resource once, whoever came to it.
        Assert.Equal(Resources(Patients), Number(report, "resources"));
        Assert.Equal(Patients, Total(await next.GetAsync("Patient?family=obrien&_summary=count")));
        Assert.Equal(Patients, Total(await next.GetAsync("Patient?identifier=urn:n|&_summary=count")));
    }

    [Fact]
    public async Task The_verb_does_all_of_it_and_tells_how_far_it_is()
    {
        await using (var server = await TestServer.StartAsync(_database.Settings))
            await FillAsync(server, 2);
        await _database.ExecuteAsync("""DELETE FROM "StringIndex" """);

        var (code, output, error) = await ProgramRun.OfAsync(
            _database.Folder,
            ["reindex", "Patient", "--parameter", "family", .. _database.Settings]
        );

        Assert.Equal((0, ""), (code, error));
        Assert.Matches(
            @"^Task/\S+: indexing Patient with the search parameter family anew\. Ctrl\+C stops this process\.\n(\d of 3 resources.*\n)+Task/\S+ is done\.\n$",
            output.ReplaceLineEndings("\n")
        );
        await using var next = await TestServer.StartAsync(_database.Settings);
        Assert.Equal(2, Total(await next.GetAsync("Patient?family=obrien&_summary=count")));
        Assert.Contains(
            "\"name\":\"operator reindex\"",
            (await next.GetAsync("AuditEvent?_count=1000")).Body,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Of_what_was_deleted_no_row_is_left()
    {
        await using var server = await TestServer.StartAsync(_database.Settings);
        await FillAsync(server, Patients);
        await _database.ExecuteAsync("""UPDATE "StringIndex" SET "Value" = 'stale ' || "Value" """);
        await _database.ExecuteAsync("""UPDATE "TokenIndex" SET "Check" = "Check" + 1""");
        for (var i = 1; i < Patients; i += 10)
            (await server.DeleteAsync($"Patient/p{i}")).ShouldBe(204);

        await ReindexAsync(server);

        Assert.Equal(0, await _database.CountAsync("\"StringIndex\" WHERE \"Value\" LIKE 'stale%'"));
        foreach (var table in Index)
            Assert.Equal(
                0,
                await _database.CountAsync(
                    $"""
                    "{table}" x JOIN "Resource" h ON h."Key" = x."ResourceKey" WHERE h."IsDeleted" = 1
                    """
                )
            );
    }

    [Fact]
    public async Task Asked_for_again_while_it_is_held_or_goes_on()
    {
        await using var server = await TestServer.StartAsync(_database.Settings);
        await FillAsync(server, 2);
        var first = (await server.AskAsync("$reindex")).ShouldBe(202).Header("Content-Location")!;
        var second = (await server.AskAsync("$reindex")).ShouldBe(202).Header("Content-Location")!;
        await DoneAsync(server, first);
        await DoneAsync(server, second);
        var third = (await server.AskAsync("$reindex")).ShouldBe(202).Header("Content-Location")!;

        // Ended work is not taken up again.
        Assert.NotEqual(first, third);
        await DoneAsync(server, third);
    }

    [Fact]
    public async Task Given_up_it_does_no_more_and_says_so()
    {
        await using var server = await TestServer.StartAsync(_database.Settings);
        await FillAsync(server, 2);
        var status = (await server.AskAsync("$reindex")).ShouldBe(202).Header("Content-Location")!;

        var deleted = await server.DeleteAsync(status);

        Assert.Contains(deleted.Status, new[] { 202, 422 });
        if (deleted.Status == 202)
            (await server.GetAsync(status)).ShouldBe(404);
    }

    [Fact]
    public async Task What_there_is_not_is_named_with_what_there_is()
    {
        await using var server = await TestServer.StartAsync(_database.Settings);

        var type = (await server.AskAsync("$reindex", Ask.Text("type", "Patients"))).ShouldBe(400);
        Assert.StartsWith(
            "error not-supported Parameters.parameter: 'Patients' is no resource type of FHIR R4; there are Account, ActivityDefinition,",
            Assert.Single(type.Issues),
            StringComparison.Ordinal
        );
        (await server.AskAsync("$reindex", Ask.Text("type", "Basic"), Ask.Text("parameter", "colour"))).ShouldRefuse(
            400,
            "error not-supported Parameters.parameter: 'colour' is no search parameter of Basic that has an index; there are _profile, _security, _source, _tag, author, code, created, identifier, patient, subject."
        );
        (await server.AskAsync("$reindex", Ask.Text("colour", "red"))).ShouldBe(400);
        (await server.GetAsync("$reindex")).ShouldBe(405);
        Assert.Equal(2, await Program.Main(["reindex", "Patients", .. _database.Settings]));
    }

    private static int Total(Answer answer) => answer.ShouldBe(200).Json.GetProperty("total").GetInt32();

    /// <summary>With the four others that are stored, and one that the reindex itself leaves.</summary>
    private static int Resources(int patients) => (patients * 3) + 5;

    private static decimal Number(Answer report, string name) =>
        report
            .Json.GetProperty("parameter")
            .EnumerateArray()
            .Single(p => p.GetProperty("name").GetString() == name)
            .GetProperty("valueDecimal")
            .GetDecimal();

    private static async Task<Answer> ReindexAsync(TestServer server, params string[] parameters) =>
        await DoneAsync(
            server,
            (await server.AskAsync("$reindex", parameters)).ShouldBe(202).Header("Content-Location")!
        );

    private static async Task<Answer> DoneAsync(TestServer server, string status)
    {
        for (var look = 0; look < MostLooks; look++)
        {
            var answer = await server.GetAsync(status);
            if (answer.Status != 202)
                return answer.ShouldBe(200);
            Assert.Matches(@"^\d+ of \d+ resources", answer.Header("X-Progress"));
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException("The index is not written anew in two minutes.");
    }

    /// <summary>All rows of what was there before the first reindex: its own Task and Provenance come and go.</summary>
    private async Task<List<string>> StateAsync()
    {
        var last = await _database.ScalarAsync("""SELECT "Key" FROM "Resource" WHERE "Id" = 'last'""");
        var number = Convert.ToInt64(last, CultureInfo.InvariantCulture) & ((1L << 48) - 1);
        var state = new List<string>();
        foreach (var table in Index.Concat(Kept))
            state.AddRange(
                (await _database.RowsAsync(table, $""" WHERE "ResourceKey" % {1L << 48} <= {number}""")).Select(row =>
                    $"{table} {row}"
                )
            );
        state.AddRange(
            (await _database.RowsAsync("Resource")).Where(row =>
                (long.Parse(row.Split('|')[0], CultureInfo.InvariantCulture) & ((1L << 48) - 1)) <= number
            )
        );
        return state;
    }

    private static async Task FillAsync(TestServer server, int patients)
    {
        for (var first = 0; first < patients; first += 60)
        {
            var entries = Enumerable
                .Range(first, Math.Min(60, patients - first))
                .SelectMany(i =>
                    (string[])
                        [
                            Given.Entry("PUT", $"Patient/p{i}", Patient(i, "O'Brien", "urn:n")),
                            Given.Entry("PUT", $"Observation/o{i}", Observation(i)),
                            Given.Entry("PUT", $"Task/t{i}", Todo(i)),
                        ]
                );
            (await server.PostAsync("", Given.Transaction([.. entries]))).ShouldBe(200);
        }

        await server.PutAsync(
            "RiskAssessment/ra",
            """{"resourceType":"RiskAssessment","id":"ra","status":"final","subject":{"reference":"Patient/p0"},"prediction":[{"probabilityDecimal":0.25,"qualitativeRisk":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/risk-probability","code":"high"}]}}]}"""
        );
        await server.PutAsync(
            "EpisodeOfCare/e",
            """{"resourceType":"EpisodeOfCare","id":"e","status":"active","patient":{"reference":"Patient/p0"},"careManager":{"reference":"PractitionerRole/m"},"managingOrganization":{"reference":"Organization/o"}}"""
        );
        await server.PutAsync(
            "ValueSet/vs",
            """{"resourceType":"ValueSet","id":"vs","url":"https://example.org/vs","status":"draft"}"""
        );
        (await server.PutAsync("Patient/last", """{"resourceType":"Patient","id":"last","active":true}""")).ShouldBe(
            201
        );
    }

    private static string Patient(int number, string family, string system) =>
        $$"""{"resourceType":"Patient","id":"p{{number}}","identifier":[{"system":"{{system}}","value":"{{number}}"}],"gender":"other","birthDate":"1970-01-0{{(
            number % 9
        ) + 1}}","name":[{"family":"{{family}}","given":["José Luis"]}],"generalPractitioner":[{"reference":"Practitioner/x{{number}}"}]}""";

    private static string Observation(int number) =>
        $$$"""{"resourceType":"Observation","id":"o{{{number}}}","status":"final","subject":{"reference":"Patient/p{{{number}}}"},"effectiveDateTime":"2020-01-01T00:00:00Z","code":{"coding":[{"system":"http://loinc.org","code":"29463-7"}]},"valueQuantity":{"value":70.5,"unit":"kg","system":"http://unitsofmeasure.org","code":"kg"}}""";

    private static string Todo(int number) =>
        $$$$"""{"resourceType":"Task","id":"t{{{{number}}}}","status":"requested","intent":"order","priority":"urgent","for":{"reference":"Patient/p{{{{number}}}}"},"restriction":{"period":{"end":"2035-01-01T00:00:00Z"}}}""";
}
