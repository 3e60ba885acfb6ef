using System.Collections.Immutable;
using CareCoordination.Fhir.Outcomes;
using DuckDB.NET.Data;

namespace CareCoordination.Analytics.Measures;

/// <summary>What is asked about gaps in care: of which patients, and by which measures.</summary>
/// <param name="Measures">Each of them has gaps.</param>
internal sealed record GapQuery(ImmutableArray<MeasureDefinition> Measures, DateOnly Start, DateOnly End)
{
    /// <summary>The id of one patient; null: all whom the rest lets through.</summary>
    public string? Patient { get; init; }

    public string? Practitioner { get; init; }

    public string? Organization { get; init; }

    /// <summary>True: what is closed is told as well.</summary>
    public bool WithClosed { get; init; }

    /// <summary>The last patient of the page before; null: it is the first.</summary>
    public string? After { get; init; }

    /// <summary>Patients of a page.</summary>
    public int Count { get; init; } = 50;

    /// <summary>The gaps of one page of patients, by their ids.</summary>
    public Result<GapPage> Page(DuckDBConnection reader, CancellationToken cancellationToken)
    {
        if (Patient is not null)
            return new GapPage([Of(Patient, reader, cancellationToken)], null);
        // Whoever has a gap by some measure is among the first of that measure.
        var found = Measures
            .SelectMany(measure => Ask(measure).WithGaps(reader, After, Count + 1, cancellationToken))
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .Take(Count + 1)
            .ToList();
        var shown = found.Take(Count).ToImmutableArray();
        var states = States(shown, reader, cancellationToken);
        return new GapPage(
            [.. shown.Select(patient => new PatientGaps(patient, [.. states[patient]]))],
            found.Count > Count ? shown[^1] : null
        );
    }

    private PatientGaps Of(string patient, DuckDBConnection reader, CancellationToken cancellationToken) =>
        new(patient, [.. States([patient], reader, cancellationToken)[patient]]);

    private ILookup<string, GapState> States(
        ImmutableArray<string> patients,
        DuckDBConnection reader,
        CancellationToken cancellationToken
    ) =>
        Measures
            .SelectMany(measure =>
                Ask(measure)
                    .Each(reader, patients, cancellationToken)
                    .Select(of => (of.Patient, State: new GapState(measure, of.Counts)))
            )
            .Where(of => WithClosed || of.State.IsOpen)
            .ToLookup(of => of.Patient, of => of.State, StringComparer.Ordinal);

    private MeasureQuery Ask(MeasureDefinition measure) =>
        new(measure, Start, End) { Practitioner = Practitioner, Organization = Organization };
}

/// <param name="Next">The last patient, where there are more; null where there are none.</param>
internal sealed record GapPage(ImmutableArray<PatientGaps> Patients, string? Next);

/// <summary>How a patient stands by each measure that is about them.</summary>
internal sealed record PatientGaps(string Patient, ImmutableArray<GapState> States);

/// <summary>How a patient stands by a measure.</summary>
internal sealed record GapState(MeasureDefinition Measure, MeasureCounts Counts)
{
    /// <summary>Something of the denominator is not as it should be.</summary>
    public bool IsOpen => Measure.MoreIsBetter ? Counts.Numerator < Counts.Denominator : Counts.Numerator > 0;
}
