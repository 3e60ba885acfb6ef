using CareCoordination.Fhir.Json;

namespace CareCoordination.Fhir.FhirPath;

/// <summary>
/// What an expression may ask of its surroundings. Reusable, for one thread at a time: it also holds the collections
/// that evaluation works in, so that a warm context evaluates a path without allocation.
/// https://hl7.org/fhir/R4/fhirpath.html#variables
/// </summary>
public sealed class EvaluationContext
{
    private readonly Stack<FhirPathCollection> _free = new();

    /// <summary><c>%resource</c>: the resource the focus belongs to. Where not set, the root of the focus's document.</summary>
    public Element Resource { get; set; }

    /// <summary><c>%rootResource</c>: the container of a contained resource. Where not set, the root of the focus's document.</summary>
    public Element RootResource { get; set; }

    /// <summary>The time that <c>now()</c>, <c>today()</c> and <c>timeOfDay()</c> tell.</summary>
    public DateTimeOffset? Now { get; set; }

    /// <summary>
    /// Finds what a literal reference or canonical points at; <c>default</c> where it does not know it. Contained resources
    /// and the entries of a Bundle are found without it.
    /// </summary>
    public Func<string, Element>? Resolver { get; set; }

    /// <summary>Whether a code, Coding or CodeableConcept is in the value set with this URL; null where that is not known.</summary>
    public Func<Element, string, bool?>? MemberOf { get; set; }

    /// <summary>Whether an element conforms to the profile with this URL; null where the profile is not known.</summary>
    public Func<Element, string, bool?>? ConformsTo { get; set; }

    /// <summary>Receives what <c>trace(name)</c> sees. The values may be patient content.</summary>
    public Action<string, FhirPathCollection>? Trace { get; set; }

    /// <summary>Further <c>%name</c> variables.</summary>
    public Dictionary<string, FhirPathCollection> Variables { get; } = new(StringComparer.Ordinal);

    /// <summary><c>%context</c>: what the expression was evaluated on.</summary>
    internal Element Focus { get; set; }

    internal Element CurrentResource => Resource.Exists ? Resource : DocumentRoot;

    internal Element CurrentRoot => RootResource.Exists ? RootResource : DocumentRoot;

    private Element DocumentRoot => Focus.Exists ? Element.Root(Focus.Document, Focus.Type.Schema) : default;

    internal FhirPathCollection Rent() => _free.TryPop(out var collection) ? collection : new FhirPathCollection();

    internal void Return(FhirPathCollection collection)
    {
        collection.Clear();
        _free.Push(collection);
    }
}
