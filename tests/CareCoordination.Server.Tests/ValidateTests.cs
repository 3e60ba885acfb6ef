using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests;

/// <summary>https://hl7.org/fhir/R4/resource-operation-validate.html</summary>
public sealed class ValidateTests(SqliteServer shared) : ServerTests(shared)
{
    /// <summary>What R4 advises of every resource for people.</summary>
    private const string NoNarrative = "warning invariant Patient: dom-6 does not hold: text.`div`.exists()";

    [Fact]
    public async Task A_valid_resource_is_all_right_and_not_stored()
    {
        var id = Given.Id();
        var answer = (await Server.PostAsync("Patient/$validate", Narrated(id))).ShouldBe(200);
        Assert.Equal(["information informational: All OK"], answer.Issues);
        (await Server.GetAsync($"Patient/{id}")).ShouldBe(404);
    }

    [Fact]
    public async Task Every_problem_is_told_at_once()
    {
        var answer = (
            await Server.PostAsync(
                "CarePlan/$validate",
                """{"resourceType":"CarePlan","status":"busy","shoeSize":44}"""
            )
        ).ShouldBe(200);
        Assert.Equal(
            ["CarePlan.status", "CarePlan.shoeSize", "CarePlan.intent", "CarePlan.subject"],
            answer.Issues.Where(IsError).Select(i => i.Split(' ')[2].TrimEnd(':')).OrderBy(Order)
        );

        static bool IsError(string issue) => issue.StartsWith("error", StringComparison.Ordinal);
        static int Order(string expression) =>
            Array.IndexOf(["CarePlan.status", "CarePlan.shoeSize", "CarePlan.intent", "CarePlan.subject"], expression);
    }

    [Fact]
    public async Task Profiles_that_are_claimed_and_were_not_compared_are_named()
    {
        const string Claims = """
            {"resourceType":"Patient","meta":{"profile":["http://hl7.org/fhir/StructureDefinition/Patient","http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient|6.1.0","http://hl7.org/fhir/StructureDefinition/Person"]},
            "text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>"}}
            """;

        (await Server.PostAsync("Patient/$validate", Claims)).ShouldRefuse(
            200,
            "information informational Patient.meta.profile[1]: 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient|6.1.0' was not compared: the resource was validated by the definitions of R4 alone.",
            "information informational Patient.meta.profile[2]: 'http://hl7.org/fhir/StructureDefinition/Person' was not compared: the resource was validated by the definitions of R4 alone."
        );
    }

    [Fact]
    public async Task Malformed_json_is_a_finding_with_its_place()
    {
        var answer = (await Server.PostAsync("Patient/$validate", "{\"resourceType\":\n  Patient}")).ShouldBe(200);
        Assert.Equal(["error structure: Line 2, position 3: the JSON is malformed here."], answer.Issues);
    }

    [Fact]
    public async Task Parameters_carry_resource_and_mode()
    {
        const string Parameters = """
            {"resourceType":"Parameters","parameter":[{"name":"mode","valueCode":"update"},{"name":"resource","resource":{"resourceType":"Patient"}}]}
            """;
        (await Server.PostAsync("Patient/$validate", Parameters)).ShouldRefuse(
            200,
            NoNarrative,
            "error required Patient.id: An update needs the resource's id."
        );
        (await Server.PostAsync("Patient/$validate?mode=update", Narrated("x"))).ShouldRefuse(
            200,
            "information informational: All OK"
        );
    }

    [Fact]
    public async Task An_instance_is_compared_with_the_url()
    {
        var id = Given.Id();
        (await Server.PostAsync($"Patient/{id}/$validate?mode=update", Given.Patient("x"))).ShouldRefuse(
            200,
            NoNarrative,
            "error value Patient.id: The resource's id is not the one that the URL names.",
            $"information informational: There is no Patient/{id} now."
        );
    }

    [Fact]
    public async Task Another_type_than_the_url_names_is_a_finding() =>
        (await Server.PostAsync("Observation/$validate", Given.Patient("x"))).ShouldRefuse(
            200,
            NoNarrative,
            "error value Patient.resourceType: This is a Patient, but the URL is of Observation."
        );

