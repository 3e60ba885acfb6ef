using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;

namespace CareCoordination.Workflow.Resources;

/// <summary>
/// Whose record a resource is in. What one resource does to another that it names, as a plan to its members or a task to its parts, it does
/// within one record: whoever may write of one patient brings about nothing with another, and is told nothing of them.
/// </summary>
public static class RecordPatient
{
    private static readonly string[] Names = ["subject", "patient", "beneficiary", "for"];

    /// <summary>
    /// A patient's own; else what it says by <c>subject</c>, <c>patient</c>, <c>beneficiary</c> or <c>for</c>; null where it says none.
    /// </summary>
    public static string? Of(ResourceDocument document)
    {
        var root = Element.Root(document, R4Definitions.Schema);
        if (!root.Exists)
            return null;
        if (root.Type.Name == ResourceTypes.Patient)
            return $"{ResourceTypes.Patient}/{document.Id}";
        foreach (var name in Names)
        {
            if (
                root.Child(name) is { Exists: true } named
                && new ReferenceView(named).Target() is { } target
                && target.StartsWith($"{ResourceTypes.Patient}/", StringComparison.Ordinal)
            )
                return target;
        }

        return null;
    }

    public static string? Of(Snapshot resource) =>
        ResourceDocument.Parse(resource.Utf8Json).TryGet(out var document, out _) ? Of(document) : null;

    /// <summary>True where a part may follow its whole: one that names no patient is of its whole's, and a whole of nobody has parts of many.</summary>
    public static bool Follows(string? part, string? whole) => part is null || whole is null || part == whole;

    /// <summary>Whom it is about, a patient or others, as a group; null where it does not say.</summary>
    public static string? SubjectOf(Snapshot resource)
    {
        if (!ResourceDocument.Parse(resource.Utf8Json).TryGet(out var document, out _))
            return null;
        var root = Element.Root(document, R4Definitions.Schema);
        foreach (var name in Names)
        {
            if (root.Exists && root.Child(name) is { Exists: true } named)
                return new ReferenceView(named).Target();
        }

        return null;
    }
}
