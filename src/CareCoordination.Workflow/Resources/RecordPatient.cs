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
        return root.Exists && root.Type.Name == ResourceTypes.Patient
            ? $"{ResourceTypes.Patient}/{document.Id}"
            : Subjects(root).FirstOrDefault(IsPatient);
    }

    public static string? Of(Snapshot resource) =>
        ResourceDocument.Parse(resource.Utf8Json).TryGet(out var document, out _) ? Of(document) : null;

    /// <summary>The same of a task that is being decided, by what its <c>for</c> names.</summary>
    public static string? Of(TaskDraft task) => task.For is { } named && IsPatient(named) ? named : null;

    /// <summary>True where a part may follow its whole: one that names no patient is of its whole's, and a whole of nobody has parts of many.</summary>
    public static bool Follows(string? part, string? whole) => part is null || whole is null || part == whole;

    /// <summary>Whom it is about, a patient or others, as a group; null where it does not say.</summary>
    public static string? SubjectOf(Snapshot resource) =>
        ResourceDocument.Parse(resource.Utf8Json).TryGet(out var document, out _)
            ? Subjects(Element.Root(document, R4Definitions.Schema)).FirstOrDefault()
            : null;

    private static bool IsPatient(string reference) =>
        reference.StartsWith($"{ResourceTypes.Patient}/", StringComparison.Ordinal);

    private static IEnumerable<string> Subjects(Element root) =>
        root.Exists
            ? Names
                .Select(name => root.Child(name))
                .Where(named => named.Exists)
                .Select(named => new ReferenceView(named).Target())
                .OfType<string>()
            : [];
}
