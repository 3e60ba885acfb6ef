using System.Text.Json;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Interactions;

/// <summary>
/// What a resource that is sent claims for itself and only the server gives is ignored, whatever it is.
/// https://hl7.org/fhir/R4/http.html#create, https://hl7.org/fhir/R4/http.html#update
/// </summary>
public sealed class ClaimTests(SqliteServer shared) : ServerTests(shared)
{
    private const string Subsetted =
        "\"meta\":{\"tag\":[{\"system\":\"http://terminology.hl7.org/CodeSystem/v3-ObservationValue\",\"code\":\"SUBSETTED\"}]}";

    /// <summary>Ids of Oracle Health and Epic, and others that are none of R4.</summary>
    public static TheoryData<string> Ids =>
        [
            "\"123_456\"",
            $"\"{new string('e', 110)}\"",
            "\"\"",
            "\".\"",
            "\"..\"",
            "\"a b\"",
            "\"a/b\"",
            "\"\u00e4\"",
            "7",
            "null",
            "true",
            "[\"x\"]",
            "{\"x\":1}",
        ];

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task The_id_of_a_new_resource_is_the_servers(string id)
    {
        foreach (
            var body in (string[])
                [
                    $$"""{"resourceType":"Patient","id":{{id}},"gender":"female"}""",
                    $$"""{"id":{{id}},"resourceType":"Patient","gender":"female"}""",
                    $$"""{ "resourceType" : "Patient" , "gender" : "female" , "id" : {{id}} }""",
                ]
        )
        {
            var created = (await Server.PostAsync("Patient", body)).ShouldBe(201);
            Assert.Equal("female", created.Text("gender"));
            Assert.Equal(created.Body, (await Server.GetAsync($"Patient/{created.Id}")).Body);

            var entry = Given.Entry("POST", "Patient", body, "urn:uuid:7d3f0cbc-6d1e-4d2c-9a53-0d0f7a1b2c3d");
            foreach (var bundle in (string[])[Given.Transaction(entry), Given.Batch(entry)])
            {
                var answer = (await Server.PostAsync("", bundle)).ShouldBe(200);
                var response = Assert.Single(answer.Entries).GetProperty("response");
                Assert.Equal("201 Created", response.GetProperty("status").GetString());
            }
        }
    }

    public static TheoryData<string> Metas =>
        [
            """{"versionId":"7","lastUpdated":"2001-01-01T00:00:00Z"}""",
            """{"versionId":"a_b","lastUpdated":"yesterday"}""",
            """{"versionId":7}""",
            """{"lastUpdated":"2001-01-01"}""",
            """{"lastUpdated":"2001-01-01T00:00:00"}""",
            """{"versionId":"", "lastUpdated":null }""",
        ];

    [Theory]
    [MemberData(nameof(Metas))]
    public async Task The_version_and_its_time_are_the_servers(string meta)
    {
        var id = Given.Id();
        var more = meta.Replace("}", ",\"source\":\"urn:x\"}", StringComparison.Ordinal);
        foreach (var (body, source) in ((string, string?)[])[(Body(meta, id), null), (Body(more, id), "urn:x")])
        {
            foreach (
                var answer in (Answer[])
                    [
                        (await Server.PostAsync("Patient", body)).ShouldBe(201),
                        await Server.PutAsync($"Patient/{id}", body),
                        await InTransactionAsync(Given.Entry("PUT", $"Patient/{id}", body)),
                        await InTransactionAsync(Given.Entry("POST", "Patient", body)),
                    ]
            )
            {
                Assert.InRange(answer.Status, 200, 201);
                var stored = (
                    answer.Text("resourceType") == "Bundle" ? answer.Resources.Single() : answer.Json
                ).GetProperty("meta");
                Assert.Matches("^[0-9]+$", stored.GetProperty("versionId").GetString());
                Assert.True(stored.GetProperty("lastUpdated").GetDateTimeOffset().Year >= 2026);
                Assert.Equal(source, stored.TryGetProperty("source", out var kept) ? kept.GetString() : null);
            }
        }

        static string Body(string meta, string id) =>
            $$"""{"resourceType":"Patient","id":"{{id}}","meta":{{meta}},"gender":"female"}""";
    }

