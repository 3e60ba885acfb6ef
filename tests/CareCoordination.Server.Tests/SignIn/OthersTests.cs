using CareCoordination.Access.Roles;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.SignIn.Clients;
using CareCoordination.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;

namespace CareCoordination.Server.Tests.SignIn;

/// <summary>
/// Clients that nobody here wrote, unmodified: SMART's own fhirclient in a real browser, sign-in pages and all, and fhir-kit-client as a
/// program without a person. They come from npm, the browser is looked for as <c>SwaggerUiTests</c> does.
/// </summary>
public sealed class OthersTests
{
    private static readonly string Folder = Path.Combine(SharedMaterial.Repository, "samples", "clients");

    [Fact]
    public async Task The_client_of_SMART_launches_by_itself_in_a_browser_and_reads_the_patient_that_somebody_chose()
    {
        Require("fhirclient");
        var chromium = Browsers.Chromium();
        await using var app = await AppAsync();
        var home = app.Urls.First();
        await using var server = await SignInServer.StartAsync(
            isPostgreSql: false,
            null,
            $"--Server:CorsOrigins={home}"
        );
        var client = new ClientRecord(
            "smart-app",
            "A SMART app",
            ClientKind.Public,
            "launch/patient openid fhirUser offline_access patient/*.rs"
        )
        {
            RedirectUris = [$"{home}/index.html"],
        };
        await server.AddAsync(client);
        var user = await server.AddUserAsync(CareRole.Supervisor);
        var id = Given.Id();
        await server.StoreAsync(
            "Patient",
            id,
            $$$"""{"resourceType":"Patient","id":"{{{id}}}","name":[{"family":"Lindqvist{{{id}}}","given":["Ada"]}],"managingOrganization":{"reference":"Organization/org-1"}}"""
        );

        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(
            new() { ExecutablePath = chromium, Args = ["--no-sandbox", "--disable-gpu", "--no-first-run"] }
        );
        var page = await browser.NewPageAsync();
        var problems = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                problems.Add(message.Text);
        };
        await page.GotoAsync($"{home}/launch.html?iss={Uri.EscapeDataString(server.Base)}");
        await page.GetByLabel("Name").FillAsync(user.Name);
        await page.GetByLabel("Password").FillAsync(SignInServer.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.GetByLabel("Name").FillAsync("Lindqvist" + id);
        await page.GetByRole(AriaRole.Button, new() { Name = "Search" }).ClickAsync();
        await page.GetByLabel("Ada Lindqvist" + id).CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Choose" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Allow" }).ClickAsync();
        await page.WaitForFunctionAsync("document.title === 'done' || document.title === 'failed'");

        Assert.True(await page.TitleAsync() == "done", $"{await page.ContentAsync()}\n{string.Join('\n', problems)}");
        Assert.Equal($"{id} Lindqvist{id} Practitioner/anna refreshed", await page.InnerTextAsync("#told"));
        Assert.Empty(problems);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_program_of_others_gets_a_token_with_its_key_and_asks_with_it(bool isEc)
    {
        Require("fhir-kit-client");
        using var program = new BackendClient(isEc);
        await using var server = await SignInServer.StartAsync(isPostgreSql: false);
        await server.AddAsync(program.Record());
        var folder = Directory.CreateTempSubdirectory("care-key-").FullName;
        var key = Path.Combine(folder, "key.pem");
        await File.WriteAllTextAsync(key, program.PrivatePem());

        var run = await ProgramRun.OfAsync(
            Folder,
            "node",
            ["backend-services.mjs"],
            ("FHIR_BASE", server.Base),
            ("CLIENT_ID", program.Id),
            ("CLIENT_KEY", key),
            ("CLIENT_KID", program.KeyId)
        );

        Directory.Delete(folder, recursive: true);
        Assert.True(run.Code == 0, $"{run.Output}\n{run.Error}");
        Assert.Contains("backend-services: done", run.Output, StringComparison.Ordinal);
    }

    private static void Require(string package)
    {
        var isThere = Directory.Exists(Path.Combine(Folder, "node_modules", package));
        if (Environment.GetEnvironmentVariable("CARE_REQUIRE_CLIENTS") == "1")
            Assert.True(isThere, "The clients are not installed: run npm ci in samples/clients.");
        Assert.SkipUnless(isThere, "The clients are not installed: run npm ci in samples/clients.");
    }

    /// <summary>The pages of an app, as the documentation of fhirclient has them.</summary>
    private static async Task<WebApplication> AppAsync()
    {
        var library = await File.ReadAllTextAsync(
            Path.Combine(Folder, "node_modules", "fhirclient", "build", "fhir-client.js")
        );
        var app = WebApplication.CreateSlimBuilder().Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.Run(context =>
        {
            context.Response.ContentType = context.Request.Path == "/fhir-client.js" ? "text/javascript" : "text/html";
            return context.Response.WriteAsync(
                context.Request.Path.Value switch
                {
                    "/fhir-client.js" => library,
                    "/launch.html" => Launch,
                    "/index.html" => Index,
                    _ => "",
                }
            );
        });
        await app.StartAsync();
        return app;
    }

    private const string Launch = """
        <!DOCTYPE html><script src="/fhir-client.js"></script>
        <script>
          FHIR.oauth2.authorize({
            clientId: "smart-app",
            scope: "launch/patient openid fhirUser offline_access patient/*.rs",
            redirectUri: "index.html",
            pkceMode: "required",
          });
        </script>
        """;

    private const string Index = """
        <!DOCTYPE html><p id="told"></p><script src="/fhir-client.js"></script>
        <script>
          FHIR.oauth2.ready()
            .then(async (client) => {
              const patient = await client.patient.read();
              const before = client.state.tokenResponse.access_token;
              await client.refresh();
              const refreshed = client.state.tokenResponse.access_token !== before ? "refreshed" : "the same";
              await client.patient.read();
              document.getElementById("told").textContent =
                [client.patient.id, patient.name[0].family, client.getFhirUser(), refreshed].join(" ");
              document.title = "done";
            })
            .catch((error) => {
              document.getElementById("told").textContent = String(error && error.stack || error);
              document.title = "failed";
            });
        </script>
        """;
}
