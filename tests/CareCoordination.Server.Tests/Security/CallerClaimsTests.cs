using System.Text;
using System.Text.Json.Nodes;
using CareCoordination.Access.Roles;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Security.Issuers;
using CareCoordination.Security.Settings;
using CareCoordination.Security.Tokens;

namespace CareCoordination.Server.Tests.Security;

/// <summary>From claims to the caller that they speak for.</summary>
public sealed class CallerClaimsTests
{
    private const string Base = "https://care.example.org/fhir";

    private static readonly Issuer Main = new("main", "https://login.example.org")
    {
        Prefix = "main:",
        Audiences = [Base],
        Algorithms = ["RS256"],
        Roles = new RoleNames(
            [
                new("Care Manager", CareRole.CareManager),
                new("CM", CareRole.CareManager),
                new("https://roles.example.org/lead", CareRole.Lead),
                new("boss", CareRole.Lead),
                new("boss", CareRole.Supervisor),
            ],
            [new("ehr", CareRole.EhrSystem), new("warehouse", CareRole.Analytics)]
        ),
        Keys = (_, _) => new(Failure.Unavailable("none")),
        Endpoints = _ => new(Failure.Unavailable("none")),
    };

    private static Result<Caller> Read(string claims, Issuer? issuer = null, string baseUrl = Base) =>
        CallerClaims.Read(TokenClaims.Parse(Encoding.UTF8.GetBytes(claims)), issuer ?? Main, baseUrl);

    private static Caller Of(Action<JsonObject> change, Issuer? issuer = null)
    {
        var claims = new JsonObject
        {
            ["sub"] = "alice",
            ["client_id"] = "app",
            ["scope"] = "user/*.rs",
        };
        change(claims);
        return Read(claims.ToJsonString(), issuer).Value;
    }

    [Fact]
    public void A_person_is_told_by_issuer_subject_client_and_scopes()
    {
        var caller = Of(c => c["fhirUser"] = "Practitioner/alice");

        Assert.Equal((CallerKind.User, "main:alice", "main:app"), (caller.Kind, caller.Subject, caller.Client));
        Assert.Equal(new ResourceKey("Practitioner", "alice"), caller.Person);
        Assert.Equal("user/*.rs", caller.Scopes!.ToString());
        Assert.Equal("user main:alice", caller.ToString());
    }

    [Theory]
    [InlineData("Practitioner/1", "Practitioner/1")]
    [InlineData("PractitionerRole/1", "PractitionerRole/1")]
    [InlineData("Patient/1", "Patient/1")]
    [InlineData("RelatedPerson/1", "RelatedPerson/1")]
    [InlineData("Person/1", "Person/1")]
    [InlineData(Base + "/Practitioner/1", "Practitioner/1")]
    public void Whoever_is_a_person_of_this_server_is_known(string claim, string person) =>
        Assert.Equal(person, Of(c => c["fhirUser"] = claim).Person?.ToString());

    [Theory]
    [InlineData("https://other.example.org/fhir/Practitioner/1")]
    [InlineData("https://care.example.org/fhir2/Practitioner/1")]
    [InlineData("http://care.example.org/fhir/Practitioner/1")]
    [InlineData("https://care.example.org.evil.example/fhir/Practitioner/1")]
    [InlineData("https://care.example.org/fhir/x/Practitioner/1")]
    [InlineData("HTTPS://care.example.org/fhir/Practitioner/1")]
    [InlineData("https://care.example.org/fhir//Practitioner/1")]
    [InlineData("Device/1")]
    [InlineData("Organization/1")]
    [InlineData("Practitioner/1/_history/1")]
    [InlineData("Practitioner")]
    [InlineData("Practitioner/")]
    [InlineData("/Practitioner/1")]
    [InlineData("Practitioner/a b")]
    [InlineData("Practitioner/1?x=1")]
    [InlineData("Practitioner/1#x")]
    [InlineData("#1")]
    [InlineData("urn:uuid:b1d4f3a4-8d6a-4a0e-a4d9-000000000000")]
    [InlineData("practitioner/1")]
    [InlineData("alice")]
    [InlineData("")]
    public void Somebody_of_another_server_and_what_is_no_person_is_nobody_here(string claim) =>
        Assert.Null(Of(c => c["fhirUser"] = claim).Person);

    [Fact]
    public void A_claim_that_is_no_text_is_not_there()
    {
        foreach (var value in (string[])["null", "1", "true", "[]", "{}", "[\"Practitioner/1\"]"])
            Assert.Null(Of(c => c["fhirUser"] = JsonNode.Parse(value)).Person);
    }

    [Theory]
    [InlineData("123", "Patient/123")]
    [InlineData("Patient/123", "Patient/123")]
    [InlineData(Base + "/Patient/123", "Patient/123")]
    [InlineData("Practitioner/123", null)]
    [InlineData("https://other.example.org/fhir/Patient/123", null)]
    [InlineData("1 OR 1=1", null)]
    [InlineData("..", null)]
    public void The_patient_of_the_launch_is_an_id_or_a_reference(string claim, string? patient) =>
        Assert.Equal(patient, Of(c => c["patient"] = claim).LaunchPatient?.ToString());

    [Theory]
    [InlineData("""["Care Manager"]""", "care-manager")]
    [InlineData("""["CM","Care Manager","boss"]""", "care-manager lead supervisor")]
    [InlineData("\"Care Manager\"", "care-manager")]
    [InlineData("\"boss\"", "lead supervisor")]
    [InlineData("""["https://roles.example.org/lead"]""", "lead")]
    [InlineData("""["care-manager","administrator","care manager","CARE MANAGER"," CM",""]""", "")]
    [InlineData("\"CM boss\"", "")]
    [InlineData("[1,null,{}]", "")]
    [InlineData("{}", "")]
    [InlineData("7", "")]
    public void Roles_are_those_that_were_mapped_and_unknown_names_grant_nothing(string claim, string roles) =>
        Assert.Equal(roles, string.Join(' ', Of(c => c["roles"] = JsonNode.Parse(claim)).Roles.Select(r => r.Code)));