    [Fact]
    public async Task References_to_a_new_resource_whose_id_is_none_of_R4_follow_it()
    {
        const string Home = "https://ehr.example/fhir";
        var family = Given.Id();
        var patient = $$"""{"resourceType":"Patient","id":"p_1","name":[{"family":"{{family}}"}]}""";
        string Observation(string reference) =>
            $$$"""{"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"{{{reference}}}"}}""";

        var answer = (
            await Server.PostAsync(
                "",
                Given.Transaction(
                    Given.Entry("POST", "Observation", Observation("Patient/p_1"), $"{Home}/Observation/o_1"),
                    Given.Entry("POST", "Observation", Observation($"{Home}/Patient/p_1"), $"{Home}/Observation/o_2"),
                    Given.Entry("POST", "Patient", patient, $"{Home}/Patient/p_1")
                ),
                "Prefer: return=representation"
            )
        ).ShouldBe(200);

        var stored = answer.Resources.ToList();
        var id = stored[2].GetProperty("id").GetString();
        Assert.Equal(family, stored[2].GetProperty("name")[0].GetProperty("family").GetString());
        foreach (var observation in stored[..2])
            Assert.Equal($"Patient/{id}", observation.GetProperty("subject").GetProperty("reference").GetString());
    }

    [Fact]
    public async Task The_same_foreign_id_of_two_servers_is_two_resources()
    {
        string[] homes = ["https://one.example/fhir", "https://two.example/fhir"];
        var answer = (
            await Server.PostAsync(
                "",
                Given.Transaction([
                    .. homes.SelectMany(home =>
                        (string[])
                            [
                                Given.Entry(
                                    "POST",
                                    "Patient",
                                    $$"""{"resourceType":"Patient","id":"p_1","name":[{"text":"{{home}}"}]}""",
                                    $"{home}/Patient/p_1"
                                ),
                                Given.Entry(
                                    "POST",
                                    "Observation",
                                    """{"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/p_1"}}""",
                                    $"{home}/Observation/o_1"
                                ),
                            ]
                    ),
                ]),
                "Prefer: return=representation"
            )
        ).ShouldBe(200);

        var stored = answer.Resources.ToList();
        string Key(JsonElement patient) => $"Patient/{patient.GetProperty("id").GetString()}";
        string? Subject(JsonElement observation) =>
            observation.GetProperty("subject").GetProperty("reference").GetString();
        Assert.NotEqual(Key(stored[0]), Key(stored[2]));
        Assert.Equal((Key(stored[0]), Key(stored[2])), (Subject(stored[1]), Subject(stored[3])));
    }

    [Fact]
    public async Task What_was_cut_for_an_answer_does_not_take_the_place_of_the_whole()
    {
        var id = Given.Id();
        (await Server.PutAsync($"Patient/{id}", Given.Patient(id))).ShouldBe(201);
        var part = (await Server.GetAsync($"Patient/{id}?_elements=gender")).ShouldBe(200).Body;
        const string Sentence =
            "error business-rule Patient.meta.tag: The resource is tagged SUBSETTED: it is a part of what is stored. Read it without _summary and _elements, change it, and send the whole.";

        (await Server.PutAsync($"Patient/{id}", part)).ShouldRefuse(422, Sentence);
        (await Server.PutAsync($"Patient?_id={id}", part)).ShouldRefuse(422, Sentence);
        (await Server.PostAsync("", Given.Transaction(Given.Entry("PUT", $"Patient/{id}", part)))).ShouldBe(422);

        Assert.Equal("W/\"1\"", (await Server.GetAsync($"Patient/{id}")).ETag);
        // Made anew it stands for nothing else.
        (await Server.PostAsync("Patient", $"{{\"resourceType\":\"Patient\",{Subsetted}}}")).ShouldBe(201);
    }

    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    public async Task Dots_are_no_id(string id)
    {
        // As part of an address they are what RFC 3986 says; encoded twice they are the characters.
        var body = $$"""{"resourceType":"Patient","id":"{{id}}"}""";
        foreach (var url in (string[])[$"Patient/{id}", $"Patient/%2E{id[1..]}"])
        {
            Assert.InRange((await Server.PutAsync(url, body)).Status, 400, 499);
            var entry = Given.Entry("PUT", url, body);
            Assert.InRange((await Server.PostAsync("", Given.Transaction(entry))).Status, 400, 499);
            var response = Assert.Single((await Server.PostAsync("", Given.Batch(entry))).ShouldBe(200).Entries);
            Assert.StartsWith(
                "4",
                response.GetProperty("response").GetProperty("status").GetString(),
                StringComparison.Ordinal
            );
        }
    }

    private Task<Answer> InTransactionAsync(string entry) =>
        Server.PostAsync("", Given.Transaction(entry), "Prefer: return=representation");
}
