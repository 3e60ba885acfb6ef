using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Schema;

namespace CareCoordination.Fhir.Search.Extraction;

/// <summary>How the entries of one resource type are found: one walk for the paths, FHIRPath for the few other expressions.</summary>
internal sealed class ExtractionPlan(
    PlanNode root,
    ImmutableArray<ExpressionLeaf> expressions,
    ImmutableArray<int> patientCompartment
)
{
    [ThreadStatic]
    private static IndexWriter? _idle;

    public IndexEntries Extract(ResourceDocument document, TypeDefinition type)
    {
        var index = _idle ?? new IndexWriter();
        _idle = null;
        root.Walk(document.Root, index);
        if (!expressions.IsEmpty)
            Evaluate(document, type.Schema, index);
        AddPatients(document, type, index.Entries);
        Deduplicate(index.Entries);
        var entries = index.Take();
        _idle = index;
        return entries;
    }

    private void Evaluate(ResourceDocument document, FhirSchema schema, IndexWriter index)
    {
        var focus = Element.Root(document, schema);
        foreach (var leaf in expressions)
            leaf.Extract(focus, index);
    }

    /// <summary>A patient is in its own compartment. https://hl7.org/fhir/R4/compartmentdefinition-patient.html</summary>
    private void AddPatients(ResourceDocument document, TypeDefinition type, IndexEntries entries)
    {
        if (type.Name == "Patient" && document.Id is { } id)
            entries.Patients.Add(new ResourceKey("Patient", id));
        if (patientCompartment.IsEmpty)
            return;
        foreach (var reference in entries.References)
        {
            if (reference.Target.Type == "Patient" && patientCompartment.Contains(reference.Parameter))
                entries.Patients.Add(reference.Target);
        }
    }

    private static void Deduplicate(IndexEntries entries)
    {
        Deduplicate(entries.Tokens);
        Deduplicate(entries.Strings);
        Deduplicate(entries.Dates);
        Deduplicate(entries.Numbers);
        Deduplicate(entries.Quantities);
        Deduplicate(entries.References);
        Deduplicate(entries.Uris);
        Deduplicate(entries.Composites);
        Deduplicate(entries.Patients);
    }

    private static void Deduplicate<T>(List<T> entries)
        where T : struct, IEquatable<T>
    {
        const int pairwise = 32;
        if (entries.Count > pairwise)
        {
            var seen = new HashSet<T>(entries.Count);
            entries.RemoveAll(entry => !seen.Add(entry));
            return;
        }

        for (var i = entries.Count - 1; i > 0; i--)
        {
            if (entries.IndexOf(entries[i], 0, i) >= 0)
                entries.RemoveAt(i);
        }
    }
}
