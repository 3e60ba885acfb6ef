using System.Globalization;
using System.Text.Json;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.TestKit;

namespace CareCoordination.Server.Tests.Month;

/// <summary>Plays the month of one team over HTTP, step by step beside its model, and says what it did.</summary>
internal sealed class MonthPlay(TestServer server, ShiftedClock clock, MonthModel model, Random random)
{
    private static readonly string[] Priorities = ["routine", "urgent", "asap", "stat"];

    /// <summary>Whom what does not get on is shown to.</summary>
    private const string Lead = "Practitioner/lead";

    private readonly List<string> _done = [];

    public string Done => string.Join('\n', _done);

    private DateTimeOffset Now => clock.GetUtcNow();

    private DateOnly Today => model.Today(Now);

    public async Task BeginAsync(string organization)
    {
        await PutAsync($"Organization/{organization}", """ "name":"Team" """);
        await server.EmployAsync(Lead);
        foreach (var manager in model.Managers)
            await PutManagerAsync(manager, organization, "");
        foreach (var patient in model.Patients)
        {
            await PutAsync(patient.Reference, """ "name":[{"family":"Lindqvist"}] """);
            await PutAsync(
                $"EpisodeOfCare/{patient.Id}",
                $$$""" "status":"active","patient":{"reference":"{{{patient.Reference}}}"},"managingOrganization":{"reference":"Organization/{{{organization}}}"} """
            );
            patient.Manager = Pick(model.Managers);
            await AskAsync(
                200,
                $"{patient.Reference}/$assign-care-manager",
                Ask.Reference("practitionerRole", patient.Manager)
            );
        }
    }

    public async Task StepAsync(string organization)
    {
        var patient = Pick(model.Patients);
        switch (random.Next(22))
        {
            case < 4:
                await AddTaskAsync(patient);
                break;
            case < 11:
                await WorkAsync();
                break;
            case < 15:
                await PlanAsync(patient);
                break;
            case < 17:
                await MeasureAsync(patient);
                break;
            case < 20:
                await HandOverAsync(patient);
                break;
            case 20:
                await GoAwayAsync(Pick(model.Managers), organization);
                break;
            default:
                await MissAsync(patient);
                break;
        }
    }

    private async Task AddTaskAsync(Enrolled patient)
    {
        var task = await NewTaskAsync(patient, Pick(["ready", "requested"]));
        model.Tasks.Add(task);
    }

    /// <summary>Due on a day, at an instant, or never.</summary>
    private async Task<Work> NewTaskAsync(Enrolled patient, string status)
    {
        var day = Today.AddDays(random.Next(6));
        var instant = Now.AddHours(random.Next(1, 100));
        instant = new DateTimeOffset(instant.Year, instant.Month, instant.Day, instant.Hour, 40, 0, TimeSpan.Zero);
        (DateTimeOffset? due, string? text) = random.Next(5) switch
        {
            < 2 => ((DateTimeOffset?)model.EndOf(day), (string?)$"{day:yyyy-MM-dd}"),
            < 4 => (instant, $"{instant:yyyy-MM-ddTHH:mm:ssZ}"),
            _ => (null, null),
        };
        var task = new Work(Given.Id("w"), patient.Reference, patient.Manager)
        {
            Status = status,
            Due = due,
            Priority = random.Next(4),
        };
        var period = text is null ? "" : $$$""","restriction":{"period":{"end":"{{{text}}}"} }""";
        await PutAsync(
            task.Reference,
            $$$""" "status":"{{{status}}}","intent":"order","priority":"{{{Priorities[task.Priority]}}}","for":{"reference":"{{{patient.Reference}}}"},"owner":{"reference":"{{{task.Owner}}}"}{{{period}}} """
        );
        return task;
    }

    private async Task WorkAsync()
    {
        var open = model.Tasks.Where(t => !t.IsOver && t.Status != "draft" && !IsOffer(t)).ToArray();
        if (open.Length == 0)
            return;
        var task = Pick(open);
        var commands = task switch
        {
            { IsHeldByPlan: true } => [],
            { Status: "on-hold" } => ["resume"],
            { Status: "requested" } => ["accept", "accept", "hold", "snooze", "attempt", "escalate"],
            { Status: "in-progress" } => ["complete", "complete", "stop", "hold", "snooze", "attempt", "escalate"],
            _ => (string[])["start", "complete", "hold", "snooze", "attempt", "escalate"],
        };
        if (commands.Length > 0)
            await RunAsync(task, Pick(commands));
    }

