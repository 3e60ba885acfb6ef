using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Timings;

namespace CareCoordination.Workflow.Apply;

/// <summary>What relations to other actions say of the time of one; null: nothing.</summary>
internal readonly record struct TimeBounds(DateTimeOffset? NotBefore, DateTimeOffset? Due)
{
    public TimeBounds After(DateTimeOffset at) =>
        this with
        {
            NotBefore = NotBefore is null || at > NotBefore ? at : NotBefore,
        };

    public TimeBounds Until(DateTimeOffset? at) => this with { Due = Due is null || at < Due ? at ?? Due : Due };
}

/// <summary>
/// The arithmetic of the times of actions. The numbers are those of a definition: what leads out of the years that a date can name is
/// refused with <c>time-range</c> at the element that says it.
/// </summary>
internal sealed class ActionTimes(ApplyRequest request)
{
    /// <summary>What one relation adds to the bounds of an action.</summary>
    public Result<TimeBounds> Relate(TimeBounds bounds, PlanDefinitionActionRelatedActionView relation, Occasion other)
    {
        var end = other.Due ?? other.Start;
        switch (relation.Relationship)
        {
            case ActionRelationshipTypeCodes.BeforeStart or ActionRelationshipTypeCodes.Before:
                return Before(bounds, relation, other.Start);
            case ActionRelationshipTypeCodes.BeforeEnd:
                return Before(bounds, relation, end);
            case ActionRelationshipTypeCodes.ConcurrentWithEnd:
                return bounds.Until(end);
            case ActionRelationshipTypeCodes.AfterStart:
                return After(bounds, relation, other.Start);
            case ActionRelationshipTypeCodes.After or ActionRelationshipTypeCodes.AfterEnd:
                return After(bounds, relation, end);
            default:
                return bounds.After(other.Start);
        }
    }

    /// <summary>The time that an action or its activity says itself; what it does not say stays as it is related.</summary>
    public Result<Occasion> Own(ActionNode node, Occasion related)
    {
        var (start, due, _) = related;
        if (ExtensionView.Find(node.Action.Extension, CareExtensions.DueInBusinessDays).ValuePositiveInt is { } days)
            return request.Calendar.DueInBusinessDays(start, days) is { } until
                ? new Occasion(start, until)
                : OutOfRange("The extension due-in-business-days", node.At);
        var own = Times.Of(node.Action);
        if (!own.Exists && node.Activity.Exists)
            own = Times.Of(node.Activity);
        var at = node.Action.Element.Exists ? node.At : "";
        if (own.At is { } fixedAt)
            return new Occasion(StartOf(fixedAt)!.Value, EndOf(fixedAt));
        if (own.Period.Exists)
            return new Occasion(StartOf(own.Period.Start) ?? start, EndOf(own.Period.End) ?? due);
        if (FhirDuration.Parse(own.Duration) is { } length)
            return Shift(start, length, 1) is { } end
                ? new Occasion(start, EndOfDay(end, length))
                : OutOfRange("The timingDuration", at);
        if (own.Range.Exists)
            return Within(own.Range, related, at);
        if (own.Age.Exists && FhirDuration.Parse(own.Age) is { } age && BirthDate() is { } born)
            return age.AddToLocal(born) is { } birthday
                ? OnDay(DateOnly.FromDateTime(birthday))
                : OutOfRange("The timingAge", at);
        return own.Timing.Exists ? Repeating(own.Timing, related, at) : new Occasion(start, due);
    }

    private Result<Occasion> Within(RangeView range, Occasion related, string at)
    {
        if (Shift(related.Start, FhirDuration.Parse(range.Low), 1) is not { } start)
            return OutOfRange("The low end of the timingRange", at);
        if (FhirDuration.Parse(range.High) is not { } high)
            return new Occasion(start, related.Due);
        return Shift(related.Start, high, 1) is { } end
            ? new Occasion(start, EndOfDay(end, high))
            : OutOfRange("The high end of the timingRange", at);
    }

    private Result<Occasion> Repeating(TimingView timing, Occasion related, string at)
    {
        var zone = request.Calendar.Zone;
        if (Timing.FaultOf(timing, zone, related.Start) is { } fault)
            return RuleFailure.Of(
                "time-range",
                $"The timingTiming is not computed: {fault}. Change the definition.",
                at
            );
        return Timing.Parse(timing, zone, related.Start)?.Next(0) is { } first
            ? new Occasion(first.At, request.Calendar.EndOf(request.Calendar.DayOf(first.At)), timing)
            : new Occasion(related.Start, related.Due);
    }

    private Result<TimeBounds> Before(
        TimeBounds bounds,
        PlanDefinitionActionRelatedActionView relation,
        DateTimeOffset other
    ) =>
        Shift(other, Low(relation), -1) is { } due
            ? bounds.Until(due)
            : OutOfRange("The offset of the related action", relation.Element.Location);

    /// <summary>"Two days after" without an end is that day.</summary>
    private Result<TimeBounds> After(
        TimeBounds bounds,
        PlanDefinitionActionRelatedActionView relation,
        DateTimeOffset other
    )
    {
        var (low, high) = (Low(relation), FhirDuration.Parse(relation.OffsetRange.High));
        if (Shift(other, low, 1) is not { } begin || Shift(other, high ?? low, 1) is not { } last)
            return OutOfRange("The offset of the related action", relation.Element.Location);
        var after = bounds.After(begin);
        return (high ?? low) is { } length ? after.Until(EndOfDay(last, length)) : after;
    }

    private static FhirDuration? Low(PlanDefinitionActionRelatedActionView relation) =>
        FhirDuration.Parse(relation.OffsetDuration) ?? FhirDuration.Parse(relation.OffsetRange.Low);

    private DateTimeOffset? StartOf(FhirDateTime? date) => CareDate.Of(date)?.StartIn(request.Calendar.Zone);

    private DateTimeOffset? EndOf(FhirDateTime? date) => CareDate.Of(date)?.EndIn(request.Calendar.Zone);

    private DateTime? BirthDate() => PatientView.From(request.SubjectResource).BirthDate?.Local;

    private Occasion OnDay(DateOnly day) => new(request.Calendar.StartOf(day), request.Calendar.EndOf(day));

    private DateTimeOffset? Shift(DateTimeOffset from, FhirDuration? by, int sign) =>
        by is { } length ? (length with { Value = sign * length.Value }).AddTo(from, request.Calendar.Zone) : from;

    private DateTimeOffset EndOfDay(DateTimeOffset at, FhirDuration length) =>
        length.IsWholeDays ? request.Calendar.EndOf(request.Calendar.DayOf(at)) : at;

    private static Failure OutOfRange(string what, string at) => RuleFailure.OutOfRange(what, at);
}
