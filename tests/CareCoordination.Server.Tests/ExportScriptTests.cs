using System.Text;
using System.Text.Json.Nodes;
using CareCoordination.SampleData;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.TestKit;

namespace CareCoordination.Server.Tests;

/// <summary>The way from a database that cannot be brought forward into a new one, as docs/operators/upgrade.md says it.</summary>
public sealed class ExportScriptTests
{
    private static readonly string Script = Path.Combine(SharedMaterial.Repository, "deploy", "export.sh");

    /// <summary>Of all types it takes a while, as each is asked for by itself.</summary>
    private static readonly string[] Types =
    [
        "Basic",
        "Patient",
        "Task",
        "CarePlan",
        "EpisodeOfCare",
        "Organization",
        "Practitioner",
        "PractitionerRole",
        "OperationDefinition",
        "Device",
    ];

    [Fact]
    public async Task What_is_exported_and_imported_is_the_same_under_the_same_ids()
    {
        Assert.SkipUnless(await HasAsync("jq") && await HasAsync("curl"), "curl and jq are not installed.");
        var folder = Directory.CreateTempSubdirectory("care-export-").FullName;
        await using var old = await TestServer.OnSqliteAsync();
        await FillAsync(old);
        // More than a page of one type.
        (
            await old.PostAsync(
                "",
                Given.Batch([.. Enumerable.Range(0, 510).Select(i => Given.Entry("PUT", $"Basic/b{i}", Basic(i)))])
            )
        ).ShouldBe(200);

        var (code, _, error) = await ProgramRun.OfAsync(folder, "bash", [Script, old.Base, "export", .. Types]);
        Assert.True(code == 0, error);
        var database = $"--ConnectionStrings:CareCoordination=Data Source={Path.Combine(folder, "new.db")}";
        var (imported, output, wrong) = await ProgramRun.OfAsync(
            folder,
            "import",
            "export",
            "--Server:BaseUrl=https://care.example.org/fhir",
            database
        );

        Assert.True(imported == 0, output + wrong);
        await using var renewed = await TestServer.StartAsync([database]);
        foreach (var type in Types.SkipLast(2))
            Assert.Equal(await AllAsync(old, type), await AllAsync(renewed, type));
        Assert.Equal(510, (await AllAsync(renewed, "Basic")).Count);
        foreach (var own in (string[])["OperationDefinition", "Device"])
            Assert.False(File.Exists(Path.Combine(folder, "export", $"{own}.ndjson")));
    }

    [Fact]
    public async Task It_says_in_a_sentence_that_nobody_answers()
    {
        Assert.SkipUnless(await HasAsync("jq") && await HasAsync("curl"), "curl and jq are not installed.");

        var (code, _, error) = await ProgramRun.OfAsync(
            Path.GetTempPath(),
            "bash",
            [Script, "http://127.0.0.1:1/fhir", "none"]
        );

        Assert.Equal(2, code);
        Assert.Equal("No FHIR server answers at http://127.0.0.1:1/fhir.", error.Trim());
    }

    private static async Task<bool> HasAsync(string program) =>
        !OperatingSystem.IsWindows()
        && (await ProgramRun.OfAsync(Path.GetTempPath(), "bash", ["-c", $"command -v {program}"])).Code == 0;

    private static async Task FillAsync(TestServer server)
    {
        var population = new SamplePopulation(new SampleOptions(Patients: 3, Seed: 4));
        foreach (var record in population.Patients().Prepend(population.Network))
        {
            using var output = new MemoryStream();
            SampleWriter.WriteTransaction(record, ReferenceStyle.Relative, output);
            (await server.PostAsync("", Encoding.UTF8.GetString(output.ToArray()))).ShouldBe(200);
        }
    }

    private static string Basic(int number) =>
        $$$"""{"resourceType":"Basic","id":"b{{{number}}}","code":{"text":"n {{{number}}}"}}""";

    /// <summary>
    /// By id, without what the server says of a version, and without the lateness that an import takes as told of (docs/import.md).
    /// </summary>
    private static async Task<SortedDictionary<string, string>> AllAsync(TestServer server, string type)
    {
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        for (var next = $"{type}?_count=1000"; next is not null; )
        {
            var page = JsonNode.Parse((await server.GetAsync(next)).ShouldBe(200).Body)!;
            foreach (var entry in page["entry"]?.AsArray() ?? [])
            {
                var resource = entry!["resource"]!.AsObject();
                resource.Remove("meta");
                if (resource["extension"] is JsonArray extensions)
                {
                    extensions.RemoveAll(e =>
                        ((string?)e!["url"])?.EndsWith("/escalated", StringComparison.Ordinal) == true
                    );
                    if (extensions.Count == 0)
                        resource.Remove("extension");
                }

                all.Add((string)resource["id"]!, resource.ToJsonString());
            }

            next = (string?)page["link"]!.AsArray().FirstOrDefault(l => (string?)l!["relation"] == "next")?["url"];
        }

        return all;
    }
}
