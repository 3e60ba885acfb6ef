using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Workflow.Elements;

/// <summary>Reading and writing dates, codes and extensions, which many elements share.</summary>
internal static class ElementExtensions
{
    /// <summary>
    /// The last second that a date of any precision means, as for the end of a Period, where a day covers all of it.
    /// </summary>
    public static DateTimeOffset? LastInstant(this FhirDateTime? date) =>
        date switch
        {
            null => null,
            { Precision: >= DatePrecision.Minute } time => time.Instant,
            { } day => new DateTimeOffset(day.ToRange().End - TimeSpan.TicksPerSecond, TimeSpan.Zero),
        };

    public static bool Has(this CodeableConceptEditor concept, string system, string code) =>
        concept.Coding.Any(c => c.Code == code && c.System == system);

    public static bool Has(this CodeableConceptView concept, string system, string code)
    {
        foreach (var coding in concept.Coding)
        {
            if (coding.Code == code && coding.System == system)
                return true;
        }

        return false;
    }

    public static ExtensionEditor? With(this ObjectListEditor<ExtensionEditor> extensions, string url) =>
        extensions.FirstOrDefault(e => e.Url == url);

    /// <summary>Puts one extension in the place of those with its URL.</summary>
    public static void Put(this ObjectListEditor<ExtensionEditor> extensions, ExtensionEditor extension)
    {
        extensions.RemoveAll(e => e.Url == extension.Url);
        extensions.Add(extension);
    }
}
