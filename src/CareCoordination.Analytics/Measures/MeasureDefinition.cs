using System.Collections.Immutable;

namespace CareCoordination.Analytics.Measures;

/// <summary>How the rows of a measure become its score. https://terminology.hl7.org/CodeSystem-measure-scoring.html</summary>
public enum MeasureScoring
{
    /// <summary>The share of rows that are in the numerator.</summary>
    Proportion,

    /// <summary>The median of what is measured.</summary>
    ContinuousVariable,

    /// <summary>A sum over a sum: the numerator column has no part in it, the value and the weight have.</summary>
    Ratio,
}

/// <summary>
/// A measure: SQL over the tables, and what people have to know of it. The SQL gives a row for each event or patient of the denominator,
/// with the columns <c>event_id, patient_id, day, excluded, numerator, value, weight, practitioner_id, organization_id, programme</c>; those
/// that a measure has no use for are null. Its parameters are <c>$start</c> and <c>$end</c>, the first and the last day.
/// </summary>
/// <param name="Id">The id of its Measure resource: <c>m-09</c>.</param>
/// <param name="Sql">The statement.</param>
public sealed record MeasureDefinition(string Id, string Sql)
{
    public required string Name { get; init; }

    public required string Title { get; init; }

    public required string Description { get; init; }

    /// <summary>Of the definition, not of the program.</summary>
    public required string Version { get; init; }

    /// <summary>From which day on it counts.</summary>
    public required DateOnly EffectiveFrom { get; init; }

    /// <summary>To which day it counts; null: nobody knows of an end.</summary>
    public DateOnly? EffectiveTo { get; init; }

    public MeasureScoring Scoring { get; init; } = MeasureScoring.Proportion;

    /// <summary>False: less is better.</summary>
    public bool MoreIsBetter { get; init; } = true;

    /// <summary>The published definition that it is made after; null: it is our own.</summary>
    public string? Source { get; init; }

    /// <summary>What its value is measured in, a UCUM code; null: nothing is measured.</summary>
    public string? Unit { get; init; }

    /// <summary>A gap of it can be closed for one patient: it is asked about by <c>$care-gaps</c>.</summary>
    public bool HasGaps { get; init; }

    public bool Counts(DateOnly start, DateOnly end) =>
        end >= EffectiveFrom && (EffectiveTo is not { } to || start <= to);
}

/// <summary>Reads a definition from its file: a head of comments, and the statement.</summary>
internal static class MeasureFile
{
    /// <summary>Throws <see cref="FormatException"/> where the head lacks something: it is a file of this program.</summary>
    public static MeasureDefinition Read(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        var head = lines
            .TakeWhile(line => line.StartsWith("-- ", StringComparison.Ordinal))
            .Select(line => line[3..].Split(':', 2))
            .ToImmutableDictionary(pair => pair[0].Trim(), pair => pair[1].Trim(), StringComparer.Ordinal);
        var effective = Needed("effective").Split("..");
        return new MeasureDefinition(Needed("id"), string.Join('\n', lines.Skip(head.Count)).Trim().TrimEnd(';'))
        {
            Name = Needed("name"),
            Title = Needed("title"),
            Description = Needed("description"),
            Version = Needed("version"),
            EffectiveFrom = Day(effective[0]),
            EffectiveTo = effective is [_, { Length: > 0 } to] ? Day(to) : null,
            Scoring = Enum.Parse<MeasureScoring>(
                head.GetValueOrDefault("scoring", "proportion").Replace("-", ""),
                true
            ),
            MoreIsBetter = head.GetValueOrDefault("improvement") != "decrease",
            Source = head.GetValueOrDefault("source"),
            Unit = head.GetValueOrDefault("unit"),
            HasGaps = head.GetValueOrDefault("gaps") == "yes",
        };

        string Needed(string name) =>
            head.TryGetValue(name, out var value) ? value : throw new FormatException($"A measure has no '{name}'.");

        static DateOnly Day(string text) =>
            DateOnly.ParseExact(text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
    }
}
