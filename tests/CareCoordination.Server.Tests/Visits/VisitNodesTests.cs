using CareCoordination.Server.Tests.Kit;
using CareCoordination.TestKit;

namespace CareCoordination.Server.Tests.Visits;

/// <summary>Two nodes on one database hear of the appointments, the rides and the discharge of one patient at once.</summary>
public sealed class VisitNodesTests
{
    [Fact]
    public async Task What_comes_to_two_nodes_at_once_is_told_once()
    {
        string[] database =
        [
            "--Storage:Provider=PostgreSql",
            $"--ConnectionStrings:CareCoordination={PostgreSqlCluster.Require().NewDatabase()}",
        ];
        Assert.Equal(0, await Program.Main(["migrate", .. database]));
        await using var first = await TestServer.StartAsync(database);
        await using var second = await TestServer.StartAsync(database);
        TestServer[] nodes = [first, second];
        for (var round = 0; round < 6; round++)
        {
            var clinic = await Clinic.AfterDischargeAsync(first);
            var (missed, lost, ride) = (Given.Id("a"), Given.Id("b"), Given.Id("r"));
            (string Path, string Body)[] told =
            [
                ($"Appointment/{missed}", clinic.Appointment(missed, "noshow", -0.5)),
                ($"Appointment/{lost}", clinic.Appointment(lost, "booked", 9)),
                (
                    $"ServiceRequest/{ride}",
                    $$$"""{"resourceType":"ServiceRequest","id":"{{{ride}}}","status":"active","intent":"order","category":[{"coding":[{"system":"https://carecoordination.example/fhir/CodeSystem/request-category","code":"transport"}]}],"subject":{"reference":"{{{clinic.Patient}}}"},"supportingInfo":[{"reference":"Appointment/{{{lost}}}"}]}"""
                ),
            ];

            var answers = await Task.WhenAll(
                Enumerable.Range(0, 18).Select(n => nodes[n % 2].PutAsync(told[n / 2 % 3].Path, told[n / 2 % 3].Body))
            );

            Assert.All(answers, a => Assert.InRange(a.Status, 200, 201));
            Assert.Equal("requested booked", await clinic.StateAsync());
            Assert.Empty(await clinic.ReschedulesAsync());
            Assert.InRange((await clinic.TasksAsync("reschedule")).Length, 0, 1);
            Assert.Single(await clinic.TasksAsync("confirm-transport"));
            Assert.Equal("1", (await clinic.ClockAsync())["noShows"]);
        }
    }

    /// <summary>An appointment that comes while the discharge does: whoever is first, the visit is booked.</summary>
    [Fact]
    public async Task An_appointment_that_meets_the_discharge_books_the_visit()
    {
        string[] database =
        [
            "--Storage:Provider=PostgreSql",
            $"--ConnectionStrings:CareCoordination={PostgreSqlCluster.Require().NewDatabase()}",
        ];
        Assert.Equal(0, await Program.Main(["migrate", .. database]));
        await using var first = await TestServer.StartAsync(database);
        await using var second = await TestServer.StartAsync(database);
        for (var round = 0; round < 12; round++)
        {
            var hospital = new Hospital();
            var clinic = new Clinic(first, TimeProvider.System.GetUtcNow());
            (hospital.Start, hospital.End) = (clinic.In(-4), clinic.In(-1));
            (await first.PostAsync("$submit-transition", hospital.Admit(clinic.In(-4)))).ShouldBe(200);
            var patient = Assert.Single(
                (await first.GetAsync($"Patient?identifier=urn:hospital:mrn|{hospital.Person}")).ShouldBe(200).Ids
            );

            var answers = await Task.WhenAll(
                first.PostAsync("$submit-transition", hospital.Discharge(clinic.In(0))),
                second.PostAsync(
                    "Appointment",
                    $$$"""{"resourceType":"Appointment","status":"booked","start":"{{{clinic.In(4)}}}","end":"{{{clinic.In(4.1)}}}","participant":[{"actor":{"reference":"Patient/{{{patient}}}"},"status":"accepted"}]}"""
                )
            );

            answers[0].ShouldBe(200);
            answers[1].ShouldBe(201);
            var visit = Assert.Single(
                (await first.GetAsync($"Task?patient=Patient/{patient}&_count=100")).ShouldBe(200).Resources,
                t => Clinic.CodeOf(t) == "visit"
            );
            Assert.Equal("booked", Clinic.StateOf(visit));
        }
    }
}
