using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Transitions;

/// <summary>A discharge that is told when its thirty days are over is recorded, through whichever door, and begins no plan.</summary>
public sealed class LateDischargeTests
{
    [Theory]
    [InlineData("message")]
    [InlineData("document")]
    [InlineData("encounter")]
    [InlineData("clinical document")]
    public async Task Is_recorded_and_begins_no_plan_through_any_door(string door)
    {
        await using var server = await TestServer.OnSqliteAsync("--Care:Rules:0:Transitions:LatestDays=29");

        foreach (var (days, plans) in (IEnumerable<(int, int)>)[(-31, 0), (-27, 1)])
        {
            var patient = await TellAsync(server, door, days);

            Assert.Equal(plans, (await server.GetAsync($"CarePlan?subject={patient}")).ShouldBe(200).Ids.Count());
            Assert.Equal(
                "finished",
                Assert
                    .Single((await server.GetAsync($"Encounter?patient={patient}")).Resources)
                    .GetProperty("status")
                    .GetString()
            );
            Assert.Equal(plans, (await server.GetAsync($"EpisodeOfCare?patient={patient}")).Ids.Count());
        }
    }

    [Fact]
    public async Task A_plan_that_is_there_is_corrected_however_late()
    {
        await using var server = await TestServer.OnSqliteAsync("--Care:Rules:0:Transitions:LatestDays=29");
        var hospital = new Hospital { Start = Given.Days(-50), End = Given.Days(-27) };
        (await server.PostAsync("$submit-transition", hospital.Discharge(Given.Days(-2)))).ShouldBe(200);
        hospital.End = Given.Days(-40);

        (await server.PostAsync("$submit-transition", hospital.Discharge(Given.Days(-1)))).ShouldBe(200);

        var plan = Assert.Single((await server.GetAsync("CarePlan")).Resources);
        Assert.Equal(
            ("active", Given.Days(-40)[..10]),
            (plan.GetProperty("status").GetString(), plan.GetProperty("period").GetProperty("start").GetString())
        );
    }

    private static async Task<string> TellAsync(TestServer server, string door, int days)
    {
        var hospital = new Hospital { Start = Given.Days(days - 3), End = Given.Days(days) };
        var id = Given.Id("p");
        switch (door)
        {
            case "message":
                (await server.PostAsync("$process-message", hospital.Discharge(Given.Days(days)))).ShouldBe(200);
                break;
            case "document":
                (await server.PostAsync("Bundle", hospital.Document(Given.Days(days)))).ShouldBe(201);
                break;
            case "encounter":
                (await server.PutAsync($"Patient/{id}", Given.Patient(id))).ShouldBe(201);
                (
                    await server.PostAsync(
                        "Encounter",
                        $$$"""{"resourceType":"Encounter","status":"finished","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"IMP"},"subject":{"reference":"Patient/{{{id}}}"},"period":{"start":"{{{Given.Days(days - 3)}}}","end":"{{{Given.Days(days)}}}"}}"""
                    )
                ).ShouldBe(201);
                return $"Patient/{id}";
            default:
                var document = new ClinicalDocument
                {
                    Start = Cda(days - 3),
                    End = Cda(days),
                    Written = Cda(days),
                };
                (await server.PutAsync($"Patient/{id}", document.Patient(id))).ShouldBe(201);
                (
                    await server.PostAsync(
                        "DocumentReference",
                        document.Reference("", id).Replace("\"id\":\"\",", "", StringComparison.Ordinal)
                    )
                ).ShouldBe(201);
                return $"Patient/{id}";
        }

        return "Patient/"
            + Assert.Single((await server.GetAsync($"Patient?identifier=urn:hospital:mrn|{hospital.Person}")).Ids);
    }

    private static string Cda(int days) =>
        TimeProvider
            .System.GetUtcNow()
            .AddDays(days)
            .ToString("yyyyMMddHHmmss", System.Globalization.CultureInfo.InvariantCulture) + "+0000";
}
