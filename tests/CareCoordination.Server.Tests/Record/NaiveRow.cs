namespace CareCoordination.Server.Tests.Record;

/// <summary>An event, or a patient, that a measure is about.</summary>
/// <param name="Patient">Whose it is, by whichever of their records; null: nobody's.</param>
/// <param name="IsLeftOut">It counts nowhere.</param>
/// <param name="IsCounted">It is in the numerator, unless it is left out.</param>
internal sealed record NaiveRow(string? Patient, bool IsLeftOut, bool IsCounted)
{
    public double? Value { get; init; }

    public double? Weight { get; init; }

    public string? Practitioner { get; init; }

    public string? Organization { get; init; }

    public string? Programme { get; init; }
}

internal enum NaiveScore
{
    Share,
    Median,
    Ratio,
}

/// <summary>A measure as it was recounted.</summary>
internal sealed record NaiveMeasure(string Id, IReadOnlyList<NaiveRow> Rows, NaiveScore Score = NaiveScore.Share)
{
    public NaiveMeasure(string id, IEnumerable<NaiveRow> rows, NaiveScore score = NaiveScore.Share)
        : this(id, [.. rows], score) { }
}

/// <summary>From a first to a last day, both of which belong to it.</summary>
internal sealed record NaivePeriod(DateOnly First, DateOnly Last)
{
    public bool Has(DateOnly? day) => day >= First && day <= Last;

    public override string ToString() => $"{First:yyyy-MM-dd}..{Last:yyyy-MM-dd}";
}
