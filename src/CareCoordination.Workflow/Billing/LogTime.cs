using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Arithmetic;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Billing;

/// <summary>Time that somebody logs for a patient in a programme.</summary>
/// <param name="Minutes">More than 0, and at most those of a day.</param>
/// <param name="Performer">Who worked, as a reference.</param>
/// <param name="Role">Clinical staff, or the practitioner in person.</param>
public sealed record LoggedTime(decimal Minutes, string Performer, TimeOf Role)
{
    private const string ActCode = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
    private const string Ucum = "http://unitsofmeasure.org";

    public const decimal MostMinutes = 24 * 60;

    /// <summary>What may be told of decisions.</summary>
    public static readonly ImmutableArray<string> Complexities = ["low", "moderate", "high"];

    /// <summary>The ways in which a patient is met: <c>Encounter.class</c> by the word that is sent.</summary>
    public static readonly ImmutableDictionary<string, string> Ways = ImmutableDictionary<string, string>
        .Empty.Add("virtual", "VR")
        .Add("home", "HH")
        .Add("in-person", "AMB");

    /// <summary>The programme; null: that of the episode.</summary>
    public string? Program { get; init; }

    /// <summary>When it began; null: the minutes before its end.</summary>
    public CareDate? Start { get; init; }

    /// <summary>When it ended; null: the minutes after its start, or now.</summary>
    public CareDate? End { get; init; }

    public Reason? Activity { get; init; }

    /// <summary>How complex what was decided was; null where nothing is said.</summary>
    public string? Decisions { get; init; }

    /// <summary>How the patient was met, a key of <see cref="Ways"/>; null for work without the patient.</summary>
    public string? Contact { get; init; }

    /// <summary>
    /// A contact becomes an Encounter, other work a completed Task, each with its time. 422 <c>minutes-range</c>, <c>end-range</c>,
    /// <c>time-range</c>, <c>episode-not-active</c>, <c>program-unknown</c>.
    /// </summary>
    /// <param name="others">The time of the patient that is on record around it, for what is said of a minute that is there already.</param>
    public Result<Decision> Decide(
        Snapshot snapshot,
        CommandContext command,
        IEnumerable<TimeEntry> others,
        string newId
    )
    {
        var episode = EpisodeOfCareView.From(ResourceDocument.Parse(snapshot.Utf8Json).Value);
        if (
            episode.Status
            is not (
                EpisodeOfCareStatusCodes.Active
                or EpisodeOfCareStatusCodes.Onhold
                or EpisodeOfCareStatusCodes.Finished
            )
        )
            return RuleFailure.Of(
                "episode-not-active",
                $"{snapshot.Key} is {episode.Status}; time is logged in a programme that the patient is or was in.",
                EpisodeOfCareView.At.Status
            );
        if ((Program ?? CarePrograms.Of(episode)) is not { } program)
            return RuleFailure.Of(
                "program-unknown",
                "The episode is of no programme, so say which one the time is for in 'program'.",
                "Parameters.parameter"
            );
        if (!Period(command).TryGet(out var span, out var failure))
            return failure;
        var entry = new TimeEntry("", Performer, Role, program, span.Start, span.End);
        var key = new ResourceKey(Contact is null ? ResourceTypes.Task : ResourceTypes.Encounter, newId);
        var written = Contact is null
            ? Work(entry, snapshot, episode, command, newId).ToUtf8Json()
            : Meeting(entry, snapshot, episode, newId).ToUtf8Json();
        return new Decision(key, [new ResourceWrite(key, 0, written)])
        {
            Activity = "log-time",
            Notes = Overlaps(entry, others),
            RestsOnAll = true,
        };
    }

    private Result<TimeSpanOf> Period(CommandContext command)
    {
        if (Minutes is <= 0 or > MostMinutes)
            return RuleFailure.Of(
                "minutes-range",
                "'minutes' are more than 0 and at most those of a day.",
                "Parameters.parameter"
            );
        if (Start is { IsInstant: false } || End is { IsInstant: false })
            return RuleFailure.Of(
                "time-range",
                "'start' and 'end' of logged time are instants, such as 2026-11-03T10:00:00-05:00: minutes count on the day on which they were worked.",
                "Parameters.parameter"
            );
        var length = CheckedTime.Length(Minutes, TimeSpan.TicksPerMinute) ?? TimeSpan.Zero;
        var end = End?.EndIn(command.Zone) ?? Start?.StartIn(command.Zone).Plus(length) ?? command.Now;
        var start = Start?.StartIn(command.Zone) ?? end.Plus(-length);
        if (start is not { } from)
            return RuleFailure.OutOfRange("The minutes before the end of the work", "Parameters.parameter");
        if (end > command.Now)
            return RuleFailure.Of(
                "end-range",
                "The work would end later than now: what is to come is not logged. Correct 'start', 'end' or 'minutes'.",
                "Parameters.parameter"
            );
        return end - from < length
            ? RuleFailure.Of(
                "minutes-range",
                "There are more 'minutes' than between 'start' and 'end'.",
                "Parameters.parameter"
            )
            : new TimeSpanOf(from, from + length);
    }

