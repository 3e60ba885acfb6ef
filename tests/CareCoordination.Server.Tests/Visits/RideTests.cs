using System.Text.Json;
using CareCoordination.Application.Timers;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace CareCoordination.Server.Tests.Visits;

/// <summary>Rides to appointments.</summary>
public abstract class RideTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class OnSqlite(SqliteServer shared) : RideTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : RideTests(shared);

    private const string Gravity =
        "http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes|transportation-insecurity";

    private const string Own = "https://carecoordination.example/fhir/CodeSystem/request-category|transport";

    private readonly string _appointment = Given.Id("a");
    private readonly string _ride = Given.Id("r");

    [Theory]
    [InlineData(Gravity, "request first")]
    [InlineData(Gravity, "appointment first")]
    [InlineData(Own, "transaction")]
    [InlineData(Own, "batch")]
    public async Task A_ride_is_to_be_confirmed_before_its_appointment_in_whichever_order_they_come(
        string category,
        string order
    )
    {
        var clinic = await Clinic.AfterDischargeAsync(Server);
        var request = Request(clinic, category);
        var appointment = clinic.Appointment(_appointment, "booked", 12);
        switch (order)
        {
            case "request first":
                (await Server.PutAsync($"ServiceRequest/{_ride}", request)).ShouldBe(201);
                Assert.Empty(await clinic.TasksAsync("confirm-transport"));
                (await Server.PutAsync($"Appointment/{_appointment}", appointment)).ShouldBe(201);
                break;
            case "appointment first":
                (await Server.PutAsync($"Appointment/{_appointment}", appointment)).ShouldBe(201);
                (await Server.PutAsync($"ServiceRequest/{_ride}", request)).ShouldBe(201);
                break;
            default:
                string[] entries =
                [
                    Given.Entry("PUT", $"ServiceRequest/{_ride}", request),
                    Given.Entry("PUT", $"Appointment/{_appointment}", appointment),
                ];
                (
                    await Server.PostAsync("", order == "batch" ? Given.Batch(entries) : Given.Transaction(entries))
                ).ShouldBe(200);
                break;
        }

        // Said again it is not there twice.
        (await Server.PutAsync($"ServiceRequest/{_ride}", request)).ShouldBe(200);
        var task = Assert.Single(await clinic.TasksAsync("confirm-transport"));
        Assert.Equal("requested", task.GetProperty("status").GetString());
        Assert.Equal($"ServiceRequest/{_ride}", task.GetProperty("focus").GetProperty("reference").GetString());
        Assert.True(
            string.CompareOrdinal(Clinic.DueOf(task)[..10], clinic.In(12)[..10]) < 0,
            $"{Clinic.DueOf(task)} is before {clinic.In(12)}"
        );
        Assert.Contains(
            Clinic.IdOf(task),
            (await Server.GetAsync($"Task/$worklist?patient={clinic.Patient}&code=confirm-transport")).ShouldBe(200).Ids
        );
    }

    [Fact]
    public async Task A_ride_for_tomorrow_is_due_now_and_urgent()
    {
        var clinic = await Clinic.AfterDischargeAsync(Server);
        (await clinic.PutAsync(_appointment, "booked", 1)).ShouldBe(201);
        (await Server.PutAsync($"ServiceRequest/{_ride}", Request(clinic, Gravity))).ShouldBe(201);

        var task = Assert.Single(await clinic.TasksAsync("confirm-transport"));
        Assert.Equal("urgent", task.GetProperty("priority").GetString());
        Assert.True(
            DateTimeOffset.Parse(Clinic.DueOf(task), System.Globalization.CultureInfo.InvariantCulture)
                <= TimeProvider.System.GetUtcNow()
        );
    }

    [Fact]
    public async Task A_confirmed_ride_moves_with_the_appointment_and_is_called_off_with_it()
    {
        var clinic = await Clinic.AfterDischargeAsync(Server);
        (await clinic.PutAsync(_appointment, "booked", 10)).ShouldBe(201);
        (await Server.PutAsync($"ServiceRequest/{_ride}", Request(clinic, Gravity))).ShouldBe(201);
        await CompleteAsync(Assert.Single(await clinic.TasksAsync("confirm-transport")));
        Assert.Empty(await clinic.TasksAsync("confirm-transport", "requested,ready"));

        (await clinic.PutAsync(_appointment, "booked", 13)).ShouldBe(200);
        await CompleteAsync(Assert.Single(await clinic.TasksAsync("confirm-transport", "requested,ready")));

        (await clinic.PutAsync(_appointment, "cancelled", 13)).ShouldBe(200);
        Assert.Empty(await clinic.TasksAsync("confirm-transport", "requested,ready"));
        Assert.Equal(
            "urgent",
            Assert
                .Single(await clinic.TasksAsync("call-off-transport", "requested,ready"))
                .GetProperty("priority")
                .GetString()
        );
    }

    [Theory]
    [InlineData("noshow")]
    [InlineData("cancelled")]
    [InlineData("deleted appointment")]
    [InlineData("deleted request")]
    [InlineData("another category")]
    [InlineData("revoked")]
    public async Task A_ride_that_is_not_needed_is_not_to_be_confirmed(string why)
    {
        var clinic = await Clinic.AfterDischargeAsync(Server);
        (await clinic.PutAsync(_appointment, "booked", 10)).ShouldBe(201);
        (await Server.PutAsync($"ServiceRequest/{_ride}", Request(clinic, Gravity))).ShouldBe(201);
        Assert.Single(await clinic.TasksAsync("confirm-transport", "requested,ready"));
        var answer = why switch
        {
            "deleted appointment" => await Server.DeleteAsync($"Appointment/{_appointment}"),
            "deleted request" => await Server.DeleteAsync($"ServiceRequest/{_ride}"),
            "another category" => await Server.PutAsync($"ServiceRequest/{_ride}", Request(clinic, "urn:x|y")),
            "revoked" => await Server.PutAsync(
                $"ServiceRequest/{_ride}",
                Request(clinic, Gravity).Replace("\"active\"", "\"revoked\"", StringComparison.Ordinal)
            ),
            _ => await clinic.PutAsync(_appointment, why, 10),
        };
        Assert.InRange(answer.Status, 200, 204);

        Assert.Equal(
            "cancelled",
            Assert.Single(await clinic.TasksAsync("confirm-transport")).GetProperty("status").GetString()
        );
    }

    [Fact]
    public async Task Many_at_once_ask_for_one_confirmation()
    {
        var clinic = await Clinic.AfterDischargeAsync(Server);
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 12)
                .Select(n =>
                    n % 2 == 0
                        ? clinic.PutAsync(_appointment, "booked", 10)
                        : Server.PutAsync($"ServiceRequest/{_ride}", Request(clinic, Gravity))
                )
        );

        Assert.All(answers, a => Assert.InRange(a.Status, 200, 201));
        Assert.Single(await clinic.TasksAsync("confirm-transport"));
    }

    /// <summary>On a Monday for Friday, with Thanksgiving between: to be sure by the end of Wednesday, and from then on a lead's to look at.</summary>
    [Fact]
    public async Task A_ride_that_is_not_confirmed_in_time_comes_to_a_lead()
    {
        var clock = new ShiftedClock(new DateTimeOffset(2026, 11, 23, 15, 0, 0, TimeSpan.Zero));
        await using var server = await TestServer.OnSqliteAsync(clock, "--Care:TimeZone=America/New_York");
        var clinic = await Clinic.AfterDischargeAsync(server, now: clock.GetUtcNow());
        (
            await server.PutAsync(
                $"Appointment/{_appointment}",
                clinic.AppointmentAt(_appointment, "booked", "2026-11-27T15:00:00Z")
            )
        ).ShouldBe(201);
        (await server.PutAsync($"ServiceRequest/{_ride}", Request(clinic, Gravity))).ShouldBe(201);
        Assert.Equal(
            "2026-11-25T23:59:59-05:00",
            Clinic.DueOf(Assert.Single(await clinic.TasksAsync("confirm-transport")))
        );

        clock.Advance(TimeSpan.FromDays(3));
        await server.Services.GetRequiredService<TimerSweep>().RunAsync(CancellationToken.None);

        var task = Assert.Single(await clinic.TasksAsync("confirm-transport"));
        Assert.Contains("overdue-transport", task.GetRawText(), StringComparison.Ordinal);
        Assert.Contains(
            await clinic.TasksAsync("escalate"),
            t => t.GetProperty("focus").GetProperty("reference").GetString() == $"Task/{Clinic.IdOf(task)}"
        );
    }

    private async Task CompleteAsync(JsonElement task)
    {
        var at = $"Task/{Clinic.IdOf(task)}";
        var nurse = $"Practitioner/{Given.Id("nurse")}";
        (await Server.AskAsync($"{at}/$claim", Ask.Reference("practitioner", nurse))).ShouldBe(200);
        (await Server.AskAsync($"{at}/$accept")).ShouldBe(200);
        (await Server.AskAsync($"{at}/$start")).ShouldBe(200);
        (await Server.AskAsync($"{at}/$complete")).ShouldBe(200);
    }

    private string Request(Clinic clinic, string category) =>
        $$$"""{"resourceType":"ServiceRequest","id":"{{{_ride}}}","status":"active","intent":"order","category":[{"coding":[{"system":"{{{category.Split('|')[0]}}}","code":"{{{category.Split('|')[1]}}}"}]}],"code":{"text":"A ride"},"subject":{"reference":"{{{clinic.Patient}}}"},"supportingInfo":[{"reference":"Appointment/{{{_appointment}}}"}]}""";
}
