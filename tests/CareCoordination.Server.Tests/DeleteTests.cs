using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests;

/// <summary>https://hl7.org/fhir/R4/http.html#delete</summary>
public abstract class DeleteTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class OnSqlite(SqliteServer shared) : DeleteTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : DeleteTests(shared);

    [Fact]
    public async Task Deleting_is_idempotent()
    {
        var id = Given.Id();
        await Server.PutAsync($"Patient/{id}", Given.Patient(id));

        var first = (await Server.DeleteAsync($"Patient/{id}")).ShouldBe(204);
        (await Server.DeleteAsync($"Patient/{id}")).ShouldBe(204);
        (await Server.DeleteAsync($"Patient/{Given.Id()}")).ShouldBe(204);

        Assert.Equal("", first.Body);
        Assert.Equal("W/\"2\"", first.ETag);
        Assert.Equal("W/\"2\"", (await Server.GetAsync($"Patient/{id}")).ETag);
    }

    [Fact]
    public async Task An_outcome_is_sent_to_who_prefers_one()
    {
        var id = Given.Id();
        await Server.PutAsync($"Patient/{id}", Given.Patient(id));
        var deleted = (await Server.DeleteAsync($"Patient/{id}", "Prefer: return=OperationOutcome")).ShouldBe(200);
        Assert.Equal(["information informational: All OK"], deleted.Issues);
    }

    [Fact]
    public async Task A_deleted_resource_is_found_no_more()
    {
        var identifier = Given.Id();
        var created = await Server.PostAsync("Patient", Given.PatientWith(identifier));
        await Server.DeleteAsync($"Patient/{created.Id}");
        Assert.Empty((await Server.GetAsync($"Patient?identifier=urn:test|{identifier}")).ShouldBe(200).Resources);
    }

    [Fact]
    public async Task A_stale_version_is_not_deleted()
    {
        var id = Given.Id();
        await Server.PutAsync($"Patient/{id}", Given.Patient(id));
        await Server.PutAsync($"Patient/{id}", Given.Patient(id, "Okafor"));
        (await Server.DeleteAsync($"Patient/{id}", "If-Match: W/\"1\"")).ShouldRefuse(
            412,
            $"error conflict: Patient/{id} is at version 2, and If-Match asked for 1: read it again and repeat your change on that."
        );
        (await Server.GetAsync($"Patient/{id}")).ShouldBe(200);
    }

    [Fact]
    public async Task A_conditional_delete_deletes_the_one_match()
    {
        var identifier = Given.Id();
        var url = $"Patient?identifier=urn:test|{identifier}";
        var first = await Server.PostAsync("Patient", Given.PatientWith(identifier));

        (await Server.DeleteAsync(url)).ShouldBe(204);
        (await Server.DeleteAsync(url)).ShouldBe(204);
        (await Server.GetAsync($"Patient/{first.Id}")).ShouldBe(410);
    }

    [Fact]
    public async Task A_conditional_delete_with_several_matches_deletes_nothing()
    {
        var identifier = Given.Id();
        var url = $"Patient?identifier=urn:test|{identifier}";
        await Server.PostAsync("Patient", Given.PatientWith(identifier));
        await Server.PostAsync("Patient", Given.PatientWith(identifier));

        (await Server.DeleteAsync(url)).ShouldRefuse(
            412,
            "error multiple-matches: The criteria of the conditional delete find more than one resource; make them more exact. Nothing was changed."
        );
        Assert.Equal(2, (await Server.GetAsync(url)).Resources.Count());
        (await Server.DeleteAsync("Patient")).ShouldRefuse(
            412,
            "error incomplete: A conditional delete needs search criteria, such as identifier=system|value."
        );
    }
}
