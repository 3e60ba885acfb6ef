using System.Globalization;
using System.Text.Json;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Visits;

/// <summary>A patient after a discharge, and the clinic that sees them.</summary>
internal sealed class Clinic(TestServer server, DateTimeOffset now)
{
    public const string Work = "https://carecoordination.example/fhir/CodeSystem/appointment-work";

    public TestServer Server => server;

    public Hospital Hospital { get; private init; } = new();

    /// <summary>As a reference.</summary>
    public string Patient { get; private set; } = "";

    /// <summary>The task to visit, as a reference.</summary>
    public string Visit { get; private set; } = "";

    public string Plan { get; private set; } = "";

    public string Episode { get; private set; } = "";

    /// <param name="days">How long ago the patient was discharged.</param>
    public static async Task<Clinic> AfterDischargeAsync(TestServer server, double days = 1, DateTimeOffset? now = null)
    {
        var clinic = new Clinic(server, now ?? TimeProvider.System.GetUtcNow()) { Hospital = new Hospital() };
        clinic.Hospital.Start = clinic.In(-days - 3);
        clinic.Hospital.End = clinic.In(-days);
        (await server.PostAsync("$submit-transition", clinic.Hospital.Discharge(clinic.In(0)))).ShouldBe(200);
        await clinic.FindAsync();
        return clinic;
    }

    public async Task FindAsync()
    {
        Patient =
            "Patient/"
            + Assert.Single(
                (await server.GetAsync($"Patient?identifier=urn:hospital:mrn|{Hospital.Person}")).ShouldBe(200).Ids
            );
        Visit = "Task/" + Assert.Single(await TasksAsync("visit")).GetProperty("id").GetString();
        Plan =
            "CarePlan/"
            + Assert.Single((await server.GetAsync($"CarePlan?subject={Patient}&status=active,on-hold")).Ids);
        Episode = Assert.Single((await server.GetAsync($"EpisodeOfCare?patient={Patient}")).ShouldBe(200).Ids);
    }

    /// <summary>The time of the test, moved by days.</summary>
    public string In(double days) => now.AddDays(days).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    /// <summary>An Appointment of the patient.</summary>
    /// <param name="links">More elements, such as what it is for.</param>
    public string Appointment(string id, string status, double days, string? links = null) =>
        AppointmentAt(id, status, In(days), links);

    public string AppointmentAt(string id, string status, string start, string? links = null)
    {
        var end = DateTimeOffset
            .Parse(start, CultureInfo.InvariantCulture)
            .AddMinutes(30)
            .ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);
        return $$$"""{"resourceType":"Appointment","id":"{{{id}}}","status":"{{{status}}}","start":"{{{start}}}","end":"{{{end}}}",{{{links ?? ForVisit}}}"participant":[{"actor":{"reference":"{{{Patient}}}"},"status":"accepted"}]}""";
    }

    /// <summary>It names the task to visit.</summary>
    public string ForVisit =>
        $$"""
            "supportingInformation":[{"reference":"{{Visit}}"}],
            """;

    public async Task<Answer> PutAsync(string id, string status, double days, string? links = null) =>
        await server.PutAsync($"Appointment/{id}", Appointment(id, status, days, links));

    public async Task<JsonElement[]> TasksAsync(string code, string? status = null) =>
        [
            .. (
                await server.GetAsync($"Task?patient={Patient}&_count=200{(status is null ? "" : $"&status={status}")}")
            )
                .ShouldBe(200)
                .Resources.Where(t => CodeOf(t) == code),
        ];

    /// <summary>Open tasks to make a new appointment.</summary>
    public Task<JsonElement[]> ReschedulesAsync() => TasksAsync("reschedule", "requested,ready,on-hold");

    /// <summary>Status and business status of the task to visit.</summary>
    public async Task<string> StateAsync()
    {
        var task = (await server.GetAsync(Visit)).ShouldBe(200);
        return $"{task.Text("status")} {StateOf(task.Json)}";
    }

    /// <summary>The clock of the visit, by the names of its parts.</summary>
    public async Task<Dictionary<string, string>> ClockAsync(string? asOf = null)
    {
        var status = (
            await server.GetAsync($"EpisodeOfCare/{Episode}/$transition-status{(asOf is null ? "" : $"?asOf={asOf}")}")
        ).ShouldBe(200);
        return status
            .Json.GetProperty("parameter")
            .EnumerateArray()
            .Where(p => p.GetProperty("name").GetString() == "clock")
            .Select(p =>
                p.GetProperty("part")
                    .EnumerateArray()
                    .ToDictionary(
                        x => x.GetProperty("name").GetString()!,
                        x =>
                        {
                            var value = x.EnumerateObject().Single(v => v.Name != "name").Value;
                            return value.ValueKind == JsonValueKind.Object
                                ? value.GetProperty("reference").GetString()!
                                : value.ToString();
                        }
                    )
            )
            .Single(p => p["name"] == "visit");
    }

    public static string CodeOf(JsonElement task) =>
        task.GetProperty("code").GetProperty("coding")[0].GetProperty("code").GetString()!;

    public static string StateOf(JsonElement task) =>
        task.TryGetProperty("businessStatus", out var state)
            ? state.GetProperty("coding")[0].GetProperty("code").GetString()!
            : "-";

    public static string IdOf(JsonElement resource) => resource.GetProperty("id").GetString()!;

    public static string DueOf(JsonElement task) =>
        task.GetProperty("restriction").GetProperty("period").GetProperty("end").GetString()!;
}
