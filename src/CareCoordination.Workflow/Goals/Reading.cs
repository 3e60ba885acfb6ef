using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;

namespace CareCoordination.Workflow.Goals;

/// <summary>One Observation as goals see it.</summary>
public sealed class Reading
{
    private Reading(
        string reference,
        string patient,
        (CareDate When, DateTimeOffset At) time,
        bool counts,
        ObservationView observation
    )
    {
        Reference = reference;
        Patient = patient;
        (When, At) = time;
        Counts = counts;
        Observation = observation;
    }

    public string Reference { get; }

    public string Patient { get; }

    /// <summary>When it was true of the patient: <c>effective[x]</c>, for a period its end, else when it was issued.</summary>
    public CareDate When { get; }

    /// <summary>Its place in the order of all readings, whose zone nobody knows: a day is that of UTC.</summary>
    public DateTimeOffset At { get; }

    /// <summary>True for final, amended and corrected: what is preliminary or was withdrawn is no evidence.</summary>
    public bool Counts { get; }

    /// <summary>What it measures: its own codes and those of its components, each once.</summary>
    public IReadOnlyList<MeasureCode> Codes
    {
        get
        {
            var codes = new List<MeasureCode>();
            Add(codes, Observation.Code);
            foreach (var component in Observation.Component)
                Add(codes, component.Code);
            return codes;
        }
    }

    internal ObservationView Observation { get; }

    /// <summary>Null for a resource that cannot be evidence at all: without a subject or a time.</summary>
    public static Reading? Of(Snapshot snapshot) =>
        ResourceDocument.Parse(snapshot.Utf8Json).TryGet(out var document, out _) ? Of(snapshot.Key, document) : null;

    /// <summary>The same of an Observation that is parsed already.</summary>
    public static Reading? Of(ResourceKey key, ResourceDocument document)
    {
        var view = ObservationView.From(document);
        if (TimeOf(view) is not { } time || References.Outside(view.Subject.Target()) is not { } patient)
            return null;
        var counts =
            view.Status
            is ObservationStatusCodes.Final
                or ObservationStatusCodes.Amended
                or ObservationStatusCodes.Corrected;
        return new Reading(key.ToString(), patient, time, counts, view);
    }

    private static void Add(List<MeasureCode> codes, CodeableConceptView concept)
    {
        foreach (var coding in concept.Coding)
        {
            if (
                coding is { System: { } system, Code: { } code }
                && new MeasureCode(system, code) is var measure
                && !codes.Contains(measure)
            )
                codes.Add(measure);
        }
    }

    /// <summary>The same, as what does not count any more.</summary>
    internal Reading Withdrawn() => new(Reference, Patient, (When, At), counts: false, Observation);

    private static (CareDate When, DateTimeOffset At)? TimeOf(ObservationView view)
    {
        var point = CareDate.Of(view.EffectiveDateTime ?? view.EffectiveInstant);
        if (point is null && CareDate.Of(view.EffectivePeriod.End) is { } end)
            return (end, end.EndIn(TimeZoneInfo.Utc));
        return (point ?? CareDate.Of(view.EffectivePeriod.Start ?? view.Issued)) is { } when
            ? (when, when.StartIn(TimeZoneInfo.Utc))
            : null;
    }

    /// <summary>What the Observation, or one of its components, says about a measure; null where it says nothing.</summary>
    internal MeasuredValue? Of(CodeableConceptView measure)
    {
        if (SharesCode(Observation.Code, measure))
            return new MeasuredValue(
                Observation.ValueQuantity,
                Observation.ValueCodeableConcept,
                Observation.ValueBoolean,
                Observation.ValueInteger
            );
        foreach (var component in Observation.Component)
        {
            if (SharesCode(component.Code, measure))
                return new MeasuredValue(
                    component.ValueQuantity,
                    component.ValueCodeableConcept,
                    component.ValueBoolean,
                    component.ValueInteger
                );
        }

        return null;
    }

    private static bool SharesCode(CodeableConceptView code, CodeableConceptView measure)
    {
        foreach (var coding in measure.Coding)
        {
            if (coding is { System: { } system, Code: { } value } && code.Has(system, value))
                return true;
        }

        return false;
    }
}

/// <summary>The value of a reading, of one of the types that a target can be compared with.</summary>
internal readonly record struct MeasuredValue(
    QuantityView Quantity,
    CodeableConceptView Concept,
    bool? Boolean,
    int? Integer
);
