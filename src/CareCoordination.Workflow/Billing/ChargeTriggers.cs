using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Arithmetic;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Transitions;

namespace CareCoordination.Workflow.Billing;

/// <summary>A month of a patient that something which is written may change.</summary>
/// <param name="Day">A day of it, by the clock of no zone: the months around it are asked too where it is at an end of one.</param>
public readonly record struct ChargeTrigger(string Patient, DateOnly Day);

/// <summary>What may change what a month is ready for: time, visits, stays, consents and enrolments.</summary>
public static class ChargeTriggers
{
    /// <summary>Of one resource: more is a record of years, whose charges are long settled.</summary>
    private const int MostMonths = 24;

    private static readonly ImmutableArray<string> Clocks =
    [
        TransitionWork.Contact,
        TransitionWork.Medications,
        TransitionWork.Visit,
    ];

    private static readonly ImmutableArray<string> Classes = ["AMB", "VR", "HH", "IMP", "ACUTE", "NONAC"];

    /// <summary>The types that it is told from.</summary>
    public static bool IsRead(string type) =>
        type is ResourceTypes.Task or ResourceTypes.Encounter or ResourceTypes.Consent or ResourceTypes.EpisodeOfCare;

    /// <summary>False for most of what is written.</summary>
    public static bool MayFollow(string type, ResourceDocument document) =>
        type switch
        {
            ResourceTypes.Task => IsTimed(TaskView.From(document)),
            ResourceTypes.Encounter => IsTimed(EncounterView.From(document)),
            ResourceTypes.Consent => IsOfProgram(ConsentView.From(document)),
            ResourceTypes.EpisodeOfCare => CarePrograms.Of(EpisodeOfCareView.From(document)) is not null,
            _ => false,
        };

    public static IEnumerable<ChargeTrigger> Of(string type, ResourceDocument document, DateOnly today)
    {
        var (patient, from, to) = type switch
        {
            ResourceTypes.Task => OfTask(TaskView.From(document)),
            ResourceTypes.Encounter => OfEncounter(EncounterView.From(document)),
            ResourceTypes.Consent => OfConsent(ConsentView.From(document)),
            ResourceTypes.EpisodeOfCare => OfEpisode(EpisodeOfCareView.From(document)),
            _ => default,
        };
        return patient is null ? [] : Months(patient, from ?? today, Earlier(to ?? today, today));
    }

    private static bool IsTimed(TaskView task) =>
        task.Extension.Any(e => e.Url == CareExtensions.TimeSpent)
        || task.Code.Coding.Any(c => c.System == TransitionWork.System && Clocks.Contains(c.Code ?? ""));

    private static bool IsTimed(EncounterView encounter) =>
        encounter.Extension.Any(e => e.Url == CareExtensions.TimeSpent)
        || (encounter.Period.Start is not null && Classes.Contains(encounter.Class.Code ?? ""));

    private static bool IsOfProgram(ConsentView consent) =>
        consent.Category.Any(c => c.Coding.Any(k => k.System == CarePrograms.System));

    private static (string? Patient, DateOnly? From, DateOnly? To) OfTask(TaskView task)
    {
        var times = task
            .Extension.Where(e => e.Url == CareExtensions.TimeSpent)
            .Select(e => ExtensionView.Find(e.Extension, CareExtensions.TimeSpentPeriod).ValuePeriod)
            .SelectMany(p => new[] { p.Start, p.End })
            .Append(task.ExecutionPeriod.End)
            .Select(t => CareDate.Of(t)?.DayIn(TimeZoneInfo.Utc))
            .OfType<DateOnly>()
            .ToArray();
        return (
            task.For.Target(),
            times.Length > 0 ? times.Min().PlusDays(-1) : null,
            times.Length > 0 ? times.Max().PlusDays(1) : null
        );
    }

    private static (string?, DateOnly?, DateOnly?) OfEncounter(EncounterView encounter) =>
        (
            encounter.Subject.Target(),
            CareDate.Of(encounter.Period.Start)?.DayIn(TimeZoneInfo.Utc).PlusDays(-1),
            CareDate.Of(encounter.Period.End)?.LastDayIn(TimeZoneInfo.Utc).PlusDays(1)
        );

    private static (string?, DateOnly?, DateOnly?) OfConsent(ConsentView consent) =>
        (consent.Patient.Target(), CareDate.Of(consent.DateTime)?.DayIn(TimeZoneInfo.Utc).PlusDays(-1), null);

    private static (string?, DateOnly?, DateOnly?) OfEpisode(EpisodeOfCareView episode) =>
        (episode.Patient.Target(), CareDate.Of(episode.Period.Start)?.DayIn(TimeZoneInfo.Utc).PlusDays(-1), null);

    private static IEnumerable<ChargeTrigger> Months(string patient, DateOnly from, DateOnly to)
    {
        var day = new DateOnly(to.Year, to.Month, 1);
        for (var i = 0; i < MostMonths; i++)
        {
            yield return new ChargeTrigger(patient, day);
            if (day <= from || day.PlusMonths(-1) is not { } before)
                yield break;
            day = before;
        }
    }

    private static DateOnly Earlier(DateOnly one, DateOnly other) => one < other ? one : other;
}
