using System.Globalization;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Transitions;

/// <summary>Stays that somebody writes as resources, by whichever interaction: the plan follows as it does from a message.</summary>
public abstract class WrittenStayTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class OnSqlite(SqliteServer shared) : WrittenStayTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : WrittenStayTests(shared);

    private readonly string _patient = Given.Id("p");
    private readonly string _stay = Given.Id("e");

    [Theory]
    [InlineData("transaction")]
    [InlineData("post")]
    [InlineData("put")]
    [InlineData("patch")]
    [InlineData("batch")]
    public async Task A_finished_stay_starts_the_plan_through_every_door(string door)
    {
        if (door != "transaction")
            (await Server.PutAsync($"Patient/{_patient}", Given.Patient(_patient))).ShouldBe(201);
        var finished = Encounter("finished", At(-4), At(-1), "home");
        switch (door)
        {
            case "transaction":
                (
                    await Server.PostAsync(
                        "",
                        Given.Transaction(
                            Given.Entry("PUT", $"Patient/{_patient}", Given.Patient(_patient)),
                            Given.Entry("PUT", $"Encounter/{_stay}", finished)
                        )
                    )
                ).ShouldBe(200);
                break;
            case "batch":
                (await Server.PostAsync("", Given.Batch(Given.Entry("PUT", $"Encounter/{_stay}", finished)))).ShouldBe(
                    200
                );
                break;
            case "post":
                (await Server.PostAsync("Encounter", finished)).ShouldBe(201);
                break;
            case "put":
                (await Server.PutAsync($"Encounter/{_stay}", finished)).ShouldBe(201);
                break;
            default:
                (await Server.PutAsync($"Encounter/{_stay}", Encounter("in-progress", At(-4)))).ShouldBe(201);
                Assert.Empty(await PlansAsync());
                using (
                    var patch = new StringContent(
                        $$"""[{"op":"replace","path":"/status","value":"finished"},{"op":"add","path":"/period/end","value":"{{At(-1)}}"}]""",
                        System.Text.Encoding.UTF8,
                        "application/json-patch+json"
                    )
                )
                    (await Server.SendAsync(HttpMethod.Patch, $"Encounter/{_stay}", patch)).ShouldBe(200);
                break;
        }

        Assert.Equal(["active"], await PlansAsync());
        Assert.Equal(11, (await Server.GetAsync($"Task?patient=Patient/{_patient}&_count=50")).Resources.Count());
        Assert.Single((await Server.GetAsync($"EpisodeOfCare?patient=Patient/{_patient}")).Ids);
    }

    [Fact]
    public async Task A_stay_that_is_written_again_doubles_nothing_and_one_that_goes_on_ends_its_plan()
    {
        (await Server.PutAsync($"Patient/{_patient}", Given.Patient(_patient))).ShouldBe(201);
        (await Server.PutAsync($"Encounter/{_stay}", Encounter("finished", At(-4), At(-1), "home"))).ShouldBe(201);
        (await Server.PutAsync($"Encounter/{_stay}", Encounter("finished", At(-5), At(-1), "home"))).ShouldBe(200);
        Assert.Equal(["active"], await PlansAsync());
        Assert.Equal(11, (await Server.GetAsync($"Task?patient=Patient/{_patient}&_count=50")).Resources.Count());

        (await Server.PutAsync($"Encounter/{_stay}", Encounter("entered-in-error", At(-5), At(-1), "home"))).ShouldBe(
            200
        );

        Assert.Equal(["revoked"], await PlansAsync());
    }

    [Theory]
    [InlineData("AMB", "finished", -1, "home")]
    [InlineData("EMER", "finished", -1, "home")]
    [InlineData("IMP", "planned", -1, "home")]
    [InlineData("IMP", "finished", -1, "hosp")]
    public async Task What_is_no_discharge_of_these_days_starts_nothing(
        string @class,
        string status,
        int end,
        string disposition
    )
    {
        (await Server.PutAsync($"Patient/{_patient}", Given.Patient(_patient))).ShouldBe(201);

        (
            await Server.PutAsync($"Encounter/{_stay}", Encounter(status, At(end - 3), At(end), disposition, @class))
        ).ShouldBe(201);

        Assert.Empty(await PlansAsync());
    }

    [Fact]
    public async Task A_message_and_a_plain_write_of_one_stay_make_one_plan()
    {
        var hospital = new Hospital { Start = At(-4), End = At(-1) };
        (await Server.PostAsync("$submit-transition", hospital.Discharge(At(-1)))).ShouldBe(200);
        var stay = Assert.Single(
            (await Server.GetAsync($"Encounter?identifier=urn:hospital:visit|{hospital.Visit}")).Resources
        );
        var patient = stay.GetProperty("subject").GetProperty("reference").GetString()!;

        (
            await Server.PutAsync(
                $"Encounter/{stay.GetProperty("id").GetString()}",
                stay.GetRawText()
                    .Replace(
                        "\"status\":\"finished\"",
                        "\"status\":\"finished\",\"serviceType\":{\"text\":\"cardiology\"}",
                        StringComparison.Ordinal
                    )
            )
        ).ShouldBe(200);
        (await Server.PostAsync("$submit-transition", hospital.Discharge(At(0)))).ShouldBe(200);

        Assert.Single((await Server.GetAsync($"CarePlan?subject={patient}")).Ids);
        Assert.Equal(
            "cardiology",
            (await Server.GetAsync($"Encounter/{stay.GetProperty("id").GetString()}")).At("serviceType", "text")
        );
    }

    [Fact]
    public async Task A_document_that_is_posted_as_a_bundle_is_stored_and_followed_once()
    {
        var hospital = new Hospital { Start = At(-4), End = At(-1) };
        var document = hospital.Document(At(-1));

        var stored = (await Server.PostAsync("Bundle", document)).ShouldBe(201);

        Assert.Equal(
            hospital.Visit,
            (await Server.GetAsync($"Bundle/{stored.Id}")).ShouldBe(200).At("identifier", "value")
        );
        var stay = Assert.Single(
            (await Server.GetAsync($"Encounter?identifier=urn:hospital:visit|{hospital.Visit}")).Resources
        );
        var patient = stay.GetProperty("subject").GetProperty("reference").GetString();
        Assert.Single((await Server.GetAsync($"CarePlan?subject={patient}&status=active")).Ids);
        var record = Assert.Single(
            (
                await Server.GetAsync(
                    $"Task?code=submit-transition&focus=Encounter/{stay.GetProperty("id").GetString()}"
                )
            ).Resources
        );
        Assert.Contains($"Bundle/{stored.Id}", record.GetProperty("input").GetRawText(), StringComparison.Ordinal);

        (await Server.PostAsync("Bundle", document)).ShouldBe(201);
        (await Server.PostAsync("$submit-transition", document)).ShouldBe(200);
        Assert.Single((await Server.GetAsync($"CarePlan?subject={patient}")).Ids);
    }

    [Fact]
    public async Task A_document_that_is_no_summary_of_a_stay_is_stored_and_nothing_else()
    {
        var hospital = new Hospital { Start = At(-4), End = At(-1) };

        (
            await Server.PostAsync(
                "Bundle",
                hospital.Document(At(-1)).Replace("18842-5", "11488-4", StringComparison.Ordinal)
            )
        ).ShouldBe(201);

        Assert.Empty((await Server.GetAsync($"Encounter?identifier=urn:hospital:visit|{hospital.Visit}")).Ids);
    }

    [Theory]
    [InlineData("18842-5", "current", 1)]
    [InlineData("18761-7", "current", 1)]
    [InlineData("18842-5", "superseded", 0)]
    [InlineData("11488-4", "current", 0)]
    public async Task A_summary_that_only_people_read_is_stored_and_somebody_reads_it(
        string type,
        string status,
        int tasks
    )
    {
        (await Server.PutAsync($"Patient/{_patient}", Given.Patient(_patient))).ShouldBe(201);
        var document =
            $$$"""{"resourceType":"DocumentReference","id":"{{{_stay}}}","status":"{{{status}}}","type":{"coding":[{"system":"http://loinc.org","code":"{{{type}}}"}]},"subject":{"reference":"Patient/{{{_patient}}}"},"content":[{"attachment":{"contentType":"application/pdf","data":"JVBERi0="}}]}""";

        (await Server.PutAsync($"DocumentReference/{_stay}", document)).ShouldBe(201);
        (
            await Server.PutAsync(
                $"DocumentReference/{_stay}",
                document.Replace("JVBERi0=", "JVBERi0x", StringComparison.Ordinal)
            )
        ).ShouldBe(200);

        var made = (await Server.GetAsync($"Task?focus=DocumentReference/{_stay}")).ShouldBe(200).Resources.ToArray();
        Assert.Equal(tasks, made.Length);
        Assert.All(
            made,
            t =>
                Assert.Equal(
                    ("requested", "document"),
                    (
                        t.GetProperty("status").GetString(),
                        t.GetProperty("code").GetProperty("coding")[0].GetProperty("code").GetString()
                    )
                )
        );
    }

    private async Task<string[]> PlansAsync() =>
        [
            .. (await Server.GetAsync($"CarePlan?subject=Patient/{_patient}"))
                .ShouldBe(200)
                .Resources.Select(p => p.GetProperty("status").GetString()!),
        ];

    private string Encounter(
        string status,
        string start,
        string? end = null,
        string? disposition = null,
        string @class = "IMP"
    ) =>
        $$$"""{"resourceType":"Encounter","id":"{{{_stay}}}","status":"{{{status}}}","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"{{{@class}}}"},"subject":{"reference":"Patient/{{{_patient}}}"},"period":{"start":"{{{start}}}"{{{(end is null ? "" : $",\"end\":\"{end}\"")}}}}{{{(disposition is null ? "" : $",\"hospitalization\":{{\"dischargeDisposition\":{{\"coding\":[{{\"system\":\"http://terminology.hl7.org/CodeSystem/discharge-disposition\",\"code\":\"{disposition}\"}}]}}}}")}}}}""";

    private static string At(int days) =>
        TimeProvider.System.GetUtcNow().AddDays(days).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