    private async Task RunAsync(Work task, string command)
    {
        switch (command)
        {
            case "snooze":
                var day = Today.AddDays(random.Next(1, 5));
                await AskAsync(
                    200,
                    $"{task.Reference}/$snooze",
                    Ask.Value("due", "valueDate", $"\"{day:yyyy-MM-dd}\"")
                );
                task.Due = model.EndOf(day);
                return;
            case "attempt":
                await AskAsync(
                    200,
                    $"{task.Reference}/$record-attempt",
                    Ask.Text("medium", "telephone"),
                    Ask.Text("outcome", "no answer")
                );
                task.Attempts++;
                return;
            case "escalate":
                await AskAsync(200, $"{task.Reference}/$escalate", Ask.Reference("to", Lead));
                task.IsEscalated = true;
                return;
        }

        await AskAsync(200, $"{task.Reference}/${command}", Ask.Text("reason", "So it is"));
        switch (command)
        {
            case "hold":
                task.Hold(byPlan: false);
                break;
            case "resume":
                task.Resume();
                break;
            default:
                task.Status = command switch
                {
                    "accept" => "accepted",
                    "start" => "in-progress",
                    "stop" => "ready",
                    _ => "completed",
                };
                break;
        }
    }

    private Task PlanAsync(Enrolled patient) =>
        patient.Plan switch
        {
            null => DraftAsync(patient),
            { Status: "draft" } => PlanAsync(patient, "activate"),
            { Status: "on-hold" } => PlanAsync(patient, Pick(["resume", "resume", "revoke"])),
            _ => PlanAsync(patient, Pick(["hold", "hold", "close"])),
        };

    private async Task DraftAsync(Enrolled patient)
    {
        var plan = new Plan(
            Given.Id("cp"),
            Given.Id("g"),
            Today,
            [await NewTaskAsync(patient, "draft"), await NewTaskAsync(patient, "draft")]
        );
        await PutAsync(
            $"Goal/{plan.Goal}",
            $$$""" "lifecycleStatus":"accepted","startDate":"{{{plan.Begun:yyyy-MM-dd}}}","description":{"text":"Systolic"},"subject":{"reference":"{{{patient.Reference}}}"},"target":[{"measure":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]},"detailQuantity":{"value":130,"comparator":"<","unit":"mmHg"}}] """
        );
        var activities = string.Join(
            ',',
            plan.Tasks.Select(t => $$$"""{"reference":{"reference":"{{{t.Reference}}}"} }""")
        );
        await PutAsync(
            $"CarePlan/{plan.Id}",
            $$$""" "status":"draft","intent":"plan","subject":{"reference":"{{{patient.Reference}}}"},"goal":[{"reference":"Goal/{{{plan.Goal}}}"}],"activity":[{{{activities}}}] """
        );
        model.Tasks.AddRange(plan.Tasks);
        patient.Plan = plan;
    }

    private async Task PlanAsync(Enrolled patient, string command)
    {
        var plan = patient.Plan!;
        await AskAsync(
            200,
            $"CarePlan/{plan.Id}/${command}",
            command == "close" ? Ask.Text("unfinished", "cancel") : Ask.Text("reason", "So it is")
        );
        switch (command)
        {
            case "activate":
                plan.Status = "active";
                foreach (var task in plan.Tasks)
                    task.Status = "ready";
                patient.Judge();
                break;
            case "hold":
                plan.Status = "on-hold";
                foreach (var task in plan.Tasks)
                    task.Hold(byPlan: true);
                break;
            case "resume":
                plan.Status = "active";
                foreach (var task in plan.Tasks.Where(t => t.IsHeldByPlan))
                    task.Resume();
                patient.Judge();
                break;
            default:
                foreach (var task in plan.Tasks.Where(t => !t.IsOver))
                    task.Status = "cancelled";
                patient.Plan = null;
                break;
        }
    }

    private async Task MeasureAsync(Enrolled patient)
    {
        var value = random.Next(110, 150);
        var answer = await server.PostAsync(
            "Observation",
            $$$"""{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]},"subject":{"reference":"{{{patient.Reference}}}"},"effectiveDateTime":"{{{Now.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ}}}","valueQuantity":{"value":{{{value}}},"unit":"mmHg"}}"""
        );
        Note(answer, 201, $"Observation of {patient.Reference}: {value}");
        patient.Readings.Add((Today, value));
        patient.Judge();
    }

    private async Task HandOverAsync(Enrolled patient)
    {
        if (patient.Offer is { } offer)
        {
            await AnswerAsync(patient, offer, Pick(["accept", "accept", "reject"]));
            return;
        }

        var to = model.Other(patient.Manager);
        var isAway = model.IsAway(to, Now);
        var answer = await AskAsync(
            isAway ? 422 : 200,
            $"{patient.Reference}/$transfer",
            Ask.Reference("from", patient.Manager),
            Ask.Reference("to", to),
            Ask.Text("handoffNote", "Calls on Mondays")
        );
        if (isAway)
            return;
        patient.Offer = new Work(answer.Id, patient.Reference, to)
        {
            Status = "requested",
            Priority = Array.IndexOf(Priorities, "asap"),
            Due = model.EndOf(model.NextBusinessDay(Today)),
        };
        model.Tasks.Add(patient.Offer);
    }