    [Fact]
    public void A_program_has_the_role_of_its_client()
    {
        var caller = Of(c => (c["client_id"], c["scope"]) = ("ehr", "system/*.cruds"));

        Assert.Equal((CallerKind.Client, "main:ehr", "main:ehr"), (caller.Kind, caller.Subject, caller.Client));
        Assert.Equal([CareRole.EhrSystem], caller.Roles);
        Assert.Empty(Of(c => (c["client_id"], c["scope"]) = ("another", "system/*.cruds")).Roles);
    }

    [Theory]
    [InlineData("system/*.rs", null, CallerKind.Client)]
    [InlineData("system/*.rs openid", null, CallerKind.Client)]
    [InlineData("system/*.rs", "Practitioner/1", CallerKind.User)]
    [InlineData("system/*.rs user/*.rs", null, CallerKind.User)]
    [InlineData("user/*.rs", null, CallerKind.User)]
    [InlineData("patient/*.rs", null, CallerKind.User)]
    [InlineData("", null, CallerKind.User)]
    [InlineData("system/nonsense", null, CallerKind.User)]
    public void A_program_is_who_has_no_person_and_scopes_of_a_system_only(
        string scopes,
        string? person,
        CallerKind kind
    ) =>
        Assert.Equal(
            kind,
            Of(c =>
            {
                c["scope"] = scopes;
                c["fhirUser"] = person;
            }).Kind
        );

    [Fact]
    public void Who_signs_in_as_patient_or_family_has_that_role()
    {
        Assert.Equal([CareRole.Patient], Of(c => c["fhirUser"] = "Patient/1").Roles);
        Assert.Equal([CareRole.Family], Of(c => c["fhirUser"] = "RelatedPerson/1").Roles);
        Assert.Empty(Of(c => c["fhirUser"] = "Practitioner/1").Roles);
        Assert.Empty(Of(c => c["fhirUser"] = "https://other.example.org/fhir/Patient/1").Roles);
        Assert.Empty(Of(c => c["patient"] = "1").Roles);
    }

    [Fact]
    public void Scopes_may_be_a_text_or_a_list_under_either_name()
    {
        Assert.Equal(
            "user/Task.r patient/*.s",
            Of(c => c["scope"] = new JsonArray("user/Task.r", "patient/*.s")).Scopes!.ToString()
        );
        Assert.Equal(
            "openid user/Task.r",
            Of(c =>
            {
                c.Remove("scope");
                c["scp"] = new JsonArray("user/Task.r", "openid");
            })
                .Scopes!.ToString()
        );
        Assert.Equal("", Of(c => c.Remove("scope")).Scopes!.ToString());
    }

    [Fact]
    public void Claims_may_lie_inside_of_others_and_a_whole_name_comes_first()
    {
        var issuer = Main with
        {
            Claims = new ClaimNames
            {
                Roles = "realm_access.roles",
                Organization = "https://example.org/org",
                Person = "a.b.c",
            },
        };
        var caller = Of(
            c =>
            {
                c["realm_access"] = new JsonObject { ["roles"] = new JsonArray("CM") };
                c["https://example.org/org"] = "Organization/north";
                c["a.b.c"] = "Practitioner/whole";
                c["a"] = new JsonObject { ["b"] = new JsonObject { ["c"] = "Practitioner/inside" } };
            },
            issuer
        );

        Assert.Equal([CareRole.CareManager], caller.Roles);
        Assert.Equal("north", caller.Organization);
        Assert.Equal("Practitioner/whole", caller.Person?.ToString());
        Assert.Empty(Of(c => c["realm_access"] = "CM", issuer).Roles);
    }

    [Theory]
    [InlineData("TREAT", "TREAT")]
    [InlineData("http://terminology.hl7.org/CodeSystem/v3-ActReason|ETREAT", "ETREAT")]
    [InlineData("urn:oid:2.16.840.1.113883.5.8:HRESCH", "HRESCH")]
    [InlineData("treat", null)]
    [InlineData("TREAT; DROP", null)]
    [InlineData("", null)]
    public void The_purpose_is_a_code(string claim, string? purpose) =>
        Assert.Equal(purpose, Of(c => c["purpose_of_use"] = claim).Purpose);

    [Theory]
    [InlineData("azp")]
    [InlineData("appid")]
    public void The_client_stands_under_the_name_that_issuers_give_it(string claim) =>
        Assert.Equal(
            "main:other",
            Of(c =>
            {
                c.Remove("client_id");
                c[claim] = "other";
            }).Client
        );

    [Fact]
    public void Two_issuers_that_call_different_people_the_same_do_not_make_them_one()
    {
        var other = Main with { Name = "other", Prefix = "other:" };
        Assert.NotEqual(Of(_ => { }).Subject, Of(_ => { }, other).Subject);
        Assert.NotEqual(Of(_ => { }).Client, Of(_ => { }, other).Client);
    }

    [Fact]
    public void Nobody_is_let_in_by_nobody() => Assert.False(Read("{}").IsSuccess);

    [Fact]
    public void What_nobody_said_grants_nothing()
    {
        Assert.Empty(Caller.Nobody.Roles);
        Assert.Empty(Caller.Nobody.Scopes!.Resources);
        Assert.Equal("nobody", Caller.Nobody.ToString());
    }
}
