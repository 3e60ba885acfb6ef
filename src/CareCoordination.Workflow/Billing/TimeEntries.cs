using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Arithmetic;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Billing;

/// <summary>
/// The time that Tasks and Encounters tell. What was entered in error tells none. An entry that names no programme is of the one that the
/// patient is in, where there is one only.
/// </summary>
public static class TimeEntries
{
    public const string Staff = "clinical-staff";
    public const string Practitioner = "practitioner";

    /// <summary>Contacts from afar and at home, which are care management where they name its episode. Visits at a practice are visits.</summary>
    private static readonly ImmutableArray<string> Contacts = ["VR", "HH"];

    /// <summary>Visits at a practice, in person.</summary>
    private static readonly ImmutableArray<string> Visits = ["AMB"];

    private static readonly ImmutableArray<string> Stays = ["IMP", "ACUTE", "NONAC"];

    /// <param name="program">What an entry is for that says nothing; null: nothing.</param>
    public static IEnumerable<TimeEntry> OfTask(Snapshot snapshot, string? program)
    {
        var task = TaskView.From(Parse(snapshot));
        return task.Status == TaskStatusCodes.EnteredInError
            ? []
            : Told(task.Extension, snapshot.Key.ToString(), program, isContact: false);
    }

    /// <param name="programs">The programmes of the patient's episodes, by the references of these.</param>
    public static IEnumerable<TimeEntry> OfEncounter(
        Snapshot snapshot,
        IReadOnlyDictionary<string, string> programs,
        string? program
    )
    {
        var encounter = EncounterView.From(Parse(snapshot));
        if (encounter.Status != EncounterStatusCodes.Finished)
            return [];
        var named = encounter
            .EpisodeOfCare.Targets()
            .Select(e => programs.GetValueOrDefault(e))
            .FirstOrDefault(p => p is not null);
        var source = snapshot.Key.ToString();
        if (encounter.Extension.Any(e => e.Url == CareExtensions.TimeSpent))
            return Told(encounter.Extension, source, named ?? program, isContact: true);
        if (named is null || !Contacts.Contains(encounter.Class.Code ?? "") || Length(encounter) is not { } span)
            return [];
        var performer = encounter.Participant.Select(p => p.Individual.Target()).FirstOrDefault(p => p is not null);
        return
        [
            new TimeEntry(source, performer ?? source, TimeOf.ClinicalStaff, named, span.Start, span.End)
            {
                IsContact = true,
            },
        ];
    }

    /// <summary>When a visit at a practice was; null for what is none. What says the day only was all of the day.</summary>
    public static TimeSpanOf? VisitOf(Snapshot snapshot, TimeZoneInfo zone)
    {
        var encounter = EncounterView.From(Parse(snapshot));
        return
            encounter.Status is EncounterStatusCodes.Finished or EncounterStatusCodes.InProgress
            && Visits.Contains(encounter.Class.Code ?? "")
            && !encounter.Extension.Any(e => e.Url == CareExtensions.TimeSpent)
            && CareDate.Of(encounter.Period.Start) is { } start
            ? new TimeSpanOf(start.StartIn(zone), (CareDate.Of(encounter.Period.End) ?? start).EndIn(zone))
            : null;
    }

    /// <summary>The days of a stay in a hospital or nursing facility; null for what is none.</summary>
    public static DayRange? StayOf(Snapshot snapshot, TimeZoneInfo zone)
    {
        var encounter = EncounterView.From(Parse(snapshot));
        return
            encounter.Status
                is EncounterStatusCodes.Finished
                    or EncounterStatusCodes.InProgress
                    or EncounterStatusCodes.Onleave
            && Stays.Contains(encounter.Class.Code ?? "")
            && CareDate.Of(encounter.Period.Start) is { } start
            ? new DayRange(start.DayIn(zone), CareDate.Of(encounter.Period.End)?.LastDayIn(zone) ?? DateOnly.MaxValue)
            : null;
    }

    public static TimeOf? RoleOf(string? code) =>
        code switch
        {
            Practitioner => TimeOf.Practitioner,
            Staff => TimeOf.ClinicalStaff,
            _ => null,
        };

    public static string CodeOf(TimeOf role) =>
        role switch
        {
            TimeOf.Practitioner => Practitioner,
            TimeOf.ClinicalStaff => Staff,
            _ => "any",
        };

    private static IEnumerable<TimeEntry> Told(
        ElementViews<ExtensionView> extensions,
        string source,
        string? program,
        bool isContact
    )
    {
        foreach (var told in extensions)
        {
            if (
                told.Url != CareExtensions.TimeSpent
                || Entry(told.Extension, source, program, isContact) is not { } entry
            )
                continue;
            yield return entry;
        }
    }

    /// <summary>Null where it cannot be told when the work was, or what for.</summary>
    private static TimeEntry? Entry(ElementViews<ExtensionView> told, string source, string? program, bool isContact)
    {
        var period = ExtensionView.Find(told, CareExtensions.TimeSpentPeriod).ValuePeriod;
        var minutes = ExtensionView.Find(told, CareExtensions.TimeSpentMinutes).ValueDecimal;
        var given = ExtensionView.Find(told, CareExtensions.TimeSpentProgram).ValueCode ?? program;
        if (
            given is null
            || ExtensionView.Find(told, CareExtensions.TimeSpentPerformer).ValueReference.Target() is not { } performer
            || Span(period, minutes is { } count ? CheckedTime.Length(count, TimeSpan.TicksPerMinute) : null)
                is not { } span
        )
            return null;
        var role = RoleOf(ExtensionView.Find(told, CareExtensions.TimeSpentRole).ValueCode) ?? TimeOf.ClinicalStaff;
        return new TimeEntry(source, performer, role, given, span.Start, span.End)
        {
            IsContact = isContact,
            Activity = ExtensionView
                .Find(told, CareExtensions.TimeSpentActivity)
                .ValueCodeableConcept.Coding.Select(c => c.Code)
                .FirstOrDefault(),
            Decisions = ExtensionView.Find(told, CareExtensions.TimeSpentDecisions).ValueCode,
        };
    }

    /// <summary>The period; not more of it than the length that is told.</summary>
    private static TimeSpanOf? Span(PeriodView period, TimeSpan? length)
    {
        if (period.Start is not { Precision: >= DatePrecision.Minute } start)
            return null;
        var end = period.End is { Precision: >= DatePrecision.Minute } to ? to.Instant : default(DateTimeOffset?);
        if (length is { } told)
        {
            var worked = start.Instant.Plus(told);
            end = end is null || worked < end ? worked : end;
        }

        return end is { } until && until > start.Instant ? new TimeSpanOf(start.Instant, until) : null;
    }

    private static TimeSpanOf? Length(EncounterView encounter)
    {
        var ticks = (encounter.Length.Code ?? encounter.Length.Unit) switch
        {
            "min" or "minute" or "minutes" => TimeSpan.TicksPerMinute,
            "h" or "hour" or "hours" => TimeSpan.TicksPerHour,
            "s" or "second" or "seconds" => TimeSpan.TicksPerSecond,
            _ => 0,
        };
        return Span(
            encounter.Period,
            ticks > 0 && encounter.Length.Value is { } length ? CheckedTime.Length(length, ticks) : null
        );
    }

    private static ResourceDocument Parse(Snapshot snapshot) => ResourceDocument.Parse(snapshot.Utf8Json).Value;
}
