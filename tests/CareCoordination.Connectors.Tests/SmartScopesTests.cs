using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Web;
using CareCoordination.Connectors.Partners;
using CareCoordination.Connectors.Probing;
using CareCoordination.Connectors.Security;
using Microsoft.AspNetCore.Http;

namespace CareCoordination.Connectors.Tests;

/// <summary>What a token is asked for and what it allows, and who we are where no key is taken.</summary>
public sealed class SmartScopesTests : IAsyncLifetime
{
    private readonly string _keyPath = Path.GetTempFileName();
    private readonly PartnerConnectors _connectors = Lines.Connectors();
    private ScriptedPartner _partner = null!;
    private string? _granted;

    public async ValueTask InitializeAsync()
    {
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        await File.WriteAllTextAsync(_keyPath, ec.ExportPkcs8PrivateKeyPem());
        _partner = await ScriptedPartner.StartAsync();
        _partner.Answer = (asked, c) =>
            asked.Path switch
            {
                "/.well-known/smart-configuration" => c.JsonAsync(
                    200,
                    $$"""{"token_endpoint":"{{_partner.Address}}/token"}"""
                ),
                "/token" => c.JsonAsync(
                    200,
                    _granted is null
                        ? """{"access_token":"t","token_type":"bearer","expires_in":300}"""
                        : $$"""{"access_token":"t","token_type":"bearer","expires_in":300,"scope":"{{_granted}}"}"""
                ),
                _ => c.TaskAsync(201, "7", 1, Samples.Copy("7", 1, "requested")),
            };
    }

    public async ValueTask DisposeAsync()
    {
        _connectors.Dispose();
        await _partner.DisposeAsync();
        File.Delete(_keyPath);
    }

    [Theory]
    [InlineData("TaskPush", "system/Task.crus")]
    [InlineData("NotifyAndPull", "system/Task.crus")]
    [InlineData(
        "TransactionBundle",
        "system/Task.crus system/ServiceRequest.crus system/Patient.cs system/Coverage.cs"
    )]
    [InlineData("MessageBundle", "system/Task.c system/ServiceRequest.c system/Patient.c system/Coverage.c")]
    [InlineData("MessageBundle", "system/Task.crs system/ServiceRequest.c system/Patient.c system/Coverage.c", true)]
    [InlineData("Hl7V2", "")]
    [InlineData("Hl7V2", "system/Task.rs", true)]
    [InlineData("DirectLight", "")]
    public void Scopes_follow_from_the_strategy_and_the_types(string strategy, string scopes, bool reads = false)
    {
        var options = new PartnerOptions
        {
            Types = ["Patient", "Coverage"],
            ReadAddress = reads ? new Uri("https://ehr.example.org/fhir") : null,
        };

        Assert.Equal(scopes, SmartScopes.Of(PartnerStrategies.Get(strategy).Access(options)));
    }

    [Theory]
    [InlineData("system/Task.cruds system/Patient.cruds", "")]
    [InlineData("system/*.cruds", "")]
    [InlineData("system/*.*", "")]
    [InlineData("system/*.read system/*.write", "")]
    [InlineData("system/Task.read system/Task.write system/Patient.c system/*.s", "")]
    [InlineData("system/Task.cru?status=requested system/*.s system/Patient.c", "")]
    [InlineData("system/Task.rs", "system/Task.cu system/Patient.cs")]
    [InlineData("system/Task.crus", "system/Patient.cs")]
    [InlineData("system/Task.crus system/Patient.rs", "system/Patient.c")]
    [InlineData("user/Task.cruds patient/Patient.cruds openid", "system/Task.crus system/Patient.cs")]
    [InlineData("", "system/Task.crus system/Patient.cs")]
    [InlineData("system/Task.xyz system/. system/ Task.cruds", "system/Task.crus system/Patient.cs")]
    [InlineData("system/Tasks.cruds system/PatientX.cruds", "system/Task.crus system/Patient.cs")]
    public void What_is_missing_of_what_was_granted_is_found_in_both_versions(string granted, string missing) =>
        Assert.Equal(missing, SmartScopes.Missing(granted, [new("Task", "crus"), new("Patient", "cs")]));

    [Theory]
    [InlineData(null, "system/Task.crus", ProbeResult.Passed)]
    [InlineData("system/Task.cruds", "system/Task.crus", ProbeResult.Passed)]
    [InlineData("system/Task.rs", "system/Task.crus", ProbeResult.Failed)]
    [InlineData("", "system/Task.crus", ProbeResult.Failed)]
    // Left out, the answer means what was asked for.
    [InlineData(null, "system/Task.rs", ProbeResult.Failed)]
    public async Task The_probe_holds_what_is_granted_against_what_will_be_sent(
        string? granted,
        string asked,
        ProbeResult result
    )
    {
        _granted = granted;
        var options = Lines.Plain with { Smart = new SmartOptions("us", _keyPath, asked, null) };

        var report = await _connectors.Line(_partner.Address, options).ProbeAsync(null, CancellationToken.None);

        var step = Assert.Single(report.Steps, s => s.Name == "scopes");
        Assert.Equal(result, step.Result);
        if (result == ProbeResult.Failed)
        {
            Assert.False(report.IsReady);
            Assert.Contains("system/Task.c", step.Sentence, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_secret_goes_in_the_header_encoded_as_in_a_form()
    {
        await SendAsync(new ClientSecret("s:e c%r&t", IsInBody: false));

        var token = _partner.Asked.Single(a => a.Path == "/token");
        var header = token.Headers.Authorization.ToString();
        Assert.StartsWith("Basic ", header, StringComparison.Ordinal);
        var pair = Encoding.UTF8.GetString(Convert.FromBase64String(header["Basic ".Length..])).Split(':');
        Assert.Equal(["client/7", "s:e c%r&t"], pair.Select(WebUtility.UrlDecode));
        var form = HttpUtility.ParseQueryString(token.Body);
        Assert.Equal("grant_type,scope", string.Join(',', form.AllKeys));
    }

    [Fact]
    public async Task A_secret_goes_in_the_body()
    {
        await SendAsync(new ClientSecret("s:e c%r&t", IsInBody: true));

        var token = _partner.Asked.Single(a => a.Path == "/token");
        Assert.Equal("", token.Headers.Authorization.ToString());
        var form = HttpUtility.ParseQueryString(token.Body);
        Assert.Equal(
            ("client_credentials", "client/7", "s:e c%r&t", null),
            (form["grant_type"], form["client_id"], form["client_secret"], form["client_assertion"])
        );
        Assert.Equal("Bearer t", _partner.Asked[^1].Headers.Authorization.ToString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_secret_is_in_no_text(bool isInBody)
    {
        var options = new SmartOptions("us", null, "", null) { Secret = new ClientSecret("hidden", isInBody) };

        Assert.DoesNotContain("hidden", options.ToString(), StringComparison.Ordinal);
    }

    private async Task SendAsync(ClientSecret secret)
    {
        var options = Lines.Plain with
        {
            Smart = new SmartOptions("client/7", null, "system/Task.crus", null) { Secret = secret },
        };
        Assert.IsType<SendOutcome.Delivered>(
            await _connectors.Line(_partner.Address, options).SendAsync(Samples.Package(), CancellationToken.None)
        );
    }
}
