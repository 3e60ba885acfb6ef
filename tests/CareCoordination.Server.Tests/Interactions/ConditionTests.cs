using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Interactions;

/// <summary>
/// A condition or a parameter is honoured or refused, and never passed over. https://hl7.org/fhir/R4/http.html#concurrency
/// </summary>
public abstract class ConditionTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class OnSqlite(SqliteServer shared) : ConditionTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : ConditionTests(shared);

    [Fact]
    public async Task A_stale_If_Match_stops_a_conditional_delete()
    {
        var (id, identifier) = await StoredAsync();

        (await Server.DeleteAsync($"Patient?identifier=urn:test|{identifier}", "If-Match: W/\"7\"")).ShouldRefuse(
            412,
            $"error conflict: Patient/{id} is at version 2, and If-Match asked for 7: read it again and repeat your change on that."
        );
        (
            await Server.PostAsync(
                "",
                Given.Transaction(
                    Given.Entry(
                        "DELETE",
                        $"Patient?identifier=urn:test|{identifier}",
                        more: ",\"ifMatch\":\"W/\\\"1\\\"\""
                    )
                )
            )
        ).ShouldRefuse(
            412,
            $"error conflict Bundle.entry[0]: Patient/{id} is at version 2, and If-Match asked for 1: read it again and repeat your change on that."
        );
        (await Server.GetAsync($"Patient/{id}")).ShouldBe(200);
        (await Server.DeleteAsync($"Patient?identifier=urn:test|{identifier}", "If-Match: W/\"2\"")).ShouldBe(204);
        (await Server.DeleteAsync($"Patient?identifier=urn:test|{identifier}", "If-Match: *")).ShouldRefuse(
            412,
            "error conflict: The criteria find no Patient, so no version of it matches If-Match."
        );
    }

    [Theory]
    [InlineData("*", true)]
    [InlineData("W/\"2\"", true)]
    [InlineData("\"2\"", true)]
    [InlineData("W/\"1\", W/\"2\"", true)]
    [InlineData("W/\"1\",W/\"9\"", false)]
    [InlineData("W/\"1\"", false)]
    public async Task If_Match_takes_lists_and_any_on_every_write(string tags, bool holds)
    {
        var expected = holds ? 200 : 412;
        foreach (var byCriteria in new[] { false, true })
        {
            foreach (var method in new[] { "PUT", "PATCH", "DELETE" })
            {
                var (id, identifier) = await StoredAsync();
                var url = byCriteria ? $"Patient?identifier=urn:test|{identifier}" : $"Patient/{id}";
                var body = method switch
                {
                    "PUT" => WithId(id, identifier),
                    "PATCH" => Ask.Patch(Ask.Step("replace", "Patient.name[0].family", "\"valueString\":\"Okafor\"")),
                    _ => null,
                };
                var direct = await Server.SendAsync(new HttpMethod(method), url, body, $"If-Match: {tags}");
                Assert.True(
                    direct.Status == (holds && method == "DELETE" ? 204 : expected),
                    $"{method} {url} {tags}: {direct.Status} {direct.Body}"
                );

                var (other, known) = await StoredAsync();
                var entry = Given.Entry(
                    method,
                    byCriteria ? $"Patient?identifier=urn:test|{known}" : $"Patient/{other}",
                    method == "PUT" ? WithId(other, known) : body,
                    more: $",\"ifMatch\":\"{tags.Replace("\"", "\\\"", StringComparison.Ordinal)}\""
                );
                var within = await Server.PostAsync("", Given.Transaction(entry));
                Assert.True(within.Status == expected, $"{method} {url} {tags}: {within.Status} {within.Body}");
                (await Server.GetAsync($"Patient/{other}")).ShouldBe(holds && method == "DELETE" ? 410 : 200);
            }
        }
    }

    [Fact]
    public async Task If_Match_any_is_for_what_is_there()
    {
        var id = Given.Id();
        (await Server.PutAsync($"Patient/{id}", Given.Patient(id), "If-Match: *")).ShouldRefuse(
            412,
            $"error conflict: There is no Patient/{id}, so no version of it matches If-Match."
        );
        (await Server.PutAsync($"Patient/{id}", Given.Patient(id), "If-Match: W/\"0\"")).ShouldBe(400);
        await Server.PutAsync($"Patient/{id}", Given.Patient(id));
        await Server.DeleteAsync($"Patient/{id}");
        (await Server.PutAsync($"Patient/{id}", Given.Patient(id), "If-Match: *")).ShouldBe(412);
        (await Server.PutAsync($"Patient/{id}", Given.Patient(id), "If-Match: *", "If-None-Match: *")).ShouldBe(400);
        (await Server.PutAsync($"Patient/{id}", Given.Patient(id), "If-None-Match: W/\"1\"")).ShouldBe(400);
    }

    [Theory]
    [InlineData("GET", "Patient/{id}", "If-Match: W/\"1\"", "read does not take If-Match")]
    [InlineData("GET", "Patient/{id}", "If-None-Exist: name=x", "read does not take If-None-Exist")]
    [InlineData("GET", "Patient?name=x", "If-None-Match: W/\"1\"", "search-type does not take If-None-Match")]
    [InlineData("GET", "Patient/{id}/_history", "If-Match: *", "history-instance does not take If-Match")]
    [InlineData("GET", "Patient/{id}/$everything", "If-Match: *", "$everything does not take If-Match")]
    [InlineData("POST", "Patient", "If-Match: *", "create does not take If-Match")]
    [InlineData("POST", "Patient", "If-None-Match: *", "create does not take If-None-Match")]
    [InlineData("POST", "Patient", "Idempotency-Key: a", "create does not take Idempotency-Key")]
    [InlineData("POST", "Patient", "X-Provenance: {}", "create does not take X-Provenance")]
    [InlineData("PUT", "Patient/{id}", "If-None-Exist: name=x", "update does not take If-None-Exist")]
    [InlineData("PUT", "Patient/{id}", "X-Provenance: {}", "update does not take X-Provenance")]
    [InlineData("PUT", "Patient?_id={id}", "If-None-Match: *", "update does not take If-None-Match")]
    [InlineData("DELETE", "Patient/{id}", "If-None-Match: *", "delete does not take If-None-Match")]
    [InlineData("DELETE", "Patient?_id={id}", "If-Modified-Since: x", "delete does not take If-Modified-Since")]
    public async Task A_condition_that_an_interaction_does_not_take_is_refused(
        string method,
        string url,
        string header,
        string sentence
    )
    {
        var (id, identifier) = await StoredAsync();
        var body = method is "PUT" or "POST" ? WithId(id, identifier) : null;
        var answer = await Server.SendAsync(
            new HttpMethod(method),
            url.Replace("{id}", id, StringComparison.Ordinal),
            body,
            header
        );
        answer.ShouldRefuse(400, $"error not-supported: {sentence}: leave it out. Nothing was done.");
        Assert.Equal("W/\"2\"", (await Server.GetAsync($"Patient/{id}")).ShouldBe(200).ETag);
    }

    [Theory]
    [InlineData("DELETE", "Patient/{id}", "ifNoneMatch", "delete does not take If-None-Match")]
    [InlineData("GET", "Patient/{id}", "ifMatch", "read does not take If-Match")]
    [InlineData("POST", "Patient", "ifMatch", "create does not take If-Match")]
    [InlineData("PUT", "Patient/{id}", "ifNoneExist", "update does not take If-None-Exist")]
    public async Task An_entry_is_refused_in_the_same_words(
        string method,
        string url,
        string condition,
        string sentence
    )
    {
        var (id, identifier) = await StoredAsync();
        var entry = Given.Entry(
            method,
            url.Replace("{id}", id, StringComparison.Ordinal),
            method is "PUT" or "POST" ? WithId(id, identifier) : null,
            more: $",\"{condition}\":\"*\""
        );
        (await Server.PostAsync("", Given.Transaction(entry))).ShouldRefuse(
            400,
            $"error not-supported Bundle.entry[0]: {sentence}: leave it out. Nothing was done."
        );
        var batch = (await Server.PostAsync("", Given.Batch(entry))).ShouldBe(200);
        Assert.Equal(
            "400 Bad Request",
            batch.Entries.Single().GetProperty("response").GetProperty("status").GetString()
        );
        (await Server.GetAsync($"Patient/{id}")).ShouldBe(200);
    }

    [Theory]
    [InlineData("DELETE", "Patient/{id}?hardDelete=true", "delete does not take the parameter 'hardDelete'")]
    [InlineData("DELETE", "Patient/{id}?_cascade=delete", "delete does not take the parameter '_cascade'")]
    [InlineData("PUT", "Patient/{id}?_cascade=delete", "update does not take the parameter '_cascade'")]
    [InlineData("POST", "Patient?name=x", "create does not take the parameter 'name'")]
    [InlineData("GET", "Patient/{id}?_include=*", "read does not take the parameter '_include'")]
    [InlineData("GET", "Patient/{id}/_history/1?since=1", "vread does not take the parameter 'since'")]
    public async Task A_parameter_that_would_be_passed_over_is_refused(string method, string url, string sentence)
    {
        var (id, identifier) = await StoredAsync();
        (
            await Server.SendAsync(
                new HttpMethod(method),
                url.Replace("{id}", id, StringComparison.Ordinal),
                method is "PUT" or "POST" ? WithId(id, identifier) : null
            )
        ).ShouldRefuse(400, $"error not-supported: {sentence}: leave it out. Nothing was done.");
        (await Server.GetAsync($"Patient/{id}")).ShouldBe(200);
    }

    [Theory]
    [InlineData("PUT", "_sort=name")]
    [InlineData("DELETE", "_count=1")]
    [InlineData("DELETE", "_cascade=delete")]
    [InlineData("PATCH", "_include=Patient:organization")]
    public async Task Criteria_take_no_parameters_of_results(string method, string parameter)
    {
        var (id, identifier) = await StoredAsync();
        (
            await Server.SendAsync(
                new HttpMethod(method),
                $"Patient?identifier=urn:test|{identifier}&{parameter}",
                method switch
                {
                    "PUT" => WithId(id, identifier),
                    "PATCH" => Ask.Patch(Ask.Step("replace", "Patient.name[0].family", "\"valueString\":\"Okafor\"")),
                    _ => null,
                }
            )
        ).ShouldBe(400);
        Assert.Equal("W/\"2\"", (await Server.GetAsync($"Patient/{id}")).ShouldBe(200).ETag);
    }

    [Theory]
    [InlineData("Patient/{id}/_history")]
    [InlineData("Patient/{id}/$everything")]
    public async Task Histories_and_records_are_shown_in_part_where_that_is_asked(string url)
    {
        var (id, _) = await StoredAsync();
        var answer = (
            await Server.GetAsync($"{url.Replace("{id}", id, StringComparison.Ordinal)}?_elements=identifier")
        ).ShouldBe(200);

        Assert.NotEmpty(answer.Resources);
        Assert.All(answer.Resources, r => Assert.False(r.TryGetProperty("name", out _)));
        Assert.All(
            answer.Resources,
            r => Assert.Contains("SUBSETTED", r.GetProperty("meta").GetRawText(), StringComparison.Ordinal)
        );
        Assert.Contains("_elements=identifier", answer.Link("self"), StringComparison.Ordinal);
        (await Server.GetAsync($"{url.Replace("{id}", id, StringComparison.Ordinal)}?_summary=some")).ShouldBe(400);
    }

    [Theory]
    [InlineData("2100-01-01T00:00:00Z", "304 Not Modified")]
    [InlineData("2000-01-01T00:00:00Z", "200 OK")]
    [InlineData("yesterday", "400 Bad Request")]
    public async Task An_entry_has_its_ifModifiedSince_as_an_instant(string since, string status)
    {
        var (id, _) = await StoredAsync();
        var batch = await Server.PostAsync(
            "",
            Given.Batch(Given.Entry("GET", $"Patient/{id}", more: $",\"ifModifiedSince\":\"{since}\""))
        );
        Assert.Equal(status, batch.Entries.Single().GetProperty("response").GetProperty("status").GetString());
    }

    /// <summary>A patient at version 2.</summary>
    private async Task<(string Id, string Identifier)> StoredAsync()
    {
        var (id, identifier) = (Given.Id(), Given.Id());
        (await Server.PutAsync($"Patient/{id}", Given.Patient(id))).ShouldBe(201);
        (await Server.PutAsync($"Patient/{id}", WithId(id, identifier))).ShouldBe(200);
        return (id, identifier);
    }

    private static string WithId(string id, string identifier) =>
        Given
            .PatientWith(identifier)
            .Replace(
                "\"resourceType\":\"Patient\"",
                $"\"resourceType\":\"Patient\",\"id\":\"{id}\"",
                StringComparison.Ordinal
            );
}
