using CareCoordination.Access.Roles;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.SignIn;

/// <summary>The patient of a standalone launch. https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html</summary>
public abstract class PatientChoiceTests(SharedSignIn shared) : SignInTests(shared)
{
    public sealed class OnSqlite(SqliteSignIn shared) : PatientChoiceTests(shared);

    public sealed class OnPostgreSql(PostgreSqlSignIn shared) : PatientChoiceTests(shared);

    [Theory]
    [InlineData("name", "Ek")]
    [InlineData("birthdate", "1931-04-05")]
    [InlineData("identifier", "mrn-{0}")]
    public async Task Staff_find_a_patient_by_what_they_know_and_the_app_is_told_of_the_one_they_choose(
        string field,
        string value
    )
    {
        var id = await StoreAsync();
        var app = await Server.AddAppAsync();
        var user = await Server.AddUserAsync(CareRole.Supervisor);
        using var browser = new AppBrowser(Server);

        var page = await browser.SignInAsync(browser.Authorize(app, "launch/patient patient/*.rs"), user.Name);
        Assert.Equal("Choose a patient", page.Title);
        var found = await browser.SubmitAsync(
            page,
            "Search",
            ("name", field == "name" ? $"{value}{id}" : ""),
            ("birthdate", field == "birthdate" ? value : ""),
            ("identifier", field == "identifier" ? string.Format(null, value, id) : "")
        );
        Assert.Contains($"value=\"{id}\"", found.Html, StringComparison.Ordinal);
        var back = await browser.SubmitAsync(found, "Choose", ("patient", id));
        var tokens = await browser.RedeemAsync(app, back.ShouldBeBack());

        Assert.Equal(id, tokens.Text("patient"));
        Assert.Equal("True", tokens.Text("need_patient_banner"));
        Assert.Equal(id, tokens.Claims().GetProperty("patient").GetString());
    }

    [Fact]
    public async Task The_patient_stays_the_same_at_a_refresh_and_stands_in_no_token_without_its_scopes()
    {
        var id = await StoreAsync();
        var app = await Server.AddAppAsync();
        var user = await Server.AddUserAsync(CareRole.Supervisor);
        using var browser = new AppBrowser(Server);
        var page = await browser.SignInAsync(
            browser.Authorize(app, "offline_access launch/patient patient/*.rs"),
            user.Name
        );
        var found = await browser.SubmitAsync(page, "Search", ("name", "Ek" + id));
        var tokens = await browser.RedeemAsync(app, await browser.SubmitAsync(found, "Choose", ("patient", id)));

        Assert.Equal(id, (await browser.RefreshAsync(app, tokens)).Text("patient"));
        var without = await browser.GoAsync(browser.Authorize(app, "user/*.rs"));
        Assert.Null((await browser.RedeemAsync(app, without.ShouldBeBack())).Text("patient"));
    }

    [Fact]
    public async Task Nobody_chooses_a_patient_that_there_is_not()
    {
        var app = await Server.AddAppAsync();
        var user = await Server.AddUserAsync(CareRole.Supervisor);
        using var browser = new AppBrowser(Server);
        var page = await browser.SignInAsync(browser.Authorize(app, "launch/patient"), user.Name);
        await StoreAsync();
        var found = await browser.SubmitAsync(page, "Search", ("name", "Ek"));

        foreach (var patient in (string[])["nobody", "", "../Practitioner/anna", "x/y", new string('a', 100)])
            Assert.NotEqual("", (await browser.SubmitAsync(found, "Choose", ("patient", patient))).Problem);
    }

    [Fact]
    public async Task Staff_find_nobody_whom_they_may_not_see()
    {
        var id = await StoreAsync("org-2");
        var app = await Server.AddAppAsync();
        var user = await Server.AddUserAsync(CareRole.Supervisor);
        using var browser = new AppBrowser(Server);
        var page = await browser.SignInAsync(browser.Authorize(app, "launch/patient"), user.Name);

        Assert.NotEqual("", (await browser.SubmitAsync(page, "Search", ("name", "Ek" + id))).Problem);
        await StoreAsync();
        var found = await browser.SubmitAsync(page, "Search", ("name", "Ek"));
        Assert.DoesNotContain(id, found.Html, StringComparison.Ordinal);
        Assert.NotEqual("", (await browser.SubmitAsync(found, "Choose", ("patient", id))).Problem);
    }

