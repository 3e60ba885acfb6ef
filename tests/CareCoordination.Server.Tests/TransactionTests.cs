using System.Text.Json;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests;

/// <summary>https://hl7.org/fhir/R4/http.html#transaction, #trules</summary>
public abstract class TransactionTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class OnSqlite(SqliteServer shared) : TransactionTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : TransactionTests(shared);

    [Fact]
    public async Task Writes_everything_and_answers_in_the_order_of_the_entries()
    {
        var (gone, kept) = (Given.Id(), Given.Id());
        await Server.PutAsync($"Patient/{gone}", Given.Patient(gone));
        await Server.PutAsync($"Patient/{kept}", Given.Patient(kept));

        var answer = await Server.PostAsync(
            "",
            Given.Transaction(
                Given.Entry("GET", $"Patient/{kept}"),
                Given.Entry("PUT", $"Patient/{kept}", Given.Patient(kept, "Okafor")),
                Given.Entry("POST", "Patient", Given.Patient("x")),
                Given.Entry("DELETE", $"Patient/{gone}")
            )
        );

        answer.ShouldBe(200);
        Assert.Equal("transaction-response", answer.Text("type"));
        Assert.Equal(["200 OK", "200 OK", "201 Created", "204 No Content"], Statuses(answer));
        // Reads come last, so that they see what the transaction wrote.
        Assert.Contains(
            "Okafor",
            answer.Entries.First().GetProperty("resource").GetRawText(),
            StringComparison.Ordinal
        );
        Assert.False(answer.Entries.ElementAt(1).TryGetProperty("resource", out _));
        var location = answer.Entries.ElementAt(2).GetProperty("response").GetProperty("location").GetString()!;
        (await Server.GetAsync(location)).ShouldBe(200);
        (await Server.GetAsync($"Patient/{gone}")).ShouldBe(410);
    }

    [Fact]
    public async Task References_between_entries_become_the_ids_that_were_given()
    {
        const string Uuid = "urn:uuid:7d3f0cbc-6d1e-4d2c-9a53-0d0f7a1b2c3d";
        var answer = await Server.PostAsync(
            "",
            Given.Transaction(
                Given.Entry(
                    "POST",
                    "CarePlan",
                    Given.CarePlan("x", "p").Replace("Patient/p", Uuid, StringComparison.Ordinal)
                ),
                Given.Entry("POST", "Patient", Given.Patient("x"), Uuid)
            ),
            "Prefer: return=representation"
        );

        answer.ShouldBe(200);
        var (plan, patient) = (answer.Resources.First(), answer.Resources.Last());
        Assert.Equal(
            $"Patient/{patient.GetProperty("id").GetString()}",
            plan.GetProperty("subject").GetProperty("reference").GetString()
        );
        Assert.Equal(
            [plan.GetProperty("id").GetString()!],
            (await Server.GetAsync($"CarePlan?patient={patient.GetProperty("id").GetString()}")).Ids
        );
    }

    [Fact]
    public async Task Relative_references_follow_the_full_url_of_a_posted_entry()
    {
        var answer = await Server.PostAsync(
            "",
            Given.Transaction(
                Given.Entry("POST", "CarePlan", Given.CarePlan("x", "old-7"), "http://other.example/fhir/CarePlan/1"),
                Given.Entry("POST", "Patient", Given.Patient("old-7"), "http://other.example/fhir/Patient/old-7")
            ),
            "Prefer: return=representation"
        );

        answer.ShouldBe(200);
        Assert.Equal(
            $"Patient/{answer.Resources.Last().GetProperty("id").GetString()}",
            answer.Resources.First().GetProperty("subject").GetProperty("reference").GetString()
        );
    }

    [Fact]
    public async Task Conditional_references_are_resolved_by_search()
    {
        var identifier = Given.Id();
        var patient = await Server.PostAsync("Patient", Given.PatientWith(identifier));
        var plan = Given
            .CarePlan("x", "p")
            .Replace("Patient/p", $"Patient?identifier=urn:test|{identifier}", StringComparison.Ordinal);

        var answer = (
            await Server.PostAsync(
                "",
                Given.Transaction(Given.Entry("POST", "CarePlan", plan)),
                "Prefer: return=representation"
            )
        ).ShouldBe(200);

        Assert.Equal(
            $"Patient/{patient.Id}",
            answer.Resources.Single().GetProperty("subject").GetProperty("reference").GetString()
        );
    }

    [Theory]
    [InlineData(
        0,
        "error not-found",
        "This conditional reference finds no resource. Create it first, or as an entry that is referred to by its fullUrl."
    )]
    [InlineData(
        2,
        "error multiple-matches",
        "This conditional reference finds more than one resource; make its criteria more exact."
    )]
    public async Task A_conditional_reference_must_find_exactly_one(int matches, string issue, string sentence)
    {
        var identifier = Given.Id();
        for (var n = 0; n < matches; n++)
            await Server.PostAsync("Patient", Given.PatientWith(identifier));
        var plan = Given
            .CarePlan("x", "p")
            .Replace("Patient/p", $"Patient?identifier=urn:test|{identifier}", StringComparison.Ordinal);

        (await Server.PostAsync("", Given.Transaction(Given.Entry("POST", "CarePlan", plan)))).ShouldRefuse(
            412,
            $"{issue} Bundle.entry[0].resource.subject.reference: {sentence}"
        );
    }

    [Fact]
    public async Task A_wrong_17th_entry_stores_nothing_and_is_named()
    {
        var identifier = Given.Id();
        var entries = Enumerable
            .Range(0, 16)
            .Select(_ => Given.Entry("POST", "Patient", Given.PatientWith(identifier)))
            .ToList();
        entries.Add(Given.Entry("POST", "Patient", """{"resourceType":"Patient","shoeSize":44}"""));

        var answer = (await Server.PostAsync("", Given.Transaction([.. entries]))).ShouldBe(400);

        Assert.StartsWith(
            "error structure Bundle.entry[16].resource.shoeSize: ",
            Assert.Single(answer.Issues),
            StringComparison.Ordinal
        );
        Assert.Empty((await Server.GetAsync($"Patient?identifier=urn:test|{identifier}")).Resources);
    }

    [Fact]
    public async Task Entries_without_a_request_or_with_an_unknown_address_are_named()
    {
        var good = Given.Entry("POST", "Patient", Given.Patient("x"));
        (
            await Server.PostAsync("", Given.Transaction(good, Given.Entry("POST", "Pacient", Given.Patient("x"))))
        ).ShouldRefuse(
            404,
            "error not-supported Bundle.entry[1]: 'Pacient' is no resource type of FHIR R4; type names are case-sensitive."
        );
        (
            await Server.PostAsync("", Given.Transaction(good, Given.Entry("POST", "Observation", Given.Patient("x"))))
        ).ShouldRefuse(
            400,
            "error value Bundle.entry[1].resource.resourceType: The body is a Patient, but the URL is of Observation: send it to Patient."
        );
        var noRequest = (
            await Server.PostAsync("", Given.Transaction(good, $$"""{"resource":{{Given.Patient("x")}}}"""))
        ).ShouldBe(400);
        Assert.All(noRequest.Issues, i => Assert.Contains("Bundle.entry[1]", i, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_entries_for_one_resource_are_refused()
    {
        var id = Given.Id();
        (
            await Server.PostAsync(
                "",
                Given.Transaction(
                    Given.Entry("PUT", $"Patient/{id}", Given.Patient(id)),
                    Given.Entry("DELETE", $"Patient/{id}")
                )
            )
        ).ShouldRefuse(
            400,
            "error invariant Bundle.entry[1]: This entry and Bundle.entry[0] mean the same resource; send one of them, and refer to it from all places by its fullUrl."
        );
    }

    [Fact]
    public async Task A_stale_if_match_refuses_the_whole()
    {
        var (id, other) = (Given.Id(), Given.Id());
        await Server.PutAsync($"Patient/{id}", Given.Patient(id));
        await Server.PutAsync($"Patient/{id}", Given.Patient(id, "Okafor"));

        var answer = await Server.PostAsync(
            "",
            Given.Transaction(
                Given.Entry("PUT", $"Patient/{other}", Given.Patient(other)),
                Given.Entry("PUT", $"Patient/{id}", Given.Patient(id, "Smith"), more: ",\"ifMatch\":\"W/\\\"1\\\"\"")
            )
        );

        answer.ShouldRefuse(
            412,
            $"error conflict Bundle.entry[1]: Patient/{id} is not at version 1, which ifMatch asks for. Nothing was stored."
        );
        (await Server.GetAsync($"Patient/{other}")).ShouldBe(404);
    }

    [Fact]
    public async Task A_conditional_create_finds_what_exists_and_others_refer_to_it()
    {
        const string Uuid = "urn:uuid:11111111-2222-4333-8444-555555555555";
        var identifier = Given.Id();
        var bundle = Given.Transaction(
            Given.Entry(
                "POST",
                "Patient",
                Given.PatientWith(identifier),
                Uuid,
                $",\"ifNoneExist\":\"identifier=urn:test|{identifier}\""
            ),
            Given.Entry(
                "POST",
                "CarePlan",
                Given.CarePlan("x", "p").Replace("Patient/p", Uuid, StringComparison.Ordinal)
            )
        );

        var first = (await Server.PostAsync("", bundle)).ShouldBe(200);
        var second = (await Server.PostAsync("", bundle, "Prefer: return=representation")).ShouldBe(200);

        Assert.Equal(["201 Created", "201 Created"], Statuses(first));
        Assert.Equal(["200 OK", "201 Created"], Statuses(second));
        var patient = second.Resources.First().GetProperty("id").GetString();
        Assert.Equal(
            $"Patient/{patient}",
            second.Resources.Last().GetProperty("subject").GetProperty("reference").GetString()
        );
        Assert.Single((await Server.GetAsync($"Patient?identifier=urn:test|{identifier}")).Resources);
    }

    [Fact]
    public async Task Concurrent_transactions_with_one_condition_create_once()
    {
        var identifier = Given.Id();
        var bundle = Given.Transaction(
            Given.Entry(
                "POST",
                "Patient",
                Given.PatientWith(identifier),
                null,
                $",\"ifNoneExist\":\"identifier=urn:test|{identifier}\""
            )
        );

        var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => Server.PostAsync("", bundle)));

        Assert.All(answers, a => a.ShouldBe(200));
        Assert.Single(answers, a => Statuses(a)[0] == "201 Created");
        Assert.Single((await Server.GetAsync($"Patient?identifier=urn:test|{identifier}")).Resources);
    }

    [Fact]
    public async Task A_read_that_would_find_nothing_refuses_the_whole()
    {
        var (id, missing) = (Given.Id(), Given.Id());
        (
            await Server.PostAsync(
                "",
                Given.Transaction(
                    Given.Entry("PUT", $"Patient/{id}", Given.Patient(id)),
                    Given.Entry("GET", $"Patient/{missing}")
                )
            )
        ).ShouldRefuse(
            404,
            $"error not-found Bundle.entry[1]: There is no Patient/{missing} to read. Nothing was stored."
        );
        (await Server.GetAsync($"Patient/{id}")).ShouldBe(404);
    }

    [Fact]
    public async Task Searches_see_what_the_transaction_wrote()
    {
        var identifier = Given.Id();
        var answer = (
            await Server.PostAsync(
                "",
                Given.Transaction(
                    Given.Entry("GET", $"Patient?identifier=urn:test|{identifier}"),
                    Given.Entry("POST", "Patient", Given.PatientWith(identifier))
                )
            )
        ).ShouldBe(200);
        Assert.Equal(1, answer.Entries.First().GetProperty("resource").GetProperty("entry").GetArrayLength());
    }

    [Fact]
    public async Task A_reference_to_no_entry_is_refused()
    {
        var plan = Given
            .CarePlan("x", "p")
            .Replace("Patient/p", "urn:uuid:99999999-2222-4333-8444-555555555555", StringComparison.Ordinal);
        (await Server.PostAsync("", Given.Transaction(Given.Entry("POST", "CarePlan", plan)))).ShouldRefuse(
            400,
            "error not-found Bundle.entry[0].resource.subject.reference: No entry of the Bundle has this fullUrl."
        );
    }

    [Fact]
    public async Task Only_a_batch_or_transaction_can_be_posted_to_the_base()
    {
        (await Server.PostAsync("", Given.Patient("x"))).ShouldRefuse(
            400,
            "error value: Only a Bundle can be posted here; post another resource to its type, as to Patient."
        );
        (await Server.PostAsync("", """{"resourceType":"Bundle","type":"collection"}""")).ShouldRefuse(
            400,
            "error value Bundle.type: A Bundle posted here is of type batch or transaction; to store another one as it is, post it to Bundle."
        );
        (await Server.PostAsync("", """{"resourceType":"Bundle","type":"transaction"}""")).ShouldBe(200);
    }

    private static string[] Statuses(Answer answer) =>
        [.. answer.Entries.Select(e => e.GetProperty("response").GetProperty("status").GetString()!)];
}
