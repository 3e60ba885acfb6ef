using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests;

/// <summary>https://hl7.org/fhir/R4/http.html#update, #upsert, #cond-update, #concurrency</summary>
public abstract class UpdateTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class OnSqlite(SqliteServer shared) : UpdateTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : UpdateTests(shared);

    [Fact]
    public async Task Creates_under_the_clients_id_and_then_makes_versions()
    {
        var id = Given.Id();

        var created = (await Server.PutAsync($"Patient/{id}", Given.Patient(id))).ShouldBe(201);
        var updated = (await Server.PutAsync($"Patient/{id}", Given.Patient(id, "Okafor"))).ShouldBe(200);

        Assert.Equal($"{Server.Base}/Patient/{id}/_history/1", created.Location);
        Assert.Equal("W/\"2\"", updated.ETag);
        Assert.Equal(updated.Body, (await Server.GetAsync($"Patient/{id}")).Body);
    }

    [Fact]
    public async Task An_update_that_changes_nothing_makes_no_version()
    {
        var id = Given.Id();
        var first = await Server.PutAsync($"Patient/{id}", Given.Patient(id));

        var again = (
            await Server.PutAsync($"Patient/{id}", Given.Patient(id).Replace(",", " ,\n ", StringComparison.Ordinal))
        ).ShouldBe(200);

        Assert.Equal(first.Body, again.Body);
        Assert.Equal("W/\"1\"", again.ETag);
    }

    [Fact]
    public async Task A_deleted_resource_comes_back_with_the_next_version()
    {
        var id = Given.Id();
        await Server.PutAsync($"Patient/{id}", Given.Patient(id));
        await Server.DeleteAsync($"Patient/{id}");

        var back = (await Server.PutAsync($"Patient/{id}", Given.Patient(id))).ShouldBe(201);

        Assert.Equal("W/\"3\"", back.ETag);
        (await Server.GetAsync($"Patient/{id}")).ShouldBe(200);
    }

    [Fact]
    public async Task The_id_in_the_body_must_be_that_of_the_url()
    {
        (await Server.PutAsync("Patient/a", Given.Patient("b"))).ShouldRefuse(
            400,
            "error value Patient.id: The resource's id is not the one that the URL names."
        );
        (await Server.PutAsync("Patient/a", """{"resourceType":"Patient"}""")).ShouldRefuse(
            400,
            "error required Patient.id: The resource has no id: send the id that the URL names."
        );
    }

    [Fact]
    public async Task A_stale_version_is_refused_and_changes_nothing()
    {
        var id = Given.Id();
        await Server.PutAsync($"Patient/{id}", Given.Patient(id));
        var second = await Server.PutAsync($"Patient/{id}", Given.Patient(id, "Okafor"));

        var refused = await Server.PutAsync($"Patient/{id}", Given.Patient(id, "Smith"), "If-Match: W/\"1\"");

        refused.ShouldRefuse(
            412,
            $"error conflict: Patient/{id} is at version 2, and If-Match asked for 1: read it again and repeat your change on that."
        );
        Assert.Equal("W/\"2\"", refused.ETag);
        Assert.Equal(second.Body, (await Server.GetAsync($"Patient/{id}")).Body);
        (await Server.PutAsync($"Patient/{id}", Given.Patient(id, "Smith"), "If-Match: W/\"2\"")).ShouldBe(200);
    }

    [Fact]
    public async Task If_match_on_what_never_was_is_refused()
    {
        var id = Given.Id();
        (await Server.PutAsync($"Patient/{id}", Given.Patient(id), "If-Match: W/\"1\"")).ShouldRefuse(
            412,
            $"error conflict: There is no Patient/{id}, so no version of it matches If-Match."
        );
        (await Server.PutAsync($"Patient/{id}", Given.Patient(id), "If-Match: abc")).ShouldRefuse(
            400,
            "error value: If-Match is no version of this server: send the ETag that a read gave, as W/\"3\"."
        );
    }

    [Fact]
    public async Task If_none_match_star_only_creates()
    {
        var id = Given.Id();
        (await Server.PutAsync($"Patient/{id}", Given.Patient(id), "If-None-Match: *")).ShouldBe(201);
        (await Server.PutAsync($"Patient/{id}", Given.Patient(id, "Okafor"), "If-None-Match: *")).ShouldRefuse(
            412,
            $"error conflict: Patient/{id} exists already, and If-None-Match: * asked that it does not."
        );
    }

    [Fact]
    public async Task Of_32_clients_that_read_the_same_version_exactly_one_updates_it()
    {
        var id = Given.Id();
        await Server.PutAsync($"Patient/{id}", Given.Patient(id));

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 32)
                .Select(n => Server.PutAsync($"Patient/{id}", Given.Patient(id, $"Family{n}"), "If-Match: W/\"1\""))
        );

        Assert.Single(answers, a => a.Status == 200);
        Assert.Equal(31, answers.Count(a => a.Status == 412));
        Assert.Equal("W/\"2\"", (await Server.GetAsync($"Patient/{id}")).ETag);
    }

    [Fact]
    public async Task A_conditional_update_creates_then_updates_the_one_match()
    {
        var identifier = Given.Id();
        var url = $"Patient?identifier=urn:test|{identifier}";

        var created = (await Server.PutAsync(url, Given.PatientWith(identifier))).ShouldBe(201);
        var updated = (await Server.PutAsync(url, Given.PatientWith(identifier, "Okafor"))).ShouldBe(200);

        Assert.Equal(created.Id, updated.Id);
        Assert.Equal("W/\"2\"", updated.ETag);
    }

    [Fact]
    public async Task A_conditional_update_refuses_several_matches_and_another_id()
    {
        var identifier = Given.Id();
        var url = $"Patient?identifier=urn:test|{identifier}";
        var only = await Server.PostAsync("Patient", Given.PatientWith(identifier));

        (
            await Server.PutAsync(
                url,
                Given
                    .PatientWith(identifier)
                    .Replace(
                        "\"resourceType\":\"Patient\"",
                        "\"resourceType\":\"Patient\",\"id\":\"other\"",
                        StringComparison.Ordinal
                    )
            )
        ).ShouldRefuse(
            400,
            $"error value Patient.id: The criteria find Patient/{only.Id}, and the resource has another id: leave its id out, or send the right one."
        );
        await Server.PostAsync("Patient", Given.PatientWith(identifier));
        (await Server.PutAsync(url, Given.PatientWith(identifier))).ShouldRefuse(
            412,
            "error multiple-matches: The criteria of the conditional update find more than one resource; make them more exact. Nothing was changed."
        );
        (await Server.PutAsync("Patient", Given.PatientWith(identifier))).ShouldRefuse(
            412,
            "error incomplete: A conditional update needs search criteria, such as identifier=system|value."
        );
    }
}
