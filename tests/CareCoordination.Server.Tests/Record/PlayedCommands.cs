using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Record;

/// <summary>The operations of this server, as people use them: not always where they may.</summary>
internal sealed class PlayedCommands(TestServer server, Dice dice, PlayedWorld world)
{
    private static readonly string Reason = Ask.Text("reason", "So it is");

    public Task StepAsync() =>
        dice.Next(22) switch
        {
            < 7 => TaskAsync(),
            < 10 => GoalAsync(),
            < 14 => PlanAsync(),
            < 16 => ReferralAsync(),
            < 18 => CaseloadAsync(),
            _ => ProgrammeAsync(),
        };

    /// <summary>What may be done with what stands so; now and then something else is tried.</summary>
    private string Operation(string status, ReadOnlySpan<(string Status, string[] Operations)> all)
    {
        var wrong = dice.OneIn(8);
        foreach (var (of, operations) in all)
        {
            if (of == status && !wrong)
                return dice.Of(operations);
        }

        return dice.Of(dice.Of(all).Operations);
    }

    private static readonly (string, string[])[] OfTasks =
    [
        ("draft", ["cancel", "hold"]),
        (
            "requested",
            ["claim", "accept", "accept", "accept", "reject", "reassign", "snooze", "record-attempt", "hold"]
        ),
        ("received", ["accept", "accept", "reassign", "reject"]),
        ("accepted", ["start", "complete", "complete", "fail", "hold", "record-attempt"]),
        ("ready", ["start", "complete", "complete", "fail", "cancel", "snooze"]),
        ("in-progress", ["stop", "complete", "complete", "fail", "hold", "record-attempt"]),
        ("on-hold", ["resume", "resume", "resume", "complete"]),
        ("failed", ["reopen"]),
        ("completed", ["reopen"]),
    ];

    private async Task TaskAsync()
    {
        if (await FoundAsync("Task", Known(OfTasks)) is not { } task)
            return;
        var start = dice.Lately();
        string[] worked =
        [
            Ask.Value("minutes", "valueDecimal", dice.Of("10", "7.5", "20")),
            Ask.Value("start", "valueDateTime", $"\"{start:yyyy-MM-ddTHH:mm:ss}Z\""),
            Ask.Value("end", "valueDateTime", $"\"{start.AddMinutes(20):yyyy-MM-ddTHH:mm:ss}Z\""),
        ];
        string[] time =
            dice.OneIn(4) ? worked
            : dice.OneIn(2) ? [worked[0]]
            : [];
        var operation = Operation(task.Status, OfTasks);
        await AtAsync(
            task.Name,
            operation,
            operation switch
            {
                "claim" or "reassign" => [Ask.Reference("owner", dice.Of(RandomBodies.Managers)), Reason],
                "complete" =>
                [
                    .. time,
                    Ask.Text("outcome", "well"),
                    .. dice.OneIn(3) ? [Output] : Array.Empty<string>(),
                ],
                "fail" or "hold" => [Reason, .. time],
                "snooze" => [Ask.Value("due", "valueDateTime", $"\"{dice.Soon():yyyy-MM-ddTHH:mm:ss}Z\"")],
                "record-attempt" => [Ask.Text("medium", "telephone"), Ask.Text("outcome", "no answer"), .. time],
                _ => [Reason],
            }
        );
    }

    private const string Output =
        """{"name":"output","part":[{"name":"type","valueString":"report"},{"name":"value","valueString":"seen"}]}""";

    private static readonly (string, string[])[] OfGoals =
    [
        ("proposed", ["accept", "accept", "reject", "cancel"]),
        ("planned", ["accept", "activate", "cancel"]),
        ("accepted", ["activate", "activate", "hold", "cancel"]),
        ("active", ["record-progress", "record-progress", "set-achievement", "set-achievement", "hold", "complete"]),
        ("on-hold", ["resume", "resume", "complete"]),
        ("completed", ["reopen"]),
    ];

    private async Task GoalAsync()
    {
        if (await FoundAsync("Goal", Known(OfGoals)) is not { } goal)
            return;
        var operation = Operation(goal.Status, OfGoals);
        await AtAsync(
            goal.Name,
            operation,
            operation switch
            {
                "record-progress" =>
                [
                    Ask.Value("value", "valueQuantity", $"{{\"value\":{dice.Next(110, 150)},\"unit\":\"mmHg\"}}"),
                ],
                "set-achievement" =>
                [
                    Ask.Value(
                        "achievementStatus",
                        "valueCode",
                        $"\"{dice.Of("achieved", "sustaining", "worsening", "not-achieved", "not-attainable")}\""
                    ),
                ],
                _ => [Reason],
            }
        );
    }

    private static readonly (string, string[])[] OfPlans =
    [
        ("draft", ["activate", "activate", "activate", "revoke"]),
        (
            "active",
            [
                "review",
                "review",
                "review",
                "review",
                "revise",
                "revise",
                "revise",
                "hold",
                "close",
                "revoke",
                "reconcile",
            ]
        ),
        ("on-hold", ["resume", "resume", "resume", "close"]),
        ("revoked", ["reopen"]),
        ("completed", ["reopen"]),
    ];

