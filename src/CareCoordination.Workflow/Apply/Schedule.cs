using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Timings;

namespace CareCoordination.Workflow.Apply;

/// <summary>
/// When each action is to be done: by its own timing, that of its activity, and its place among the others. What is due "in two days" is
/// due by the end of the day that is. https://hl7.org/fhir/R4/plandefinition-definitions.html#PlanDefinition.action.relatedAction
/// </summary>
internal sealed class Schedule(ApplyRequest request, IReadOnlyList<ActionNode> roots, HashSet<string> knownIds)
{
    private readonly Dictionary<string, ActionNode> _byId = roots
        .SelectMany(r => r.WithDescendants())
        .Where(n => n.Action.Id is not null)
        .DistinctBy(n => n.Action.Id)
        .ToDictionary(n => n.Action.Id!);

    /// <summary>422 <c>related-action-missing</c> or <c>related-action-cycle</c>; null when all have their time.</summary>
    public Failure? TimeAll()
    {
        foreach (var node in roots.SelectMany(r => r.WithDescendants()))
        {
            if (!Time(node).TryGet(out _, out var failure))
                return failure;
        }

        return null;
    }

    private Result<Occasion> Time(ActionNode node)
    {
        if (node.Occasion is { } known)
            return known;
        if (node.IsBeingTimed)
            return RuleFailure.Of(
                "related-action-cycle",
                "The relations of the actions lead back to this one.",
                node.At
            );
        node.IsBeingTimed = true;
        var start = request.Start;
        if (node.Parent is { } parent)
        {
            if (!Time(parent).TryGet(out var group, out var failure))
                return failure;
            start = group.Start;
        }

        if (!Relate(node, start).TryGet(out var related, out var refused))
            return refused;
        node.Occasion = Own(node, related);
        node.IsBeingTimed = false;
        return node.Occasion;
    }

    private Result<Occasion> Relate(ActionNode node, DateTimeOffset start)
    {
        DateTimeOffset? notBefore = null;
        DateTimeOffset? due = null;
        foreach (var relation in node.Action.RelatedAction)
        {
            if (relation.ActionId is not { } id || !_byId.TryGetValue(id, out var other))
            {
                if (relation.ActionId is { } absent && knownIds.Contains(absent))
                    continue;
                return RuleFailure.Of(
                    "related-action-missing",
                    "The related action is not in the definition.",
                    relation.Element.Location
                );
            }

            if (!Time(other).TryGet(out var theirs, out var failure))
                return failure;
            var low = FhirDuration.Parse(relation.OffsetDuration) ?? FhirDuration.Parse(relation.OffsetRange.Low);
            var high = FhirDuration.Parse(relation.OffsetRange.High);
            var end = theirs.Due ?? theirs.Start;
            switch (relation.Relationship)
            {
                case ActionRelationshipTypeCodes.BeforeStart or ActionRelationshipTypeCodes.Before:
                    due = Earlier(due, Shift(theirs.Start, low, -1));
                    break;
                case ActionRelationshipTypeCodes.BeforeEnd:
                    due = Earlier(due, Shift(end, low, -1));
                    break;
                case ActionRelationshipTypeCodes.ConcurrentWithEnd:
                    due = Earlier(due, end);
                    break;
                case ActionRelationshipTypeCodes.AfterStart:
                    (notBefore, due) = After(theirs.Start, low, high, notBefore, due);
                    break;
                case ActionRelationshipTypeCodes.After or ActionRelationshipTypeCodes.AfterEnd:
                    (notBefore, due) = After(end, low, high, notBefore, due);
                    break;
                default:
                    notBefore = Later(notBefore, theirs.Start);
                    break;
            }
        }

        var begin = notBefore ?? start;
        return new Occasion(due < begin ? due.Value : begin, due);
    }

    private (DateTimeOffset? NotBefore, DateTimeOffset? Due) After(
        DateTimeOffset from,
        FhirDuration? low,
        FhirDuration? high,
        DateTimeOffset? notBefore,
        DateTimeOffset? due
    )
    {
        var begin = Shift(from, low, 1);
        // "Two days after" without an end is that day.
        var last =
            high is not null ? EndOfDay(Shift(from, high, 1), high)
            : low is not null ? EndOfDay(begin, low)
            : null;
        return (Later(notBefore, begin), Earlier(due, last));
    }

    private Occasion Own(ActionNode node, Occasion related)
    {
        var (start, due, _) = related;
        if (ExtensionView.Find(node.Action.Extension, CareExtensions.DueInBusinessDays).ValuePositiveInt is { } days)
            return new Occasion(start, request.Calendar.DueInBusinessDays(start, days));
        var own = Times.Of(node.Action);
        if (!own.Exists && node.Activity.Exists)
            own = Times.Of(node.Activity);
        if (own.At is { } at)
            return new Occasion(at.Instant, ((Fhir.Primitives.FhirDateTime?)at).LastInstant());
        if (own.Period.Exists)
            return new Occasion(own.Period.Start?.Instant ?? start, own.Period.End.LastInstant() ?? due);
        if (FhirDuration.Parse(own.Duration) is { } length)
            return new Occasion(start, EndOfDay(Shift(start, length, 1), length));
        if (own.Range.Exists)
        {
            var high = FhirDuration.Parse(own.Range.High);
            return new Occasion(
                Shift(start, FhirDuration.Parse(own.Range.Low), 1),
                high is null ? due : EndOfDay(Shift(start, high, 1), high)
            );
        }

        if (own.Age.Exists && Birthday(own.Age) is { } birthday)
            return new Occasion(request.Calendar.StartOf(birthday), request.Calendar.EndOf(birthday));
        if (own.Timing.Exists && Timings.Timing.Parse(own.Timing, request.Calendar.Zone, start) is { } timing)
        {
            foreach (var (_, first) in timing.Occurrences())
                return new Occasion(first, request.Calendar.EndOf(request.Calendar.DayOf(first)), own.Timing);
        }

        return new Occasion(start, due);
    }

    private DateOnly? Birthday(AgeView age)
    {
        var birth = PatientView.From(request.SubjectResource).BirthDate;
        return birth is { } day && FhirDuration.Parse(age) is { } years
            ? DateOnly.FromDateTime(years.AddToLocal(day.Local))
            : null;
    }

    private DateTimeOffset Shift(DateTimeOffset from, FhirDuration? by, int sign) =>
        by is { } length ? (length with { Value = sign * length.Value }).AddTo(from, request.Calendar.Zone) : from;

    private DateTimeOffset? EndOfDay(DateTimeOffset at, FhirDuration? length) =>
        length is { IsWholeDays: true } ? request.Calendar.EndOf(request.Calendar.DayOf(at)) : at;

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) =>
        one is null || other > one ? other : one;

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) =>
        one is null || other < one ? other ?? one : one;
}

/// <summary><c>timing[x]</c>, which actions and activities have alike.</summary>
internal readonly record struct Times(
    Fhir.Primitives.FhirDateTime? At,
    AgeView Age,
    PeriodView Period,
    DurationView Duration,
    RangeView Range,
    TimingView Timing
)
{
    public bool Exists =>
        At is not null || Age.Exists || Period.Exists || Duration.Exists || Range.Exists || Timing.Exists;

    public static Times Of(PlanDefinitionActionView a) =>
        new(a.TimingDateTime, a.TimingAge, a.TimingPeriod, a.TimingDuration, a.TimingRange, a.TimingTiming);

    public static Times Of(ActivityDefinitionView a) =>
        new(a.TimingDateTime, a.TimingAge, a.TimingPeriod, a.TimingDuration, a.TimingRange, a.TimingTiming);
}
