using System.Text;
using CareCoordination.Application.Definitions;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Analytics.Measures;

/// <summary>Measures as resources: each a Measure, and its SQL as a Library. https://hl7.org/fhir/R4/measure.html</summary>
internal static class MeasureResources
{
    private const string Scorings = "http://terminology.hl7.org/CodeSystem/measure-scoring";
    private const string Improvements = "http://terminology.hl7.org/CodeSystem/measure-improvement-notation";
    private const string LibraryTypes = "http://terminology.hl7.org/CodeSystem/library-type";
    private const string SqlType = "application/sql";
    public const string Populations = "http://terminology.hl7.org/CodeSystem/measure-population";

    public static IEnumerable<BuiltIn> BuiltIns =>
        MeasureLibrary.All.SelectMany(measure =>
            new[]
            {
                new BuiltIn(new ResourceKey(ResourceTypes.Measure, measure.Id), baseUrl => ToMeasure(measure, baseUrl)),
                new BuiltIn(
                    new ResourceKey(ResourceTypes.Library, LibraryId(measure)),
                    baseUrl => ToLibrary(measure, baseUrl)
                ),
            }
        );

    public static string UrlOf(MeasureDefinition measure, string baseUrl) => $"{baseUrl}/Measure/{measure.Id}";

    public static CodeableConceptEditor Scoring(MeasureDefinition measure) =>
        Code(
            Scorings,
            measure.Scoring switch
            {
                MeasureScoring.Proportion => "proportion",
                MeasureScoring.Ratio => "ratio",
                _ => "continuous-variable",
            }
        );

    public static CodeableConceptEditor Improvement(MeasureDefinition measure) =>
        Code(Improvements, measure.MoreIsBetter ? "increase" : "decrease");

    public static CodeableConceptEditor Code(string system, string code) =>
        new()
        {
            Coding =
            {
                new() { System = system, Code = code },
            },
        };

    private static string LibraryId(MeasureDefinition measure) => $"{measure.Id}-sql";

    private static byte[] ToMeasure(MeasureDefinition measure, string baseUrl)
    {
        var edit = new MeasureEditor
        {
            Id = measure.Id,
            Url = UrlOf(measure, baseUrl),
            Version = measure.Version,
            Name = measure.Name,
            Title = measure.Title,
            Status = "active",
            Publisher = "CareCoordination",
            Description = measure.Description,
            EffectivePeriod = new() { Start = measure.EffectiveFrom, End = measure.EffectiveTo },
            Scoring = Scoring(measure),
            ImprovementNotation = Improvement(measure),
        };
        edit.Library.Add($"{baseUrl}/Library/{LibraryId(measure)}|{measure.Version}");
        if (measure.Source is { } source)
            edit.RelatedArtifact.Add(new() { Type = "derived-from", Display = source });
        var group = new MeasureGroupEditor();
        foreach (var population in PopulationsOf(measure))
            group.Population.Add(
                new()
                {
                    Code = Code(Populations, population),
                    Criteria = new() { Language = SqlType, Expression = ColumnOf(population) },
                }
            );
        foreach (var stratifier in Stratifiers.All)
            group.Stratifier.Add(
                new()
                {
                    Code = new() { Text = stratifier.Code },
                    Criteria = new() { Language = SqlType, Expression = stratifier.Sql },
                }
            );
        edit.Group.Add(group);
        return edit.ToUtf8Json();
    }

    public static IEnumerable<string> PopulationsOf(MeasureDefinition measure) =>
        measure.Scoring == MeasureScoring.ContinuousVariable
            ? ["initial-population", "measure-population", "measure-population-exclusion"]
            : ["initial-population", "denominator", "denominator-exclusion", "numerator"];

    /// <summary>The column of the statement by which a row is in the population.</summary>
    private static string ColumnOf(string population) =>
        population switch
        {
            "numerator" => "numerator AND NOT excluded",
            "denominator-exclusion" or "measure-population-exclusion" => "excluded",
            _ => "true",
        };

    private static byte[] ToLibrary(MeasureDefinition measure, string baseUrl)
    {
        var sql = Convert.ToBase64String(Encoding.UTF8.GetBytes(measure.Sql));
        // Library has no editor: it is read by none of our rules.
        return System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                resourceType = ResourceTypes.Library,
                id = LibraryId(measure),
                url = $"{baseUrl}/Library/{LibraryId(measure)}",
                version = measure.Version,
                name = measure.Name + "Sql",
                title = measure.Title,
                status = "active",
                type = new { coding = new[] { new { system = LibraryTypes, code = "logic-library" } } },
                description = $"The SQL of the measure {measure.Id}, over the tables of docs/outcomes.md.",
                content = new[] { new { contentType = SqlType, data = sql } },
            }
        );
    }
}
