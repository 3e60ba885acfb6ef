using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests;

/// <summary>https://hl7.org/fhir/R4/http.html#create, #ccreate</summary>
public abstract class CreateTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class OnSqlite(SqliteServer shared) : CreateTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : CreateTests(shared);

    [Fact]
    public async Task Gives_an_id_and_says_where_it_is()
    {
        var created = (await Server.PostAsync("Patient", Given.Patient("mine"))).ShouldBe(201);

        Assert.NotEqual("mine", created.Id);
        Assert.Equal($"{Server.Base}/Patient/{created.Id}/_history/1", created.Location);
        Assert.Equal("W/\"1\"", created.ETag);
        Assert.NotNull(created.LastModified);
        Assert.Equal(created.Body, (await Server.GetAsync($"Patient/{created.Id}")).Body);
    }

    [Fact]
    public async Task Keeps_decimals_and_escapes_as_they_were_written()
    {
        const string Value = "\"valueQuantity\":{\"value\":1.00E2,\"unit\":\"\\u00b5g\"}";
        var created = await Server.PostAsync(
            "Observation",
            $$$"""{"resourceType":"Observation","status":"final","code":{"text":"x"},{{{Value}}}}"""
        );
        Assert.Contains(Value, created.ShouldBe(201).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("return=minimal", "")]
    [InlineData("return=OperationOutcome", "OperationOutcome")]
    [InlineData("return=representation", "Patient")]
    [InlineData("respond-async", "Patient")]
    public async Task Answers_with_the_body_that_is_preferred(string prefer, string type)
    {
        var created = (await Server.PostAsync("Patient", Given.Patient("x"), $"Prefer: {prefer}")).ShouldBe(201);

        Assert.Equal(type, created.Body.Length == 0 ? "" : created.Text("resourceType"));
        Assert.Equal("W/\"1\"", created.ETag);
        Assert.NotNull(created.Location);
    }

    [Fact]
    public async Task A_client_cannot_set_version_or_time()
    {
        var created = await Server.PostAsync(
            "Patient",
            """{"resourceType":"Patient","meta":{"versionId":"77","lastUpdated":"1999-01-01T00:00:00Z","tag":[{"system":"urn:test","code":"kept"}]}}"""
        );

        var meta = created.ShouldBe(201).Json.GetProperty("meta");
        Assert.Equal("1", meta.GetProperty("versionId").GetString());
        Assert.StartsWith("20", meta.GetProperty("lastUpdated").GetString(), StringComparison.Ordinal);
        Assert.Equal("kept", meta.GetProperty("tag")[0].GetProperty("code").GetString());
    }

    [Fact]
    public async Task References_to_this_server_become_relative()
    {
        var created = await Server.PostAsync(
            "CarePlan",
            Given.CarePlan("x", "p").Replace("Patient/p", $"{Server.Base}/Patient/p", StringComparison.Ordinal)
        );
        Assert.Equal(
            "Patient/p",
            created.ShouldBe(201).Json.GetProperty("subject").GetProperty("reference").GetString()
        );
    }

    [Fact]
    public async Task Refuses_a_resource_of_another_type() =>
        (await Server.PostAsync("Observation", Given.Patient("x"))).ShouldRefuse(
            400,
            "error value Patient.resourceType: The body is a Patient, but the URL is of Observation: send it to Patient."
        );

    [Fact]
    public async Task A_conditional_create_creates_once()
    {
        var identifier = Given.Id();
        var condition = $"If-None-Exist: identifier=urn:test|{identifier}";

        var first = (await Server.PostAsync("Patient", Given.PatientWith(identifier), condition)).ShouldBe(201);
        var second = (await Server.PostAsync("Patient", Given.PatientWith(identifier, "Okafor"), condition)).ShouldBe(
            200
        );

        Assert.Equal(first.Body, second.Body);
        Assert.Equal(first.Location, second.Location);
        Assert.Equal("W/\"1\"", second.ETag);
    }

    [Fact]
    public async Task A_conditional_create_with_several_matches_is_refused()
    {
        var identifier = Given.Id();
        await Server.PostAsync("Patient", Given.PatientWith(identifier));
        await Server.PostAsync("Patient", Given.PatientWith(identifier));

        (
            await Server.PostAsync(
                "Patient",
                Given.PatientWith(identifier),
                $"If-None-Exist: identifier=urn:test|{identifier}"
            )
        ).ShouldRefuse(
            412,
            "error multiple-matches: The criteria of If-None-Exist find more than one resource; make them more exact. Nothing was changed."
        );
    }

    [Fact]
    public async Task A_condition_that_says_nothing_is_refused() =>
        (await Server.PostAsync("Patient", Given.Patient("x"), "If-None-Exist: _format=json")).ShouldRefuse(
            412,
            "error incomplete: If-None-Exist needs search criteria, such as identifier=system|value."
        );

    [Fact]
    public async Task Of_64_clients_with_one_condition_exactly_one_creates()
    {
        var identifier = Given.Id();
        var condition = $"If-None-Exist: identifier=urn:test|{identifier}";

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 64).Select(_ => Server.PostAsync("Patient", Given.PatientWith(identifier), condition))
        );

        Assert.Single(answers, a => a.Status == 201);
        Assert.Equal(63, answers.Count(a => a.Status == 200));
        Assert.Single(answers.Select(a => a.Location).Distinct());
        Assert.Single((await Server.GetAsync($"Patient?identifier=urn:test|{identifier}")).Resources);
    }
}
