using System.Collections.Immutable;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Arithmetic;
using CareCoordination.Workflow.Billing;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Rules;
using MediatR;

namespace CareCoordination.Application.Programmes;

/// <summary>Somebody logs time for a patient in a programme.</summary>
/// <param name="Performer">Who worked; null: who asks.</param>
public sealed record LogProgramTime(CommandCall Call, LoggedTime Time, string? Performer) : Command(Call)
{
    public static readonly Operation Operation = new(
        ResourceTypes.EpisodeOfCare,
        "log-time",
        "Logs time that somebody worked for the patient in the programme of the episode: a contact with the patient becomes an Encounter, other work a completed Task, each with its time. A minute that is logged twice counts once. What the month is ready to be billed with follows.",
        Read
    )
    {
        Answer = ResourceTypes.Task,
        MakesAnswer = true,
        Parameters =
        [
            new("minutes", Take.Number, "How many; parts of a minute count.") { IsRequired = true },
            new("role", ["code", "string"], "clinical-staff, or practitioner for who bills in person.")
            {
                IsRequired = true,
            },
            new("performer", ["Reference"], "Who worked; who acts where it is left out.") { Names = Naming.Worker },
            new("start", Take.Time, "When it began, an instant; the minutes before its end where it is left out."),
            new("end", Take.Time, "When it ended, an instant; the minutes after its start, or now."),
            new("activity", ["CodeableConcept", "string"], "What was done, in words or a code of the practice's own."),
            new(
                "contact",
                ["code", "string"],
                "How the patient was met: virtual, home or in-person. Left out for work without the patient."
            ),
            new(
                "program",
                ["code", "string"],
                "The programme that it is for; that of the episode where it is left out."
            ),
            new(
                "decisions",
                ["code", "string"],
                "How complex what was decided was: low, moderate or high, for the codes that ask for it."
            ),
            Take.Note,
            Take.Practitioner,
        ],
    };

    private static Result<FhirInteraction> Read(OperationInput input)
    {
        if (TimeEntries.RoleOf(input.Text("role")) is not { } role)
            return Wrong("role", $"{TimeEntries.Staff}, or {TimeEntries.Practitioner}");
        var contact = input.Text("contact");
        if (contact is not null && !LoggedTime.Ways.ContainsKey(contact))
            return Wrong("contact", string.Join(", ", LoggedTime.Ways.Keys.Order(StringComparer.Ordinal)));
        var decisions = input.Text("decisions");
        if (decisions is not null && !LoggedTime.Complexities.Contains(decisions))
            return Wrong("decisions", string.Join(", ", LoggedTime.Complexities));
        var program = input.Text("program");
        if (program is not null && !CarePrograms.Is(program))
            return Programs.Unknown(program);
        return input.Command(call => new LogProgramTime(
            call,
            new LoggedTime(input.Number("minutes") ?? 0, "", role)
            {
                Program = program,
                Start = input.Date("start"),
                End = input.Date("end"),
                Activity = input.Reason("activity"),
                Decisions = decisions,
                Contact = contact,
            },
            input.Reference("performer")
        ));
    }

    private static Failure Wrong(string parameter, string known) =>
        Failure.Invalid(
            IssueCode.Value,
            $"'{parameter}' of $log-time is one of {known}.",
            $"Parameters.parameter.where(name = '{parameter}')"
        );
}

internal sealed class LogProgramTimeHandler(CommandRunner runner, CareReads reads)
    : IRequestHandler<LogProgramTime, FhirResponse>
{
    public Task<FhirResponse> Handle(LogProgramTime command, CancellationToken cancellationToken) =>
        runner.RunAsync(
            command,
            (episode, now, policy) => DecideAsync(command, episode, now, policy, cancellationToken),
            cancellationToken
        );

    private async Task<Result<Decision>> DecideAsync(
        LogProgramTime command,
        Snapshot episode,
        DateTimeOffset now,
        CarePolicy policy,
        CancellationToken cancellationToken
    )
    {
        var by = command.Call.By;
        if ((command.Performer ?? by.AsOwner) is not { } performer)
            return Failure.Unprocessable(
                IssueCode.Required,
                "Somebody worked: say who in 'performer' or 'practitioner'.",
                "Parameters.parameter"
            );
        var time = command.Time with { Performer = performer };
        var day = policy.Today(time.End?.EndIn(policy.TimeZone) ?? time.Start?.StartIn(policy.TimeZone) ?? now);
        var around = await AroundAsync(episode, day, cancellationToken);
        return time.Decide(episode, command.Call.At(now, policy), around, runner.NewId());
    }

    /// <summary>The time of the patient that is logged on the day, the one before it and the one after it.</summary>
    private async Task<ImmutableArray<TimeEntry>> AroundAsync(
        Snapshot episode,
        DateOnly day,
        CancellationToken cancellationToken
    )
    {
        var view = EpisodeOfCareView.From(ResourceDocument.Parse(episode.Utf8Json).Value);
        if (view.Patient.Reference is not { } patient)
            return [];
        var of = Uri.EscapeDataString(patient);
        var (first, last) = (day.PlusDays(-1) ?? day, day.PlusDays(1) ?? day);
        var tasks = await reads.SearchAsync(
            ResourceTypes.Task,
            $"patient={of}&period=ge{first:yyyy-MM-dd}&period=le{last:yyyy-MM-dd}",
            cancellationToken
        );
        var encounters = await reads.SearchAsync(
            ResourceTypes.Encounter,
            $"patient={of}&date=ge{first:yyyy-MM-dd}&date=le{last:yyyy-MM-dd}",
            cancellationToken
        );
        var programs = new Dictionary<string, string>(StringComparer.Ordinal);
        if (CarePrograms.Of(view) is { } program)
            programs[episode.Key.ToString()] = program;
        return
        [
            .. tasks.SelectMany(t => TimeEntries.OfTask(t, CarePrograms.None)),
            .. encounters.SelectMany(e => TimeEntries.OfEncounter(e, programs, CarePrograms.None)),
        ];
    }
}
