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

    private Task TaskAsync()
    {
        var start = dice.Lately();
        string[] worked =
        [
            Ask.Value("minutes", "valueDecimal", dice.Of("10", "7.5", "20")),
            Ask.Value("start", "valueDateTime", $"\"{start:yyyy-MM-ddTHH:mm:ss}Z\""),
            Ask.Value("end", "valueDateTime", $"\"{start.AddMinutes(dice.Next(1, 60)):yyyy-MM-ddTHH:mm:ss}Z\""),
        ];
        string[] time =
            dice.OneIn(2) ? worked
            : dice.OneIn(2) ? [worked[0]]
            : [];
        var owner = Ask.Reference("owner", dice.Of(RandomBodies.Managers));
        return dice.Next(14) switch
        {
            0 => OnAsync("Task", "claim", owner),
            1 or 2 => OnAsync("Task", "accept"),
            3 => OnAsync("Task", "start"),
            4 or 5 => OnAsync(
                "Task",
                "complete",
                [.. time, Ask.Text("outcome", "well"), .. dice.OneIn(3) ? [Output] : Array.Empty<string>()]
            ),
            6 => OnAsync("Task", "fail", [Reason, .. time]),
            7 => OnAsync("Task", "hold", Reason),
            8 => OnAsync("Task", "resume"),
            9 => OnAsync("Task", dice.Of("cancel", "reject", "stop"), Reason),
            10 => OnAsync("Task", "reassign", owner, Reason),
            11 => OnAsync("Task", "reopen", Reason),
            12 => OnAsync("Task", "snooze", Ask.Value("due", "valueDate", $"\"{dice.Day()}\"")),
            _ => OnAsync(
                "Task",
                "record-attempt",
                [Ask.Text("medium", "telephone"), Ask.Text("outcome", "no answer"), .. time]
            ),
        };
    }

    private const string Output =
        """{"name":"output","part":[{"name":"type","valueString":"report"},{"name":"value","valueString":"seen"}]}""";

    private Task GoalAsync() =>
        dice.Next(8) switch
        {
            0 => OnAsync("Goal", "accept"),
            1 => OnAsync("Goal", "activate"),
            2 => OnAsync(
                "Goal",
                "record-progress",
                Ask.Value("value", "valueQuantity", $"{{\"value\":{dice.Next(110, 150)},\"unit\":\"mmHg\"}}")
            ),
            3 or 4 => OnAsync(
                "Goal",
                "set-achievement",
                Ask.Value(
                    "achievementStatus",
                    "valueCode",
                    $"\"{dice.Of("achieved", "sustaining", "worsening", "not-achieved")}\""
                )
            ),
            5 => OnAsync("Goal", dice.Of("hold", "reject", "cancel"), Reason),
            6 => OnAsync("Goal", dice.Of("resume", "complete")),
            _ => OnAsync("Goal", "reopen", Reason),
        };

    private Task PlanAsync() =>
        dice.Next(11) switch
        {
            0 or 1 => OnAsync(
                "CarePlan",
                "activate",
                Ask.Value("allowConcurrent", "valueBoolean", "true"),
                Ask.Value("acceptGoals", "valueBoolean", "true")
            ),
            2 => OnAsync("CarePlan", "hold", Reason),
            3 => OnAsync("CarePlan", "resume"),
            4 => OnAsync("CarePlan", "review", Ask.Text("summary", "Goes on")),
            5 or 6 => OnAsync(
                "CarePlan",
                "revise",
                Reason,
                world.Any("Task", dice) is { } task && dice.OneIn(2)
                    ? Ask.Reference("add", task)
                    : """{"name":"new","resource":{"resourceType":"Task","status":"draft","intent":"plan","description":"Call"}}""",
                Ask.Text("title", "Anew")
            ),
            7 => OnAsync(
                "CarePlan",
                "close",
                Ask.Value("unfinished", "valueCode", "\"cancel\""),
                Ask.Text("outcome", "well")
            ),
            8 => OnAsync("CarePlan", "revoke", Reason),
            9 => OnAsync("CarePlan", "reopen", Reason),
            _ => OnAsync(
                "CarePlan",
                "reconcile",
                Ask.Reference("otherPlan", world.Any("CarePlan", dice) ?? "CarePlan/none"),
                Ask.Value("strategy", "valueCode", "\"prefer-this\"")
            ),
        };

    private Task ReferralAsync() =>
        dice.Next(6) switch
        {
            < 3 => OnAsync(
                "ServiceRequest",
                "dispatch",
                Ask.Reference("endpoint", "Endpoint/partner"),
                Ask.Value("override", "valueBoolean", "true")
            ),
            3 => OnAsync("ServiceRequest", "redirect", Ask.Reference("endpoint", "Endpoint/partner"), Reason),
            4 => OnAsync("ServiceRequest", "cancel", Reason),
            _ => OnAsync(
                "ServiceRequest",
                "close-loop",
                Ask.Value("waive", "valueBoolean", "true"),
                Ask.Text("outcome", "helped"),
                Reason
            ),
        };

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
        var start = dice.Lately();
        var program = Ask.Value("program", "valueCode", $"\"{dice.Of("ccm", "pcm", "rpm")}\"");
        return dice.Next(5) switch
        {
            0 => AtAsync(
                $"Patient/{dice.Of(RandomBodies.People)}",
                "enroll",
                program,
                Ask.Value("start", "valueDate", $"\"{dice.PastDay()}\""),
                """{"name":"consentGiven","part":[{"name":"form","valueCode":"verbal"}]}"""
            ),
            1 => AtAsync($"Patient/{dice.Of(RandomBodies.People)}", "disenroll", program, Reason),
            _ => OnAsync(
                "EpisodeOfCare",
                "log-time",
                [
                    Ask.Value("minutes", "valueDecimal", dice.Of("3", "12.5", "20")),
                    Ask.Value("role", "valueCode", dice.Of("\"clinical-staff\"", "\"practitioner\"")),
                    Ask.Value("start", "valueDateTime", $"\"{start:yyyy-MM-ddTHH:mm:ss}Z\""),
                    Ask.Reference("performer", dice.Of("Practitioner/ann", "Practitioner/bob")),
                    .. dice.OneIn(2) ? [Ask.Value("contact", "valueCode", "\"virtual\"")] : Array.Empty<string>(),
                ]
            ),
        };
    }

    private async Task OnAsync(string type, string operation, params string[] parameters)
    {
        if (world.Any(type, dice) is { } name)
            await AtAsync(name, operation, parameters);
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