    [Theory]
    [InlineData("mode=sometimes", "error value: mode is one of create, update and delete.")]
    [InlineData(
        "profile=http://example.org/p",
        "error not-supported: Profiles are not compared yet; leave profile out to validate by the definitions of R4."
    )]
    public async Task Refuses_what_it_cannot_follow(string query, string issue) =>
        (await Server.PostAsync($"Patient/$validate?{query}", Given.Patient("x"))).ShouldRefuse(400, issue);

    [Fact]
    public async Task Without_a_resource_there_is_nothing_to_validate() =>
        (await Server.SendAsync(HttpMethod.Post, "Patient/$validate", (string?)null)).ShouldRefuse(
            400,
            "error required: Send the resource to validate, or Parameters with it as the parameter 'resource'."
        );

    [Fact]
    public async Task An_invariant_that_does_not_hold_is_told_but_refuses_no_write()
    {
        const string Contact = """{"resourceType":"Patient","contact":[{"gender":"female"}]}""";

        (await Server.PostAsync("Patient/$validate", Contact)).ShouldRefuse(
            200,
            NoNarrative,
            "error invariant Patient.contact[0]: pat-1 does not hold: name.exists() or telecom.exists() or address.exists() or organization.exists()"
        );
        (await Server.PostAsync("Patient", Contact)).ShouldBe(201);
    }

    /// <summary>Three invariants are wrong in R4 itself, and hold here as they are meant.</summary>
    [Theory]
    [InlineData(
        "Appointment",
        "{'resourceType':'Appointment','status':'noshow','cancelationReason':{'text':'x'},'start':'2026-11-23T09:00:00Z','end':'2026-11-23T09:20:00Z','participant':[{'status':'accepted','actor':{'reference':'Patient/1'}}]}",
        null
    )]
    [InlineData(
        "Appointment",
        "{'resourceType':'Appointment','status':'booked','cancelationReason':{'text':'x'},'start':'2026-11-23T09:00:00Z','end':'2026-11-23T09:20:00Z','participant':[{'status':'accepted','actor':{'reference':'Patient/1'}}]}",
        "app-4"
    )]
    [InlineData(
        "ServiceRequest",
        "{'resourceType':'ServiceRequest','status':'active','intent':'order','subject':{'reference':'Patient/1'},'occurrenceTiming':{'repeat':{'when':['ACM','ACV'],'offset':30}}}",
        null
    )]
    [InlineData(
        "ServiceRequest",
        "{'resourceType':'ServiceRequest','status':'active','intent':'order','subject':{'reference':'Patient/1'},'occurrenceTiming':{'repeat':{'when':['ACM','CV'],'offset':30}}}",
        "tim-9"
    )]
    [InlineData(
        "Bundle",
        "{'resourceType':'Bundle','type':'collection','entry':[{'fullUrl':'http://example.org/Basic/1','resource':{'resourceType':'Basic','code':{'text':'x'}}}]}",
        null
    )]
    [InlineData(
        "Bundle",
        "{'resourceType':'Bundle','type':'collection','entry':[{'fullUrl':'http://example.org/Basic/1/_history/2','resource':{'resourceType':'Basic','code':{'text':'x'}}}]}",
        "bdl-8"
    )]
    public async Task The_broken_invariants_of_R4_hold_as_they_are_meant(string type, string resource, string? broken)
    {
        var answer = (await Server.PostAsync($"{type}/$validate", resource.Replace('\'', '"'))).ShouldBe(200);

        var errors = answer.Issues.Where(i => i.StartsWith("error", StringComparison.Ordinal)).ToArray();
        Assert.Equal(broken is null ? 0 : 1, errors.Length);
        Assert.All(errors, e => Assert.Contains($": {broken}", e, StringComparison.Ordinal));
    }

    private static string Narrated(string id) =>
        Given
            .Patient(id)
            .Replace(
                "\"name\"",
                """
                "text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">Lindqvist</div>"},"name"
                """.Trim(),
                StringComparison.Ordinal
            );
}
