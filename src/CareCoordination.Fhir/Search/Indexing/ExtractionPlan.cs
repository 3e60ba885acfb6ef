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
    /// <summary>What chains ask of a resource that is part of this one, by the parameter that leads to it.</summary>
    public Func<int, TypeDefinition, ExtractionPlan>? Parts { get; init; }

    /// <summary>The parameter whose value is the status of the resource; 0: none.</summary>
    public int Status { get; init; }

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

    /// <summary>What the references of a resource lead to, each once; of a plan that follows references.</summary>
    public ImmutableArray<IncludeTarget> Targets(ResourceDocument document, TypeDefinition type)
    {
        var index = _idle ?? new EntryCollector();
        _idle = null;
        index.Start(int.MaxValue, null);
        root.Walk(document.Root, index);
        Evaluate(Element.Root(document, type.Schema), index);
        ImmutableArray<IncludeTarget> targets =
        [
            .. index.Targets.Concat(index.Entries.References.Select(e => new IncludeTarget(e.Target, null))).Distinct(),
        ];
        index.Take();
        _idle = index;
        return targets;
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
        index.Status = Status;
        root.Walk(document.Root, index);
        if (!expressions.IsEmpty && !index.IsFull)
            Evaluate(Element.Root(document, type.Schema), index);
        if (index.Within.Count > 0 && Parts is not null)
            GatherParts(document, index);
        AddPatients(index);
    }

    private void Walk(JsonValue resource, EntryCollector index) => root.Walk(resource, index);

    private void Evaluate(Element focus, EntryCollector index)
    {
        foreach (var leaf in expressions)
            leaf.Extract(focus, index);
    }

    /// <summary>
    /// A contained resource is part of the one that contains it, and a chain asks it as one that is referred to.
    /// https://hl7.org/fhir/R4/search.html#contained
    /// </summary>
    private void GatherParts(ResourceDocument document, EntryCollector index)
    {
        var own = index.Presence;
        index.IsWithin = true;
        foreach (var (parameter, resource, type) in index.Within)
        {
            if (index.IsFull)
                break;
            index.Presence = 0;
            var plan = Parts!(parameter, type);
            plan.Walk(resource, index);
            plan.Evaluate(new Element(document, resource.Index, -1, type, null), index);
            index.Parameter = parameter;
            // Which parameters it has values for stands where the system of other tokens does.
            var key = StableHash.Of(type.Utf8Name.Span, DerivedNumber.OfContained(parameter));
            index.Add(new TokenEntry(key, unchecked((long)index.Presence)));
        }

        index.IsWithin = false;
        index.Presence = own;
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
