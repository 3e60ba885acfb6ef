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

    /// <summary>
    /// The entries of a resource, or null and the parameter that has the most of them where there are more than
    /// <paramref name="most"/>.
    /// </summary>
    public IndexEntries? Extract(
        ResourceKey key,
        ResourceDocument document,
        TypeDefinition type,
        int most,
        out int largest
    )
    {
        var index = _idle ?? new IndexWriter();
        _idle = null;
        largest = 0;
        Gather(key, document, type, index, most, null);
        if (index.IsFull)
        {
            // Seldom: too many, or too many times the same.
            var count = new EntryCount();
            Gather(key, document, type, index, most, count);
            largest = count.Largest;
        }

        Deduplicate(index.Entries);
        var entries = index.Take();
        var isWhole = !index.IsFull;
        _idle = index;
        return isWhole ? entries : null;
    }

    private void Gather(
        ResourceKey key,
        ResourceDocument document,
        TypeDefinition type,
        IndexWriter index,
        int most,
        EntryCount? count
    )
    {
        index.Start(most, count);
        root.Walk(document.Root, index);
        if (!expressions.IsEmpty && !index.IsFull)
            Evaluate(document, type.Schema, index);
        AddPatients(key, index);
    }

    private void Evaluate(ResourceDocument document, FhirSchema schema, IndexWriter index)
    {
        var focus = Element.Root(document, schema);
        foreach (var leaf in expressions)
            leaf.Extract(focus, index);
    }

    /// <summary>A patient is in its own compartment. https://hl7.org/fhir/R4/compartmentdefinition-patient.html</summary>
    private void AddPatients(ResourceKey key, IndexWriter index)
    {
        if (key.Type == "Patient")
            index.AddPatient(key);
        if (patientCompartment.IsEmpty)
            return;
        foreach (var reference in index.Entries.References)
        {
            index.Parameter = reference.Parameter;
            if (reference.Target.Type == "Patient" && patientCompartment.Contains(reference.Parameter))
                index.AddPatient(reference.Target);
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

    /// <summary>Each once, in the order of their first.</summary>
    public static void Deduplicate<T>(List<T> entries)
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
