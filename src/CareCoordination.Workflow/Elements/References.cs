using CareCoordination.Fhir.R4;

namespace CareCoordination.Workflow.Elements;

/// <summary>Reading and writing references. https://hl7.org/fhir/R4/references.html</summary>
public static class References
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
}
