using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Schema;
using CareCoordination.Fhir.Search.Extraction;

namespace CareCoordination.Fhir.Search.Indexing;

/// <summary>How the entries of one resource type are found: one walk for the paths, FHIRPath for the few other expressions.</summary>
internal sealed class ExtractionPlan(
    PlanNode root,
    ImmutableArray<ExpressionLeaf> expressions,
    ImmutableArray<int> patientCompartment
)
{
    [ThreadStatic]
    private static EntryCollector? _idle;

    /// <summary>
    /// The entries of a resource, or null and the parameter that has the most of them where there are more than
    /// <paramref name="most"/>.
    /// </summary>
    public IndexEntries? Extract(ResourceDocument document, TypeDefinition type, int most, out int largest)
    {
        var index = _idle ?? new EntryCollector();
        _idle = null;
        largest = 0;
        Gather(document, type, index, most, null);
        if (index.IsFull)
        {
            // Seldom: too many, or too many times the same.
            var count = new EntryCount();
            Gather(document, type, index, most, count);
            largest = count.Largest;
        }

        index.Entries.Deduplicate();
        var entries = index.Take();
        var isWhole = !index.IsFull;
        _idle = index;
        return isWhole ? entries : null;
    }

    private void Gather(
        ResourceDocument document,
        TypeDefinition type,
        EntryCollector index,
        int most,
        EntryCount? count
    )
    {
        index.Start(most, count);
        root.Walk(document.Root, index);
        if (!expressions.IsEmpty && !index.IsFull)
            Evaluate(document, type.Schema, index);
        AddPatients(index);
    }

    private void Evaluate(ResourceDocument document, FhirSchema schema, EntryCollector index)
    {
        var focus = Element.Root(document, schema);
        foreach (var leaf in expressions)
            leaf.Extract(focus, index);
    }

    /// <summary>
    /// The patients in whose compartment it is. That a patient is in their own is known without an entry.
    /// https://hl7.org/fhir/R4/compartmentdefinition-patient.html
    /// </summary>
    private void AddPatients(EntryCollector index)
    {
        if (patientCompartment.IsEmpty)
            return;
        foreach (var reference in index.Entries.References)
        {
            index.Parameter = reference.Parameter;
            if (reference.Target.Type == "Patient" && patientCompartment.Contains(reference.Parameter))
                index.AddPatient(reference.Target);
        }
    }
}
