using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests;

/// <summary>https://hl7.org/fhir/R4/resource-operation-validate.html</summary>
public sealed class ValidateTests(SqliteServer shared) : ServerTests(shared)
{
    [Fact]
    public async Task A_valid_resource_is_all_right_and_not_stored()
    {
        var id = Given.Id();
        var answer = (await Server.PostAsync("Patient/$validate", Given.Patient(id))).ShouldBe(200);
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
            answer.Issues.Select(i => i.Split(' ')[2].TrimEnd(':')).OrderBy(Order)
        );

        static int Order(string expression) =>
            Array.IndexOf(["CarePlan.status", "CarePlan.shoeSize", "CarePlan.intent", "CarePlan.subject"], expression);
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
            "error required Patient.id: An update needs the resource's id."
        );
        (await Server.PostAsync("Patient/$validate?mode=update", Given.Patient("x"))).ShouldRefuse(
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
            "error value Patient.id: The resource's id is not the one that the URL names.",
            $"information informational: There is no Patient/{id} now."
        );
    }

    [Fact]
    public async Task Another_type_than_the_url_names_is_a_finding() =>
        (await Server.PostAsync("Observation/$validate", Given.Patient("x"))).ShouldRefuse(
            200,
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
}