    private TaskEditor Work(
        TimeEntry entry,
        Snapshot episode,
        EpisodeOfCareView view,
        CommandContext command,
        string id
    )
    {
        var task = new TaskEditor
        {
            Id = id,
            Status = TaskStatusCodes.Completed,
            Intent = TaskIntentCodes.Order,
            Code =
                Activity?.ToCodeableConcept()
                ?? CodeableConceptEditor.Of(CareExtensions.CommandSystem, "log-time", "Log time"),
            For = References.To(view.Patient.Target()!),
            Owner = References.To(Performer),
            Focus = References.To(episode.Key.ToString()),
            AuthoredOn = entry.Start,
            LastModified = command.Now,
            ExecutionPeriod = new() { Start = entry.Start, End = entry.End },
        };
        task.Extension.Add(Spent(entry));
        if (command.Note is { } note)
            task.Note.Add(command.By.Note(note, command.Now));
        return task;
    }

    private EncounterEditor Meeting(TimeEntry entry, Snapshot episode, EpisodeOfCareView view, string id)
    {
        var encounter = new EncounterEditor
        {
            Id = id,
            Status = EncounterStatusCodes.Finished,
            Class = new() { System = ActCode, Code = Ways[Contact!] },
            Subject = References.To(view.Patient.Target()!),
            Period = new() { Start = entry.Start, End = entry.End },
            Length = new()
            {
                Value = Minutes,
                Unit = "min",
                System = Ucum,
                Code = "min",
            },
        };
        encounter.EpisodeOfCare.Add(References.To(episode.Key.ToString()));
        encounter.Participant.Add(new() { Individual = References.To(Performer) });
        if (Activity is { } activity)
            encounter.Type.Add(activity.ToCodeableConcept());
        if (view.ManagingOrganization.Target() is { } organization)
            encounter.ServiceProvider = References.To(organization);
        encounter.Extension.Add(Spent(entry));
        return encounter;
    }

    private ExtensionEditor Spent(TimeEntry entry)
    {
        var spent = new ExtensionEditor
        {
            Url = CareExtensions.TimeSpent,
            Extension =
            {
                new() { Url = CareExtensions.TimeSpentPerformer, ValueReference = References.To(entry.Performer) },
                new() { Url = CareExtensions.TimeSpentMinutes, ValueDecimal = Minutes },
                new() { Url = CareExtensions.TimeSpentPeriod, ValuePeriod = { Start = entry.Start, End = entry.End } },
                new() { Url = CareExtensions.TimeSpentRole, ValueCode = TimeEntries.CodeOf(entry.Role) },
                new() { Url = CareExtensions.TimeSpentProgram, ValueCode = entry.Program },
            },
        };
        if (Activity is { } activity)
            spent.Extension.Add(
                new() { Url = CareExtensions.TimeSpentActivity, ValueCodeableConcept = activity.ToCodeableConcept() }
            );
        if (Decisions is { } decisions)
            spent.Extension.Add(new() { Url = CareExtensions.TimeSpentDecisions, ValueCode = decisions });
        return spent;
    }

    /// <summary>Minutes that somebody has logged already are said, and count once.</summary>
    private static ImmutableArray<Issue> Overlaps(TimeEntry entry, IEnumerable<TimeEntry> others)
    {
        var span = new TimeSpanOf(entry.Start, entry.End);
        TimeEntry[] together = [.. others.Where(o => !new TimeSpanOf(o.Start, o.End).Within(span).IsEmpty)];
        return together.Length == 0
            ? []
            :
            [
                RuleFailure.Warning(
                    "time-overlap",
                    $"A part of this time is logged already, in {string.Join(", ", together.Select(o => o.Source).Distinct().Take(5))}: a minute of a patient counts once, for one programme.",
                    "Parameters.parameter"
                ),
            ];
    }
}
