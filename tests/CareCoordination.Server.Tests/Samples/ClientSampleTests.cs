using CareCoordination.Server.Tests.Kit;
using CareCoordination.TestKit;

namespace CareCoordination.Server.Tests.Samples;

/// <summary>
/// Clients of others, unmodified, what generators of others make of the OpenAPI document, and Redocly's rules, by the script that a person
/// runs. They come from npm and NuGet: where they are not installed the test is skipped, and with CARE_REQUIRE_CLIENTS=1 they are installed.
/// </summary>
public sealed class ClientSampleTests
{
    private static readonly string Folder = Path.Combine(SharedMaterial.Repository, "samples", "clients");

    [Fact]
    public async Task Clients_of_others_do_what_they_can_unmodified()
    {
        if (Environment.GetEnvironmentVariable("CARE_REQUIRE_CLIENTS") != "1")
            Assert.SkipUnless(
                Directory.Exists(Path.Combine(Folder, "node_modules", "@redocly", "cli")),
                "The clients are not installed: run npm ci in samples/clients, or set CARE_REQUIRE_CLIENTS=1."
            );
        await using var server = await TestServer.OnSqliteAsync();

        var (code, output, error) = await ProgramRun.OfAsync(Folder, "bash", ["run.sh", server.Base]);

        Assert.True(code == 0, $"{output}\n{error}");
        foreach (
            var client in (string[])
                [
                    "fhir-kit-client",
                    "fhirclient",
                    "@medplum/core",
                    "openapi-typescript",
                    "orval",
                    "@hey-api/openapi-ts",
                    "NSwag",
                    "Kiota",
                ]
        )
            Assert.Contains($"{client}: done", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_script_says_in_a_sentence_that_nobody_answers()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no bash here.");

        var (code, _, error) = await ProgramRun.OfAsync(Folder, "bash", ["run.sh", "http://127.0.0.1:1/fhir"]);

        Assert.Equal(2, code);
        Assert.Contains("No FHIR server answers at http://127.0.0.1:1/fhir", error, StringComparison.Ordinal);
    }
}
