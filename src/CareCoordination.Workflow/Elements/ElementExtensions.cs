using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Workflow.Elements;

/// <summary>Reading and writing codes and extensions, which many elements share.</summary>
internal static class ElementExtensions
{
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
