using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CareCoordination.Access.Roles;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.SignIn.Clients;

namespace CareCoordination.Server.Tests.SignIn;

/// <summary>An EHR starts an app with what it has open. https://hl7.org/fhir/smart-app-launch/app-launch.html#launch-app-ehr-launch</summary>
public abstract class EhrLaunchTests(SharedSignIn shared) : SignInTests(shared)
{
    public sealed class OnSqlite(SqliteSignIn shared) : EhrLaunchTests(shared);

    public sealed class OnPostgreSql(PostgreSqlSignIn shared) : EhrLaunchTests(shared);

    private const string Scope = "launch openid fhirUser offline_access patient/*.rs";

    [Fact]
    public async Task An_app_is_told_of_the_patient_and_the_encounter_that_are_open_and_again_at_a_refresh()
    {
        var (patient, encounter) = await StoreAsync();
        var app = await AppAsync();
        var user = await Server.AddUserAsync(CareRole.Supervisor);
        using var browser = new AppBrowser(Server);
        var launch = await LaunchAsync(app, patient, encounter, "Practitioner/anna");
        Assert.DoesNotContain(patient, launch, StringComparison.Ordinal);

        var back = await browser.SignInAsync(browser.Authorize(app, Scope, ("launch", launch)), user.Name);
        var tokens = await browser.RedeemAsync(app, back.ShouldBeBack());

        Assert.Equal((patient, encounter), (tokens.Text("patient"), tokens.Text("encounter")));
        Assert.Equal("True", tokens.Text("need_patient_banner"));
        Assert.Contains("launch", tokens.Text("scope")!.Split(' '));
        Assert.Equal(patient, tokens.Claims().GetProperty("patient").GetString());
        var refreshed = await browser.RefreshAsync(app, tokens);
        Assert.Equal((patient, encounter), (refreshed.Text("patient"), refreshed.Text("encounter")));
        var read = await Server.Server.GetAsync(
            $"Patient/{patient}",
            $"Authorization: Bearer {refreshed.Text("access_token")}"
        );
        Assert.Equal(200, read.Status);
        var (other, _) = await StoreAsync();
        Assert.Equal(
            404,
            (
                await Server.Server.GetAsync(
                    $"Patient/{other}",
                    $"Authorization: Bearer {refreshed.Text("access_token")}"
                )
            ).Status
        );
    }

    [Fact]
    public async Task The_consent_of_a_person_may_leave_the_launch_out()
    {
        var (patient, _) = await StoreAsync();
        var app = await AppAsync(asksConsent: true);
        var user = await Server.AddUserAsync(CareRole.Supervisor);
        using var browser = new AppBrowser(Server);
        var launch = await LaunchAsync(app, patient);
        var page = await browser.SignInAsync(browser.Authorize(app, "launch user/*.rs", ("launch", launch)), user.Name);
        Assert.Contains("open where you came from", page.Html, StringComparison.Ordinal);

        var back = await browser.SubmitAsync(page, "Allow", ("scope", "user/*.rs"));
        var tokens = await browser.RedeemAsync(app, back.ShouldBeBack());

        Assert.Null(tokens.Text("patient"));
        Assert.Equal("user/*.rs", tokens.Text("scope"));
    }

    [Theory]
    [InlineData("none", "invalid_request")]
    [InlineData("empty", "invalid_request")]
    [InlineData("made up", "invalid_request")]
    [InlineData("changed", "invalid_request")]
    [InlineData("too long", "invalid_request")]
    [InlineData("a decision", "invalid_request")]
    [InlineData("of another app", "invalid_request")]
    [InlineData("used", "invalid_request")]
    [InlineData("for somebody else", "access_denied")]
    [InlineData("of a patient whom nobody may see here", "access_denied")]
    public async Task A_launch_that_is_none_for_this_app_and_person_now_is_refused(string kind, string error)
    {
        var (patient, _) = await StoreAsync();
        var app = await AppAsync();
        var user = await Server.AddUserAsync(
            kind == "of a patient whom nobody may see here" ? CareRole.CareManager : CareRole.Supervisor
        );
        using var browser = new AppBrowser(Server);
        await browser.SignInAsync(browser.Authorize(app, "user/*.rs"), user.Name);
        var right = await LaunchAsync(app, patient, null, kind == "for somebody else" ? "Practitioner/bert" : null);
        if (kind == "used")
            (await browser.GoAsync(browser.Authorize(app, Scope, ("launch", right)))).ShouldBeBack();
        var launch = kind switch
        {
            "none" => null,
            "empty" => "",
            "made up" => "CfDJ8made-up",
            "changed" => right[..^4] + (right[^4] == 'A' ? "B" : "A") + right[^3..],
            "too long" => new string('A', 5000),
            "a decision" => "decision",
            "of another app" => await LaunchAsync(await AppAsync(), patient),
            _ => right,
        };

        var back = (await browser.GoAsync(browser.Authorize(app, Scope, ("launch", launch)))).ShouldBeBack();

        Assert.Equal((kind, error), (kind, back.Query("error")));
        Assert.Null(back.Query("code"));
        Assert.NotNull(back.Query("error_description"));
        Assert.Equal(browser.State, back.Query("state"));
    }

