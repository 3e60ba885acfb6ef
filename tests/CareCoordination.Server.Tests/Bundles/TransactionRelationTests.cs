using System.Text.Json;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Bundles;

/// <summary>
/// Entries that touch each other: R4 decides by kinds, not by the order they are sent in. https://hl7.org/fhir/R4/http.html#trules
/// </summary>
public abstract class TransactionRelationTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class OnSqlite(SqliteServer shared) : TransactionRelationTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : TransactionRelationTests(shared);

    private const string AddActive = """[{"op":"add","path":"/active","value":true}]""";
    private const string Uuid = "urn:uuid:4f0c1a58-8a5e-4b6e-9d8f-1c2d3e4f5a6b";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_conditional_create_does_not_find_what_is_deleted_beside_it(bool isDeleteLast)
    {
        var (old, identifier) = await StoredAsync();
        string[] entries =
        [
            Given.Entry("DELETE", $"Patient/{old}"),
            Create(identifier),
            Given.Entry("POST", "Observation", Observing(Uuid)),
        ];

        var answer = (await SendAsync(isDeleteLast ? [.. entries.Reverse()] : entries)).ShouldBe(200);

        Assert.Equal(
            isDeleteLast
                ? ["201 Created", "201 Created", "204 No Content"]
                : ["204 No Content", "201 Created", "201 Created"],
            Statuses(answer)
        );
        var found = (await Server.GetAsync($"Patient?identifier=urn:test|{identifier}")).Ids.Single();
        Assert.NotEqual(old, found);
        Assert.Equal($"Patient/{found}", SubjectOf(answer, isDeleteLast ? 0 : 2));
    }

    [Fact]
    public async Task A_conditional_create_finds_the_one_that_is_left_of_several_when_the_others_are_deleted()
    {
        var (first, identifier) = await StoredAsync();
        var second = (await Server.PostAsync("Patient", Given.PatientWith(identifier))).Id;
        var third = (await Server.PostAsync("Patient", Given.PatientWith(identifier))).Id;

        var answer = (
            await SendAsync(
                Create(identifier),
                Given.Entry("DELETE", $"Patient/{first}"),
                Given.Entry("DELETE", $"Patient/{third}")
            )
        ).ShouldBe(200);

        Assert.Equal("200 OK", Statuses(answer)[0]);
        Assert.Equal(second, (await Server.GetAsync($"Patient?identifier=urn:test|{identifier}")).Ids.Single());
    }

    [Fact]
    public async Task A_conditional_update_does_not_find_what_is_deleted_by_criteria_beside_it()
    {
        var (old, identifier) = await StoredAsync();
        var other = Given.Id();
        await Server.PutAsync(
            $"Patient/{old}",
            $$"""{"resourceType":"Patient","id":"{{old}}","identifier":[{"system":"urn:test","value":"{{identifier}}"},{"system":"urn:test","value":"{{other}}"}]}"""
        );

        var answer = (
            await SendAsync(
                Given.Entry("PUT", $"Patient?identifier=urn:test|{identifier}", Given.PatientWith(identifier)),
                Given.Entry("DELETE", $"Patient?identifier=urn:test|{other}")
            )
        ).ShouldBe(200);

        Assert.Equal(["201 Created", "204 No Content"], Statuses(answer));
        Assert.NotEqual(old, (await Server.GetAsync($"Patient?identifier=urn:test|{identifier}")).Ids.Single());
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("PUT by criteria")]
    public async Task A_conditional_reference_finds_what_the_same_transaction_stores(string how)
    {
        var (id, identifier) = (Given.Id(), Given.Id());
        var patient = Given.PatientWith(identifier);
        var entry = how switch
        {
            "POST" => Given.Entry("POST", "Patient", patient),
            "PUT" => Given.Entry("PUT", $"Patient/{id}", WithId(patient, id)),
            _ => Given.Entry("PUT", $"Patient?identifier=urn:test|{identifier}", patient),
        };

        var answer = (
            await SendAsync(
                Given.Entry("POST", "Observation", Observing($"Patient?identifier=urn:test|{identifier}")),
                entry
            )
        ).ShouldBe(200);

        var found = (await Server.GetAsync($"Patient?identifier=urn:test|{identifier}")).Ids.Single();
        Assert.Equal($"Patient/{found}", SubjectOf(answer, 0));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_conditional_reference_does_not_find_what_the_same_transaction_takes_away(bool isDeleted)
    {
        var (old, identifier) = await StoredAsync();
        var observation = Given.Entry("POST", "Observation", Observing($"Patient?identifier=urn:test|{identifier}"));

        (
            await SendAsync(
                observation,
                isDeleted
                    ? Given.Entry("DELETE", $"Patient/{old}")
                    : Given.Entry("PUT", $"Patient/{old}", Given.Patient(old))
            )
        ).ShouldRefuse(
            412,
            "error not-found Bundle.entry[0].resource.subject.reference: This conditional reference finds no resource. Create it first, or as an entry that is referred to by its fullUrl."
        );
        (await Server.GetAsync($"Patient/{old}")).ShouldBe(200);
    }

    [Fact]
    public async Task A_conditional_reference_counts_what_is_stored_and_what_is_made()
    {
        var (_, identifier) = await StoredAsync();

        (
            await SendAsync(
                Given.Entry("POST", "Observation", Observing($"Patient?identifier=urn:test|{identifier}")),
                Given.Entry("POST", "Patient", Given.PatientWith(identifier))
            )
        ).ShouldRefuse(
            412,
            "error multiple-matches Bundle.entry[0].resource.subject.reference: This conditional reference finds more than one resource; make its criteria more exact."
        );
    }

    public static TheoryData<string> Pairs =>
        [
            "two conditional creates",
            "two conditional creates, criteria in another order",
            "two conditional updates",
            "conditional create and conditional update",
            "create and conditional create that finds it",
            "create and conditional update that finds it",
            "update and conditional update that finds it",
            "update and conditional update of what is stored",
            "update and conditional create of what is stored",
            "delete and conditional delete",
            "delete and conditional update by id",
            "patch and update",
            "patch by criteria and update",
            "create under the address that another updates",
        ];

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Two_entries_that_mean_one_resource_are_refused_in_either_order(string pair)
    {
        var (stored, known) = await StoredAsync();
        var (id, identifier) = (Given.Id(), Given.Id());
        var patient = Given.PatientWith(identifier);
        var byNew = $"Patient?identifier=urn:test|{identifier}";
        var byKnown = $"Patient?identifier=urn:test|{known}";
        var (one, other) = pair switch
        {
            "two conditional creates" => (Create(identifier), Create(identifier, null)),
            "two conditional creates, criteria in another order" => (
                Create(identifier, null, "&family=Lindqvist"),
                Given.Entry(
                    "POST",
                    "Patient",
                    Given.Patient("x", "Okafor"),
                    null,
                    $",\"ifNoneExist\":\"family=Lindqvist&identifier=urn:test%7C{identifier}\""
                )
            ),
            "two conditional updates" => (
                Given.Entry("PUT", byNew, patient),
                Given.Entry("PUT", byNew, Given.PatientWith(identifier, "Okafor"))
            ),
            "conditional create and conditional update" => (Create(identifier), Given.Entry("PUT", byNew, patient)),
            "create and conditional create that finds it" => (
                Given.Entry("POST", "Patient", patient),
                Create(identifier)
            ),
            "create and conditional update that finds it" => (
                Given.Entry("POST", "Patient", patient),
                Given.Entry("PUT", byNew, patient)
            ),
            "update and conditional update that finds it" => (
                Given.Entry("PUT", $"Patient/{id}", WithId(patient, id)),
                Given.Entry("PUT", byNew, patient)
            ),
            "update and conditional update of what is stored" => (
                Given.Entry("PUT", $"Patient/{stored}", Given.Patient(stored)),
                Given.Entry("PUT", byKnown, Given.PatientWith(known))
            ),
            "update and conditional create of what is stored" => (
                Given.Entry("PUT", $"Patient/{stored}", Given.Patient(stored)),
                Create(known)
            ),
            "delete and conditional delete" => (
                Given.Entry("DELETE", $"Patient/{stored}"),
                Given.Entry("DELETE", byKnown)
            ),
            "delete and conditional update by id" => (
                Given.Entry("DELETE", $"Patient/{stored}"),
                Given.Entry("PUT", byKnown, WithId(Given.PatientWith(known), stored))
            ),
            "patch and update" => (
                Given.Entry("PATCH", $"Patient/{stored}", Ask.Binary(AddActive)),
                Given.Entry("PUT", $"Patient/{stored}", Given.Patient(stored))
            ),
            "patch by criteria and update" => (
                Given.Entry("PATCH", byKnown, Ask.Binary(AddActive)),
                Given.Entry("PUT", $"Patient/{stored}", Given.Patient(stored))
            ),
            _ => (
                Given.Entry("POST", "Patient", patient, $"{Server.Base}/Patient/{stored}"),
                Given.Entry("PUT", $"Patient/{stored}", Given.Patient(stored))
            ),
        };

        foreach (var entries in new[] { new[] { one, other }, [other, one] })
        {
            var answer = await SendAsync(entries);
            answer.ShouldBe(400);
            var issue = Assert.Single(answer.Issues);
            Assert.Matches(
                @"^error invariant Bundle\.entry\[[01]\]: This entry and Bundle\.entry\[[01]\] mean the same resource; send one of them, and refer to it from all places by its fullUrl\.$",
                issue
            );
        }

        Assert.Empty((await Server.GetAsync(byNew)).Resources);
        Assert.Equal(stored, (await Server.GetAsync(byKnown)).Ids.Single());
    }

    [Theory]
    [InlineData("POST", "Observation", "subject=" + Uuid)]
    [InlineData("PUT", "Observation?subject=" + Uuid, null)]
    [InlineData("DELETE", "Observation?subject=" + Uuid, null)]
    [InlineData("GET", "Observation?subject=" + Uuid, null)]
    [InlineData("PUT", "Observation?subject=http://a.example/fhir/Patient/1", null)]
    public async Task Criteria_that_name_an_entry_by_its_full_url_are_refused(
        string method,
        string url,
        string? ifNoneExist
    )
    {
        var fullUrl = url.Contains("http", StringComparison.Ordinal) ? "http://a.example/fhir/Patient/1" : Uuid;
        var entry = Given.Entry(
            method,
            url,
            method is "POST" or "PUT" ? Observing(fullUrl) : null,
            null,
            ifNoneExist is null ? "" : $",\"ifNoneExist\":\"{ifNoneExist}\""
        );

        (await SendAsync(Given.Entry("POST", "Patient", Given.Patient("x"), fullUrl), entry)).ShouldRefuse(
            400,
            "error not-supported Bundle.entry[1]: Criteria cannot name another entry of the Bundle by its fullUrl; use an id, or criteria such as identifier=system|value."
        );
    }

    [Fact]
    public async Task Criteria_of_what_else_is_written_that_cannot_be_answered_are_refused()
    {
        var identifier = Given.Id();
        (
            await SendAsync(
                Given.Entry("POST", "Patient", Given.PatientWith(identifier), Uuid),
                Given.Entry("PUT", $"Observation?patient.identifier=urn:test|{identifier}", Observing(Uuid))
            )
        ).ShouldRefuse(
            400,
            "error not-supported Bundle.entry[1]: Chains cannot be answered of what the same transaction writes; use criteria such as identifier=system|value."
        );
    }

    [Fact]
    public async Task The_same_relative_reference_of_two_servers_means_two_resources()
    {
        var answer = (
            await SendAsync(
                Given.Entry("POST", "Patient", Given.Patient("1", "Of-A"), "http://a.example/fhir/Patient/1"),
                Given.Entry("POST", "Observation", Observing("Patient/1"), "http://a.example/fhir/Observation/1"),
                Given.Entry("POST", "Patient", Given.Patient("1", "Of-B"), "http://b.example/fhir/Patient/1"),
                Given.Entry("POST", "Observation", Observing("Patient/1"), "http://b.example/fhir/Observation/1"),
                Given.Entry("POST", "Observation", Observing("http://a.example/fhir/Patient/1"), Uuid)
            )
        ).ShouldBe(200);

        var (a, b) = (IdOf(answer, 0), IdOf(answer, 2));
        Assert.NotEqual(a, b);
        Assert.Equal($"Patient/{a}", SubjectOf(answer, 1));
        Assert.Equal($"Patient/{b}", SubjectOf(answer, 3));
        Assert.Equal($"Patient/{a}", SubjectOf(answer, 4));
    }

    [Fact]
    public async Task A_reference_to_this_server_stays_one_beside_entries_of_another()
    {
        var own = Given.Id();
        await Server.PutAsync($"Patient/{own}", Given.Patient(own));
        var answer = (
            await SendAsync(
                Given.Entry("POST", "Patient", Given.Patient(own), $"http://a.example/fhir/Patient/{own}"),
                Given.Entry(
                    "POST",
                    "Observation",
                    Observing($"{Server.Base}/Patient/{own}"),
                    "http://a.example/fhir/Observation/1"
                ),
                Given.Entry("POST", "Observation", Observing($"Patient/{own}")),
                Given.Entry("POST", "Observation", Observing($"Patient/{own}"), Uuid),
                Given.Entry("POST", "Observation", Observing($"Patient/{own}"), "http://a.example/fhir/Observation/2"),
                Given.Entry(
                    "POST",
                    "Observation",
                    Observing($"Patient/{own}/_history/7"),
                    "http://a.example/fhir/Observation/3"
                )
            )
        ).ShouldBe(200);

        foreach (var entry in (int[])[1, 2, 3])
            Assert.Equal($"Patient/{own}", SubjectOf(answer, entry));
        Assert.Equal($"Patient/{IdOf(answer, 0)}", SubjectOf(answer, 4));
        Assert.Equal($"Patient/{IdOf(answer, 0)}/_history/1", SubjectOf(answer, 5));
    }

    private async Task<(string Id, string Identifier)> StoredAsync()
    {
        var identifier = Given.Id();
        return ((await Server.PostAsync("Patient", Given.PatientWith(identifier))).ShouldBe(201).Id, identifier);
    }

    private Task<Answer> SendAsync(params string[] entries) =>
        Server.PostAsync("", Given.Transaction(entries), "Prefer: return=representation");

    private static string Create(string identifier, string? fullUrl = Uuid, string more = "") =>
        Given.Entry(
            "POST",
            "Patient",
            Given.PatientWith(identifier),
            fullUrl,
            $",\"ifNoneExist\":\"identifier=urn:test|{identifier}{more}\""
        );

    private static string Observing(string subject) =>
        $$$"""{"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"{{{subject}}}"}}""";

    private static string WithId(string patient, string id) =>
        patient.Replace(
            "\"resourceType\":\"Patient\"",
            $"\"resourceType\":\"Patient\",\"id\":\"{id}\"",
            StringComparison.Ordinal
        );

    private static string[] Statuses(Answer answer) =>
        [.. answer.Entries.Select(e => e.GetProperty("response").GetProperty("status").GetString()!)];

    private static JsonElement Resource(Answer answer, int entry) =>
        answer.Entries.ElementAt(entry).GetProperty("resource");

    private static string IdOf(Answer answer, int entry) => Resource(answer, entry).GetProperty("id").GetString()!;

    private static string SubjectOf(Answer answer, int entry) =>
        Resource(answer, entry).GetProperty("subject").GetProperty("reference").GetString()!;
}
