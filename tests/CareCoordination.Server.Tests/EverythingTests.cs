using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests;

/// <summary>https://hl7.org/fhir/R4/patient-operation-everything.html</summary>
public abstract class EverythingTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class OnSqlite(SqliteServer shared) : EverythingTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : EverythingTests(shared);

    [Fact]
    public async Task Has_the_patient_and_its_compartment_in_pages()
    {
        var patient = Given.Id("p");
        await Server.PutAsync($"Patient/{patient}", Given.Patient(patient));
        var expected = new List<string> { patient };
        for (var n = 0; n < 5; n++)
            expected.Add((await Server.PostAsync("Observation", Given.Observation(patient))).Id);
        expected.Add((await Server.PostAsync("CarePlan", Given.CarePlan("x", patient))).Id);
        expected.Add((await Server.PostAsync("Task", Given.Task(patient))).Id);
        await Server.PostAsync("CarePlan", Given.CarePlan("x", Given.Id("other")));

        var ids = new List<string>();
        for (string? url = $"Patient/{patient}/$everything?_count=3"; url is not null; )
        {
            var page = (await Server.GetAsync(url)).ShouldBe(200);
            Assert.Equal("searchset", page.Text("type"));
            ids.AddRange(page.Ids);
            url = page.Link("next");
        }

        Assert.Equal(patient, ids[0]);
        Assert.Equal(expected.Order(), ids.Order());
    }

    [Fact]
    public async Task Types_and_since_narrow_it()
    {
        var patient = Given.Id("p");
        await Server.PutAsync($"Patient/{patient}", Given.Patient(patient));
        var plan = await Server.PostAsync("CarePlan", Given.CarePlan("x", patient));
        await Server.PostAsync("Observation", Given.Observation(patient));

        Assert.Equal(
            [plan.Id],
            (await Server.GetAsync($"Patient/{patient}/$everything?_type=CarePlan,Task")).ShouldBe(200).Ids
        );
        Assert.Empty(
            (await Server.GetAsync($"Patient/{patient}/$everything?_since=2100-01-01T00:00:00Z")).ShouldBe(200).Ids
        );
    }

    [Fact]
    public async Task A_patient_that_is_not_there_has_nothing()
    {
        var (never, gone) = (Given.Id(), Given.Id());
        await Server.PutAsync($"Patient/{gone}", Given.Patient(gone));
        await Server.DeleteAsync($"Patient/{gone}");

        (await Server.GetAsync($"Patient/{never}/$everything")).ShouldRefuse(
            404,
            $"error not-found: There is no Patient/{never}."
        );
        (await Server.GetAsync($"Patient/{gone}/$everything")).ShouldRefuse(
            410,
            $"error deleted: Patient/{gone} was deleted."
        );
    }

    [Theory]
    [InlineData("""{"resourceType":"Parameters"}""", 200)]
    [InlineData("""{"resourceType":"Parameters","parameter":[{"name":"_type","valueCode":"Task"}]}""", 400)]
    [InlineData("""{"resourceType":"Patient"}""", 400)]
    [InlineData("""{"resourceType":""", 400)]
    public async Task A_body_that_asks_for_something_is_not_passed_over(string body, int status)
    {
        var id = Given.Id("p");
        (await Server.PutAsync($"Patient/{id}", Given.Patient(id))).ShouldBe(201);

        (await Server.PostAsync($"Patient/{id}/$everything", body)).ShouldBe(status);
    }

    [Theory]
    [InlineData(
        "start=2026-01-01",
        "error not-supported: start and end are not offered; use _since, or search the types you need by date."
    )]
    [InlineData(
        "_type=Pacient",
        "error value: _type lists resource types of FHIR R4, separated by commas; one of these is none."
    )]
    public async Task Refuses_what_it_cannot_follow(string query, string issue) =>
        (await Server.GetAsync($"Patient/p/$everything?{query}")).ShouldRefuse(400, issue);
}
