using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using CareCoordination.Application.Settings;
using CareCoordination.Connectors.Partners;
using CareCoordination.Exchange.Settings;
using CareCoordination.Server.Tests.Kit;
using Microsoft.Extensions.Configuration;

namespace CareCoordination.Server.Tests;

/// <summary>Sections Connectors and Partners, and the keys we publish for them.</summary>
public sealed class PartnersOptionsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("care-partners-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void An_endpoint_without_a_section_has_the_defaults() =>
        Assert.Same(PartnerOptions.Defaults, Read()["north"]);

    [Fact]
    public void Every_setting_is_read()
    {
        var key = SaveKey();
        var options = Read(
            "Connectors:AllowedHosts=ehr.example.org, http://ehr.internal:8080",
            "Partners:north:Strategy=transactionbundle",
            "Partners:north:Profile=gravity",
            "Partners:north:TotalTimeoutSeconds=60",
            "Partners:north:AttemptTimeoutSeconds=20",
            "Partners:north:Retries=0",
            "Partners:north:RetryDelayMilliseconds=50",
            "Partners:north:LongestRetryAfterSeconds=0",
            "Partners:north:BreakerFailures=7",
            "Partners:north:BreakSeconds=90",
            "Partners:north:RequestsPerSecond=40",
            "Partners:north:Concurrency=4",
            "Partners:north:MaxEntries=20",
            "Partners:north:MaxBytes=100000",
            "Partners:north:Outputs:0=Procedure",
            "Partners:north:Types=Patient,Coverage",
            "Partners:north:NeedsConsent=true",
            "Partners:north:PollMinutes=15",
            "Partners:north:PollQuery=requester=Organization/7",
            "Partners:north:ReadAddress=https://ehr.example.org/fhir",
            "Partners:north:Headers:X-Site=7",
            "Partners:north:PatientIdentifierSystem=urn:oid:1.2",
            "Partners:north:SmartClientId=us",
            $"Partners:north:SmartKeyPath={key}",
            "Partners:north:SmartScopes=system/Task.cru",
            "Partners:north:SmartTokenEndpoint=https://auth.example.org/token",
            $"Partners:north:CertificatePath={key}",
            $"Partners:north:CertificateKeyPath={key}",
            $"Partners:north:AuthorityPath={key}",
            "Partners:north:Hl7SendingFacility=MAIN",
            "Partners:north:Hl7Version=2.3.1"
        );

        Assert.Equal(["ehr.example.org", "http://ehr.internal:8080"], options.Guard.Hosts);
        Assert.True(options.Guard.AllowLoopback);
        var read = options["north"];
        Assert.Equal(["Patient", "Coverage"], read.Types);
        Assert.Equal([KeyValuePair.Create("X-Site", "7")], read.Headers);
        Assert.Equal(
            new PartnerOptions
            {
                Strategy = "TransactionBundle",
                Profile = "gravity",
                TotalTimeout = TimeSpan.FromSeconds(60),
                AttemptTimeout = TimeSpan.FromSeconds(20),
                Retries = 0,
                RetryDelay = TimeSpan.FromMilliseconds(50),
                LongestRetryAfter = TimeSpan.Zero,
                BreakerFailures = 7,
                BreakTime = TimeSpan.FromSeconds(90),
                RequestsPerSecond = 40,
                Concurrency = 4,
                MaxEntries = 20,
                MaxBytes = 100_000,
                Outputs = read.Outputs,
                Types = read.Types,
                NeedsConsent = true,
                PollInterval = TimeSpan.FromMinutes(15),
                PollQuery = "requester=Organization/7",
                ReadAddress = new Uri("https://ehr.example.org/fhir"),
                Headers = read.Headers,
                PatientIdentifierSystem = "urn:oid:1.2",
                Smart = new SmartOptions("us", key, "system/Task.cru", new Uri("https://auth.example.org/token")),
                Tls = new()
                {
                    CertificatePath = key,
                    KeyPath = key,
                    AuthorityPath = key,
                },
                Hl7V2 = new() { SendingFacility = "MAIN", Version = "2.3.1" },
            },
            read
        );
    }

    [Theory]
    [InlineData("TaskPush", "system/Task.crus")]
    [InlineData("TransactionBundle", "system/Task.crus system/ServiceRequest.crus system/Patient.cs")]
    [InlineData("TaskPush", "system/Task.crus system/Procedure.r system/Observation.r", "Procedure", "Observation")]
    public void Scopes_that_nobody_names_are_those_of_the_strategy_and_of_what_is_fetched(
        string strategy,
        string scopes,
        params string[] outputs
    )
    {
        var options = Read([
            .. outputs.Select((type, i) => $"Partners:north:Outputs:{i}={type}"),
            $"Partners:north:Strategy={strategy}",
            "Partners:north:Types=Patient",
            "Partners:north:SmartClientId=us",
            "Partners:north:SmartClientSecret=shared",
            "Partners:north:SmartSecretMethod=post",
        ]);

        Assert.Equal(outputs, options["north"].Outputs);
        Assert.Equal(
            new SmartOptions("us", null, scopes, null) { Secret = new ClientSecret("shared", IsInBody: true) },
            options["north"].Smart
        );
        Assert.Empty(options.Keys);
    }

    [Theory]
    [InlineData(
        "Partners:north:NotificationSecret=short",
        "Partners:north:NotificationSecret has less than 16 characters: choose one that cannot be guessed."
    )]
    [InlineData(
        "Partners:north:Outputs=Patient",
        "Partners:north:Outputs is 'Patient'; it must be one of Condition, DiagnosticReport, DocumentReference, Observation, Procedure, QuestionnaireResponse."
    )]
    [InlineData(
        "Partners:north:SmartSecretMethod=jwt",
        "Partners:north:SmartSecretMethod is 'jwt'; it must be basic or post."
    )]
    [InlineData(
        "Partners:north:SmartClientSecret=alone",
        "Partners:north needs SmartClientId and one of SmartKeyPath (SMART backend services) and SmartClientSecret (OAuth client credentials)."
    )]
    [InlineData(
        "Partners:north:Strategy=Fax",
        "Partners:north:Strategy is 'Fax'; it must be one of TaskPush, NotifyAndPull, TransactionBundle, MessageBundle, Hl7V2, DirectLight."
    )]
    [InlineData("Partners:north:Profile=x", "Partners:north:Profile is 'x'; it must be one of r4, gravity, bser.")]
    [InlineData(
        "Partners:north:PollMinutes=5",
        "Partners:north:PollMinutes is '5'; it must be a whole number from 15 to 10080."
    )]
    [InlineData(
        "Partners:north:AttemptTimeoutSeconds=31",
        "Partners:north:AttemptTimeoutSeconds is longer than Partners:north:TotalTimeoutSeconds, which holds for all attempts together."
    )]
    [InlineData(
        "Partners:Endpoint/north:Profile=r4",
        "Partners:Endpoint/north is no id of an Endpoint; use its id alone, such as Partners:north-hospital."
    )]
    [InlineData("Partners:north:Types=Patients", "Partners:north:Types is 'Patients'; that is no resource type.")]
    [InlineData("Partners:north:NeedsConsent=yes", "Partners:north:NeedsConsent is 'yes'; it must be true or false.")]
    [InlineData(
        "Partners:north:ReadAddress=mllp://x:1",
        "Partners:north:ReadAddress is 'mllp://x:1'; it must be an address such as https://ehr.example.org/fhir."
    )]
    [InlineData(
        "Partners:north:SmartClientId=us",
        "Partners:north needs SmartClientId and one of SmartKeyPath (SMART backend services) and SmartClientSecret (OAuth client credentials)."
    )]
    [InlineData(
        "Partners:north:AuthorityPath=/nowhere/ca.pem",
        "Partners:north:AuthorityPath is '/nowhere/ca.pem'; there is no such file."
    )]
    [InlineData(
        "Connectors:AllowedHosts=*",
        "Connectors:AllowedHosts has '*'; an entry is a host such as ehr.example.org, *.example.org or http://ehr.internal:8080."
    )]
    [InlineData(
        "Connectors:AllowedHosts=ehr.example.org/fhir",
        "Connectors:AllowedHosts has 'ehr.example.org/fhir'; an entry is a host such as ehr.example.org, *.example.org or http://ehr.internal:8080."
    )]
    [InlineData("Connectors:AllowHosts=x", "Connectors:AllowHosts is no setting; Connectors has AllowedHosts.")]
    public void A_wrong_setting_is_named(string setting, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<ConfigurationProblem>(() => Read(setting)).Message);

    [Fact]
    public void A_setting_that_is_none_is_refused() =>
        Assert.StartsWith(
            "Partners:north:Stratgy is no setting; Partners:north has ",
            Assert.Throws<ConfigurationProblem>(() => Read("Partners:north:Stratgy=TaskPush")).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void A_key_that_partners_would_not_take_stops_the_start()
    {
        var path = Path.Combine(_folder, "not-a-key.pem");
        File.WriteAllText(path, "hello");

        Assert.StartsWith(
            $"Partners:north:SmartKeyPath is '{path}'; it must be a PEM file with a private RSA key of 2048 bits or more, or an EC key on P-384",
            Assert
                .Throws<ConfigurationProblem>(() =>
                    Read("Partners:north:SmartClientId=us", $"Partners:north:SmartKeyPath={path}")
                )
                .Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Our_public_keys_are_where_partners_look_for_them()
    {
        await using var server = await TestServer.OnSqliteAsync(
            "--Partners:north:SmartClientId=us",
            $"--Partners:north:SmartKeyPath={SaveKey()}"
        );

        using var answer = await server.Client.GetAsync(new Uri(server.Root + "/.well-known/jwks.json"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
        var keys = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("keys");
        Assert.Equal("ES384", Assert.Single(keys.EnumerateArray()).GetProperty("alg").GetString());
    }

    private static PartnersOptions Read(params string[] settings) =>
        PartnersOptions.Read(
            new ConfigurationBuilder()
                .AddInMemoryCollection(
                    settings.Select(s => s.Split('=', 2)).Select(p => KeyValuePair.Create(p[0], (string?)p[1]))
                )
                .Build(),
            isOpenOnLoopback: true
        );

    private string SaveKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var path = Path.Combine(_folder, "key.pem");
        File.WriteAllText(path, key.ExportPkcs8PrivateKeyPem());
        return path;
    }
}