    private async Task AnswerAsync(Enrolled patient, Work offer, string command)
    {
        await AskAsync(200, $"{offer.Reference}/${command}", Ask.Text("reason", "So it is"));
        offer.Status = command == "accept" ? "completed" : "rejected";
        patient.Offer = null;
        if (command != "accept")
            return;
        foreach (
            var task in model.Tasks.Where(t =>
                t.Patient == patient.Reference && !t.IsOver && t.Owner == patient.Manager
            )
        )
            task.GiveTo(offer.Owner);
        patient.Manager = offer.Owner;
    }

    private async Task GoAwayAsync(string manager, string organization)
    {
        var until = Today.AddDays(random.Next(1, 4));
        await PutManagerAsync(
            manager,
            organization,
            $$$""","notAvailable":[{"description":"Away","during":{"start":"{{{Today:yyyy-MM-dd}}}","end":"{{{until:yyyy-MM-dd}}}"} }]"""
        );
        model.AwayUntil[manager] = until;
    }

    /// <summary>The patient does not come; no worklist changes by that alone.</summary>
    private async Task MissAsync(Enrolled patient)
    {
        var id = Given.Id("a");
        foreach (var status in (string[])["booked", "noshow"])
            await PutAsync(
                $"Appointment/{id}",
                $$$""" "status":"{{{status}}}","start":"{{{Now.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}}}","end":"{{{Now.AddMinutes(20).UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}}}","participant":[{"actor":{"reference":"{{{patient.Reference}}}"},"status":"accepted"}] """
            );
    }

    public async Task CompareAsync()
    {
        foreach (var manager in model.Managers)
        {
            var tomorrow = Today.AddDays(1);
            Assert.Equal(model.Worklist(manager, Now), await ListAsync($"owner={manager}"));
            Assert.Equal(
                model.DueBy(manager, tomorrow, Now),
                await ListAsync($"owner={manager}&dueBefore={tomorrow:yyyy-MM-dd}")
            );
            var load = (await server.GetAsync($"{manager}/$caseload")).ShouldBe(200).Json.GetProperty("parameter");
            Assert.Equal(model.Caseload(manager, Now), (Number(load, "patients"), Number(load, "overdue")));
        }

        foreach (var patient in model.Patients)
        {
            Assert.Equal(
                model.Escalations(patient.Reference),
                (await ListAsync($"owner={Lead}&patient={patient.Reference}")).Length
            );
            if (patient.Plan is { IsAchieved: { } isAchieved } plan)
                Assert.Equal(isAchieved, await IsAchievedAsync(plan.Goal));
        }
    }

    /// <summary>What the resources themselves say, at the end of the month.</summary>
    public async Task CompareTasksAsync()
    {
        foreach (var task in model.Tasks)
        {
            var stored = (await server.GetAsync(task.Reference)).ShouldBe(200);
            var attempts = stored.Json.TryGetProperty("extension", out var extensions)
                ? extensions
                    .EnumerateArray()
                    .Count(e =>
                        e.GetProperty("url").GetString()!.EndsWith("/contact-attempt", StringComparison.Ordinal)
                    )
                : 0;
            Assert.Equal(
                (task.Owner, task.Attempts, task.Status),
                (stored.At("owner", "reference"), attempts, stored.Status())
            );
        }
    }

    private bool IsOffer(Work task) => model.Patients.Any(p => p.Offer == task);

    private async Task<bool> IsAchievedAsync(string goal)
    {
        var status = (await server.GetAsync($"Goal/{goal}")).ShouldBe(200).Json.GetProperty("achievementStatus");
        return status.GetProperty("coding")[0].GetProperty("code").GetString() is "achieved" or "sustaining";
    }

    private async Task<string[]> ListAsync(string query) =>
        [.. (await server.GetAsync($"Task/$worklist?{query}&count=200")).ShouldBe(200).Ids];

    private static int Number(JsonElement parameters, string name) =>
        parameters
            .EnumerateArray()
            .Single(p => p.GetProperty("name").GetString() == name)
            .GetProperty("valueInteger")
            .GetInt32();

    private Task PutManagerAsync(string manager, string organization, string more) =>
        PutAsync(
            manager,
            $$$""" "active":true,"organization":{"reference":"Organization/{{{organization}}}"},"code":[{"coding":[{"system":"http://snomed.info/sct","code":"768820003"}]}]{{{more}}} """
        );

    private async Task PutAsync(string reference, string members)
    {
        var parts = reference.Split('/');
        var answer = await server.PutAsync(
            reference,
            $$"""{"resourceType":"{{parts[0]}}","id":"{{parts[1]}}",{{members}}}"""
        );
        Note(answer, answer.Status is 200 ? 200 : 201, $"PUT {reference} {members}");
    }

    private async Task<Answer> AskAsync(int status, string path, params string[] parameters)
    {
        var answer = await server.PostAsync(path, Ask.Parameters(parameters));
        Note(answer, status, $"{path} {string.Join(' ', parameters)}");
        return answer;
    }

    private void Note(Answer answer, int status, string what)
    {
        _done.Add($"{Now.ToString("ddd dd HH:mm", CultureInfo.InvariantCulture)} {what}");
        answer.ShouldBe(status);
    }

    private T Pick<T>(T[] some) => some[random.Next(some.Length)];
}