    [Fact]
    public async Task Of_many_requests_with_one_launch_at_once_one_gets_a_code()
    {
        var (patient, _) = await StoreAsync();
        var app = await AppAsync();
        var user = await Server.AddUserAsync(CareRole.Supervisor);
        using var browser = new AppBrowser(Server);
        await browser.SignInAsync(browser.Authorize(app, "user/*.rs"), user.Name);
        var address = browser.Authorize(app, Scope, ("launch", await LaunchAsync(app, patient)));

        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => browser.GoAsync(address)));

        Assert.Single(all, page => page.Query("code") is not null);
    }

    [Fact]
    public async Task Without_the_scope_a_launch_says_nothing_and_without_registration_there_is_no_scope()
    {
        var (patient, _) = await StoreAsync();
        var app = await AppAsync();
        var other = await Server.AddAppAsync("user/*.rs");
        var user = await Server.AddUserAsync(CareRole.Supervisor);
        using var browser = new AppBrowser(Server);
        var launch = await LaunchAsync(app, patient);

        var back = await browser.SignInAsync(browser.Authorize(app, "user/*.rs", ("launch", launch)), user.Name);
        Assert.Null((await browser.RedeemAsync(app, back.ShouldBeBack())).Text("patient"));
        back = await browser.GoAsync(browser.Authorize(other, "launch user/*.rs", ("launch", launch)));
        var tokens = await browser.RedeemAsync(other, back.ShouldBeBack());
        Assert.Equal(("user/*.rs", null), (tokens.Text("scope"), tokens.Text("patient")));
    }

    [Theory]
    [InlineData("""{"client_id":"nobody","patient":"PATIENT"}""", 422, "client_id")]
    [InlineData("""{"patient":"PATIENT"}""", 422, "client_id")]
    [InlineData("""{"client_id":"NEVER","patient":"PATIENT"}""", 422, "scope launch")]
    [InlineData("""{"client_id":"APP"}""", 422, "patient has to be")]
    [InlineData("""{"client_id":"APP","patient":"Patient/PATIENT"}""", 422, "patient has to be")]
    [InlineData("""{"client_id":"APP","patient":"nobody"}""", 422, "no such patient")]
    [InlineData("""{"client_id":"APP","patient":"ELSEWHERE"}""", 422, "no such patient")]
    [InlineData("""{"client_id":"APP","patient":"PATIENT","encounter":"nothing"}""", 422, "no such encounter")]
    [InlineData("""{"client_id":"APP","patient":"OTHER","encounter":"ENCOUNTER"}""", 422, "no such encounter")]
    [InlineData("""{"client_id":"APP","patient":"PATIENT","encounter":"a b"}""", 422, "encounter has to be")]
    [InlineData("""{"client_id":"APP","patient":"PATIENT","fhir_user":"anna"}""", 422, "fhir_user")]
    [InlineData("""{"client_id":"APP","patient":"PATIENT","intent":"x"}""", 400, "intent")]
    [InlineData("""{""", 400, "no JSON")]
    [InlineData("""null""", 400, "empty")]
    public async Task What_is_wrong_with_a_launch_is_said(string body, int status, string said)
    {
        var (patient, encounter) = await StoreAsync();
        var (other, _) = await StoreAsync();
        var (elsewhere, _) = await StoreAsync("org-2");
        var app = await AppAsync();
        var never = await Server.AddAppAsync("user/*.rs");
        body = body.Replace("NEVER", never.Id)
            .Replace("APP", app.Id)
            .Replace("PATIENT", patient)
            .Replace("ELSEWHERE", elsewhere)
            .Replace("OTHER", other)
            .Replace("ENCOUNTER", encounter);

        var answer = await AskAsync(await EhrTokenAsync(), body);

        Assert.Equal(status, answer.Status);
        Assert.Contains(said, answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_no_EHR_or_may_not_read_the_patient_makes_no_launch()
    {
        var (patient, _) = await StoreAsync();
        var app = await AppAsync();
        var body = $$"""{"client_id":"{{app.Id}}","patient":"{{patient}}"}""";
        foreach (var role in (CareRole[])[CareRole.Administrator, CareRole.Hospital, CareRole.Partner])
            Assert.Equal(403, (await AskAsync(await AdminRequests.TokenOfProgramAsync(Server, role), body)).Status);
        Assert.Equal(422, (await AskAsync(await EhrTokenAsync("system/Observation.rs"), body)).Status);
        Assert.Equal(401, (await AskAsync(null, body)).Status);
        Assert.Equal(201, (await AskAsync(await EhrTokenAsync("system/Patient.r"), body)).Status);
    }

    [Fact]
    public async Task Apps_are_told_that_they_may_be_launched()
    {
        var told = JsonDocument
            .Parse(await Server.Server.Client.GetStringAsync($"{Server.Root}/.well-known/smart-configuration"))
            .RootElement;
        var capabilities = told.GetProperty("capabilities").EnumerateArray().Select(c => c.GetString()).ToList();

        Assert.Contains("launch-ehr", capabilities);
        Assert.Contains("context-ehr-patient", capabilities);
        Assert.Contains("context-ehr-encounter", capabilities);
        Assert.Contains("launch", told.GetProperty("scopes_supported").EnumerateArray().Select(c => c.GetString()));
    }

    private Task<ClientRecord> AppAsync(bool asksConsent = false) =>
        Server.AddAppAsync(Scope + " user/*.rs launch/patient", asksConsent: asksConsent);

    private async Task<string> LaunchAsync(
        ClientRecord app,
        string patient,
        string? encounter = null,
        string? person = null
    )
    {
        var answer = await AskAsync(
            await EhrTokenAsync(),
            JsonSerializer.Serialize(
                new
                {
                    client_id = app.Id,
                    patient,
                    encounter,
                    fhir_user = person,
                }
            )
        );
        Assert.True(answer.Status == 201, answer.Body);
        var json = JsonDocument.Parse(answer.Body).RootElement;
        Assert.Equal(300, json.GetProperty("expires_in").GetInt32());
        return json.GetProperty("launch").GetString()!;
    }

    private async Task<string> EhrTokenAsync(string scope = "system/*.rs")
    {
        using var browser = new AppBrowser(Server);
        using var ehr = new BackendClient(isEc: true);
        await Server.AddAsync(ehr.Record(scope));
        return (await BackendClient.AskAsync(browser, ehr.Assertion(Server), scope)).Text("access_token")!;
    }

    private async Task<(int Status, string Body)> AskAsync(string? token, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Server.Root}/launch");
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await Server.Server.Client.SendAsync(request);
        Assert.NotEqual(HttpStatusCode.InternalServerError, response.StatusCode);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private async Task<(string Patient, string Encounter)> StoreAsync(string organization = "org-1")
    {
        var (patient, encounter) = (Given.Id(), Given.Id());
        await Server.StoreAsync(
            "Patient",
            patient,
            $$$"""{"resourceType":"Patient","id":"{{{patient}}}","name":[{"family":"Ek"}],"managingOrganization":{"reference":"Organization/{{{organization}}}"}}"""
        );
        await Server.StoreAsync(
            "Encounter",
            encounter,
            $$$"""{"resourceType":"Encounter","id":"{{{encounter}}}","status":"in-progress","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB"},"subject":{"reference":"Patient/{{{patient}}}"}}"""
        );
        return (patient, encounter);
    }
}
