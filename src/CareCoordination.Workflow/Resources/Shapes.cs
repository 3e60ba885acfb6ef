using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Workflow.Resources;

/// <summary>Reading and writing the shapes that many elements share.</summary>
internal static class Shapes
{
    public static ReferenceEditor To(string reference) => new() { Reference = reference };

    /// <summary>What a reference names, without a version: targets are compared by it.</summary>
    public static string? Target(this ReferenceView reference) => Target(reference.Reference);

    public static string? Target(this ReferenceEditor reference) => Target(reference.Reference);

    public static IEnumerable<string> Targets(this ElementViews<ReferenceView> references)
    {
        foreach (var reference in references)
        {
            if (reference.Target() is { } target)
                yield return target;
        }
    }

    public static IEnumerable<string> Targets(this IEnumerable<ReferenceEditor> references) =>
        references.Select(r => r.Target()).OfType<string>();

    private static string? Target(string? text) =>
        text is not null && text.IndexOf("/_history/", StringComparison.Ordinal) is var at and >= 0 ? text[..at] : text;

    /// <summary>Null for what is contained in the resource that refers to it: no other one can refer to that.</summary>
    public static string? Outside(string? reference) => reference is ['#', ..] ? null : reference;

    /// <summary>https://hl7.org/fhir/R4/datatypes.html#Annotation: only people and organisations can be referred to as authors.</summary>
    public static AnnotationEditor Note(string text, string author, DateTimeOffset now)
    {
        var note = new AnnotationEditor { Time = now, Text = text };
        if (author.Split('/')[0] is "Practitioner" or "Patient" or "RelatedPerson" or "Organization")
            note.AuthorReference = To(author);
        else
            note.AuthorString = author;
        return note;
    }

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