    [Theory]
    [InlineData("", "", "")]
    [InlineData("Nobody-of-this-name", "", "")]
    [InlineData("", "yesterday", "")]
    [InlineData("a&_has:x=1", "", "")]
    [InlineData("", "", "|||")]
    public async Task A_search_that_finds_nobody_says_so(string name, string birthDate, string identifier)
    {
        var app = await Server.AddAppAsync();
        var user = await Server.AddUserAsync(CareRole.Supervisor);
        using var browser = new AppBrowser(Server);
        var page = await browser.SignInAsync(browser.Authorize(app, "launch/patient"), user.Name);

        var found = await browser.SubmitAsync(
            page,
            "Search",
            ("name", name),
            ("birthdate", birthDate),
            ("identifier", identifier)
        );

        Assert.NotEqual("", found.Problem);
        Assert.DoesNotContain("type=\"radio\"", found.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_patient_is_the_patient_and_is_not_asked()
    {
        var id = await StoreAsync();
        var app = await Server.AddAppAsync();
        var user = await Server.AddUserAsync(CareRole.Patient, $"Patient/{id}");
        using var browser = new AppBrowser(Server);

        var back = await browser.SignInAsync(browser.Authorize(app, "launch/patient patient/*.rs"), user.Name);
        var tokens = await browser.RedeemAsync(app, back.ShouldBeBack());

        Assert.Equal(id, tokens.Text("patient"));
        Assert.Equal($"Patient/{id}", tokens.Claims().GetProperty("fhirUser").GetString());
    }

    [Fact]
    public async Task Somebody_of_the_family_chooses_theirs_and_nobody_else()
    {
        var (id, other) = (await StoreAsync(), await StoreAsync());
        await Server.StoreAsync(
            "RelatedPerson",
            $"rel-{id}",
            $$$"""{"resourceType":"RelatedPerson","id":"rel-{{{id}}}","active":true,"patient":{"reference":"Patient/{{{id}}}"}}"""
        );
        var app = await Server.AddAppAsync();
        var user = await Server.AddUserAsync(CareRole.Family, $"RelatedPerson/rel-{id}");
        using var browser = new AppBrowser(Server);

        var page = await browser.SignInAsync(browser.Authorize(app, "launch/patient patient/*.rs"), user.Name);
        Assert.Contains($"value=\"{id}\"", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("handler=Search", page.Html, StringComparison.Ordinal);
        Assert.NotEqual("", (await browser.SubmitAsync(page, "Choose", ("patient", other))).Problem);
        var back = await browser.SubmitAsync(page, "Choose", ("patient", id));

        Assert.Equal(id, (await browser.RedeemAsync(app, back.ShouldBeBack())).Text("patient"));
    }

    [Fact]
    public async Task An_operator_has_no_patient_to_choose()
    {
        var app = await Server.AddAppAsync();
        var user = await Server.AddUserAsync(CareRole.Operator, fhirUser: null);
        using var browser = new AppBrowser(Server);

        var page = await browser.SignInAsync(browser.Authorize(app, "launch/patient"), user.Name);

        Assert.NotEqual("", page.Problem);
        Assert.DoesNotContain("handler=Search", page.Html, StringComparison.Ordinal);
    }

    private async Task<string> StoreAsync(string organization = "org-1")
    {
        var id = Given.Id();
        await Server.StoreAsync(
            "Patient",
            id,
            $$$"""{"resourceType":"Patient","id":"{{{id}}}","identifier":[{"system":"urn:mrn","value":"mrn-{{{id}}}"}],"name":[{"family":"Ek{{{id}}}","given":["Ada"]}],"birthDate":"1931-04-05","managingOrganization":{"reference":"Organization/{{{organization}}}"}}"""
        );
        return id;
    }
}