    private async Task PlanAsync()
    {
        if (dice.OneIn(5))
        {
            await AtAsync(
                world.Template.Reference,
                "apply",
                Ask.Text("subject", $"Patient/{dice.Of(RandomBodies.People)}")
            );
            return;
        }

        var wanted = dice.OneIn(2) ? Known(OfPlans) : ["active"];
        if (await FoundAsync("CarePlan", wanted) is not { } plan)
            return;
        var operation = Operation(plan.Status, OfPlans);
        await AtAsync(
            plan.Name,
            operation,
            operation switch
            {
                "activate" =>
                [
                    Ask.Value("allowConcurrent", "valueBoolean", "true"),
                    Ask.Value("acceptGoals", "valueBoolean", "true"),
                ],
                "review" => [Ask.Text("summary", "Goes on")],
                "revise" =>
                [
                    Reason,
                    world.Any("Task", dice) is { } task && dice.OneIn(3)
                        ? Ask.Reference("add", task)
                        : $$$"""{"name":"new","resource":{"resourceType":"Task","status":"draft","intent":"plan","description":"Call","for":{"reference":"{{{plan.Patient}}}"} } }""",
                    Ask.Text("title", "Anew"),
                ],
                "close" => [Ask.Value("unfinished", "valueCode", "\"cancel\""), Ask.Text("outcome", "well")],
                "reconcile" =>
                [
                    Ask.Reference("otherPlan", world.Any("CarePlan", dice) ?? "CarePlan/none"),
                    Ask.Value("strategy", "valueCode", "\"prefer-this\""),
                ],
                _ => [Reason],
            }
        );
    }

    private sealed record Found(string Name, string Status, string? Patient);

    /// <summary>Something that is there, and not over rather; null where it is not.</summary>
    private async Task<Found?> FoundAsync(string type, params string[] wanted)
    {
        Found? found = null;
        for (var i = 0; i < 5; i++)
        {
            if (world.Any(type, dice) is not { } name || await server.GetAsync(name) is not { Status: 200 } read)
                continue;
            found = new Found(
                name,
                read.Status() ?? "",
                read.At("subject", "reference") ?? read.At("for", "reference")
            );
            if (wanted.Length == 0 || wanted.Contains(found.Status))
                break;
        }

        return found;
    }

    private static string[] Known((string Status, string[] Operations)[] all) => [.. all.Select(a => a.Status)];

    private async Task ReferralAsync()
    {
        if (await FoundAsync("ServiceRequest", "active") is not { } request)
            return;
        var operation = dice.Of("dispatch", "dispatch", "dispatch", "redirect", "cancel", "close-loop");
        await AtAsync(
            request.Name,
            operation,
            operation switch
            {
                "dispatch" =>
                [
                    Ask.Reference("endpoint", "Endpoint/partner"),
                    Ask.Value("override", "valueBoolean", "true"),
                ],
                "redirect" => [Ask.Reference("endpoint", "Endpoint/partner"), Reason],
                "close-loop" => [Ask.Value("waive", "valueBoolean", "true"), Ask.Text("outcome", "helped"), Reason],
                _ => [Reason],
            }
        );
    }

    private Task CaseloadAsync() =>
        dice.Next(2) switch
        {
            0 => AtAsync(
                $"Patient/{dice.Of(RandomBodies.People)}",
                "assign-care-manager",
                Ask.Reference("practitionerRole", dice.Of("PractitionerRole/ann", "PractitionerRole/bob")),
                Ask.Value("overrideCap", "valueBoolean", dice.Of("true", "false"))
            ),
            _ => AtAsync(
                $"Patient/{dice.Of(RandomBodies.People)}",
                "transfer",
                Ask.Reference("to", dice.Of("PractitionerRole/ann", "PractitionerRole/bob")),
                Ask.Text("handoffNote", "Speaks softly")
            ),
        };

    private Task ProgrammeAsync()
    {
        var program = Ask.Value("program", "valueCode", $"\"{dice.Of("ccm", "pcm", "rpm")}\"");
        return dice.Next(6) switch
        {
            0 or 1 => AtAsync(
                $"Patient/{dice.Of(RandomBodies.People)}",
                "enroll",
                program,
                Ask.Value("start", "valueDate", $"\"{dice.PastDay()}\""),
                """{"name":"consentGiven","part":[{"name":"form","valueCode":"verbal"}]}"""
            ),
            2 => AtAsync($"Patient/{dice.Of(RandomBodies.People)}", "disenroll", program, Reason),
            _ => LogAsync(),
        };
    }

    private async Task LogAsync()
    {
        if (await FoundAsync("EpisodeOfCare", "active") is not { } episode)
            return;
        var contact = dice.OneIn(2) ? [Ask.Value("contact", "valueCode", "\"virtual\"")] : Array.Empty<string>();
        await AtAsync(
            episode.Name,
            "log-time",
            [
                Ask.Value("minutes", "valueDecimal", dice.Of("3", "12.5", "20")),
                Ask.Value("role", "valueCode", dice.Of("\"clinical-staff\"", "\"practitioner\"")),
                Ask.Value("start", "valueDateTime", $"\"{dice.Lately():yyyy-MM-ddTHH:mm:ss}Z\""),
                Ask.Reference("performer", dice.Of("Practitioner/ann", "Practitioner/bob")),
                .. contact,
            ]
        );
    }

    private async Task AtAsync(string name, string operation, params string[] parameters)
    {
        var body = Ask.Parameters(parameters);
        world.Heard(
            $"{name.Split('/')[0]}/${operation}",
            $"{name}/${operation} {body}",
            await server.PostAsync($"{name}/${operation}", body)
        );
    }
}
