using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests;

/// <summary>https://hl7.org/fhir/R4/http.html#transaction</summary>
public abstract class BatchTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class OnSqlite(SqliteServer shared) : BatchTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : BatchTests(shared);

    [Fact]
    public async Task Every_entry_has_its_own_outcome()
    {
        var id = Given.Id();
        var answer = (
            await Server.PostAsync(
                "",
                Given.Batch(
                    Given.Entry("GET", $"Patient/{id}"),
                    Given.Entry("PUT", $"Patient/{id}", Given.Patient(id)),
                    Given.Entry("POST", "Patient", """{"resourceType":"Patient","shoeSize":44}"""),
                    Given.Entry("GET", "Patient/none-there"),
                    Given.Entry("POST", $"Patient/{id}"),
                    Given.Entry("GET", "metadata")
                )
            )
        ).ShouldBe(200);

        Assert.Equal("batch-response", answer.Text("type"));
        Assert.Equal(
            ["200 OK", "201 Created", "400 Bad Request", "404 Not Found", "405 Method Not Allowed", "200 OK"],
            answer.Entries.Select(e => e.GetProperty("response").GetProperty("status").GetString())
        );
        var outcome = Answer.Outcome(answer.Entries.ElementAt(2).GetProperty("response").GetProperty("outcome"));
        Assert.StartsWith(
            "error structure Bundle.entry[2].resource.shoeSize: ",
            Assert.Single(outcome),
            StringComparison.Ordinal
        );
        Assert.Equal(
            ["error not-found: There is no Patient/none-there."],
            Answer.Outcome(answer.Entries.ElementAt(3).GetProperty("response").GetProperty("outcome"))
        );
        Assert.Equal(id, answer.Entries.First().GetProperty("resource").GetProperty("id").GetString());
    }

    [Fact]
    public async Task Conditions_of_entries_hold()
    {
        var id = Given.Id();
        await Server.PutAsync($"Patient/{id}", Given.Patient(id));
        var answer = await Server.PostAsync(
            "",
            Given.Batch(
                Given.Entry("PUT", $"Patient/{id}", Given.Patient(id, "Okafor"), more: ",\"ifMatch\":\"W/\\\"7\\\"\""),
                Given.Entry("GET", $"Patient/{id}", more: ",\"ifNoneMatch\":\"W/\\\"1\\\"\"")
            )
        );
        Assert.Equal(
            ["412 Precondition Failed", "304 Not Modified"],
            answer.Entries.Select(e => e.GetProperty("response").GetProperty("status").GetString())
        );
    }

    [Fact]
    public async Task Many_creates_are_all_done()
    {
        var identifier = Given.Id();
        var answer = await Server.PostAsync(
            "",
            Given.Batch([
                .. Enumerable.Range(0, 100).Select(_ => Given.Entry("POST", "Patient", Given.PatientWith(identifier))),
            ])
        );
        Assert.All(
            answer.Entries,
            e => Assert.Equal("201 Created", e.GetProperty("response").GetProperty("status").GetString())
        );
        Assert.Equal(
            "100",
            (await Server.GetAsync($"Patient?identifier=urn:test|{identifier}&_summary=count")).Text("total")
        );
    }
}
