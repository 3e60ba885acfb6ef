using System.Collections.Immutable;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Arithmetic;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Elements;

namespace CareCoordination.Workflow.Risk;

/// <summary>An Encounter as far as the scores ask: what it was, and from when to when.</summary>
/// <param name="Key">Of the Encounter.</param>
/// <param name="Class">The code of <c>Encounter.class</c>, of v3-ActCode.</param>
public sealed record Stay(ResourceKey Key, string Class, DateTimeOffset Start, DateTimeOffset? End)
{
    private static readonly ImmutableArray<string> Inpatient = ["IMP", "ACUTE", "NONAC"];

    /// <summary>The Encounter that it is a part of.</summary>
    public string? PartOf { get; init; }

    /// <summary>It came from another hospital.</summary>
    public bool IsTransfer { get; init; }

    /// <summary>The first and the last day by the clock of the hospital.</summary>
    public DateOnly FirstDay { get; init; }

    public DateOnly? LastDay { get; init; }

    /// <summary>When it begins and ends is known by the day alone.</summary>
    public bool IsByDay { get; init; }

    public bool IsAdmission => Inpatient.Contains(Class);

    public bool IsEmergency => Class == "EMER";

    /// <summary>Null for what has not taken place, or says not when.</summary>
    public static Stay? Of(EncounterView encounter, TimeZoneInfo zone)
    {
        if (
            encounter.Id is not { } id
            || encounter.Status
                is EncounterStatusCodes.Cancelled
                    or EncounterStatusCodes.EnteredInError
                    or EncounterStatusCodes.Planned
            || CareDate.Of(encounter.Period.Start) is not { } start
        )
            return null;
        var end = CareDate.Of(encounter.Period.End);
        return new(new(ResourceTypes.Encounter, id), encounter.Class.Code ?? "", start.StartIn(zone), end?.EndIn(zone))
        {
            PartOf = encounter.PartOf.Target(),
            IsTransfer = encounter.Hospitalization.AdmitSource.Coding.Any(c => c.Code == "hosp-trans"),
            FirstDay = start.DayIn(zone),
            LastDay = end?.LastDayIn(zone),
            IsByDay = !start.IsInstant || end is { IsInstant: false },
        };
    }
}

/// <summary>
/// What stays have to do with each other. Who is moved to another hospital on the same day or the next is in one stay still, whatever number
/// of Encounters there are.
/// </summary>
public static class Stays
{
    /// <summary>Days after the discharge in which an admission is a readmission: the thirtieth is, the next is not.</summary>
    public const int ReadmissionDays = 30;

    /// <summary>The second goes on where the first ended: on the same day, or by a transfer on the next.</summary>
    public static bool IsContinued(Stay first, Stay second) =>
        first.LastDay is { } last
        && second.FirstDay.DayNumber - last.DayNumber is var days
        && second.Start >= first.Start
        && (days <= 0 || (days == 1 && second.IsTransfer));

    /// <summary>Admitted again after a discharge, and within its days.</summary>
    public static bool IsReadmission(Stay discharged, Stay admitted) =>
        discharged.LastDay is { } last
        && admitted.IsAdmission
        && admitted.Key != discharged.Key
        && admitted.Start >= discharged.Start
        && !IsContinued(discharged, admitted)
        && admitted.FirstDay.DayNumber - last.DayNumber is > 0 and <= ReadmissionDays;

    /// <summary>
    /// The admissions that began in the months before that of the index stay, each chain of transfers once; that which led into the index stay
    /// is none.
    /// </summary>
    public static int AdmissionsBefore(Stay index, IEnumerable<Stay> stays, int months)
    {
        var from = index.FirstDay.PlusMonths(-months) ?? DateOnly.MinValue;
        var count = 0;
        var isCounted = false;
        Stay? last = null;
        foreach (var stay in Before(index, stays).Where(s => s.IsAdmission).Append(index).OrderBy(s => s.Start))
        {
            var goesOn = last is not null && IsContinued(last, stay);
            last = stay;
            if (stay == index)
                return goesOn && isCounted ? count - 1 : count;
            if (goesOn)
                continue;
            isCounted = stay.FirstDay >= from;
            count += isCounted ? 1 : 0;
        }

        return count;
    }

    /// <summary>
    /// Visits of an emergency department in the months before the admission. The visit that led to it does not count: it is a part of the
    /// stay, or goes on until the admission.
    /// </summary>
    public static int EmergencyVisitsBefore(Stay index, IEnumerable<Stay> stays, int months)
    {
        var from = index.FirstDay.PlusMonths(-months) ?? DateOnly.MinValue;
        return Before(index, stays).Count(s => s.IsEmergency && s.FirstDay >= from && !LeadsTo(index, s));
    }

    private static bool LeadsTo(Stay index, Stay visit) =>
        visit.PartOf == index.Key.ToString()
        || index.PartOf == visit.Key.ToString()
        || (visit.PartOf is not null && visit.PartOf == index.PartOf)
        || (visit.End ?? (visit.FirstDay == index.FirstDay ? index.Start : visit.Start)) >= index.Start
        || ((visit.IsByDay || index.IsByDay) && visit.LastDay == index.FirstDay);

    private static IEnumerable<Stay> Before(Stay index, IEnumerable<Stay> stays) =>
        stays.Where(s => s.Key != index.Key && s.Start < index.Start).DistinctBy(s => s.Key);
}
