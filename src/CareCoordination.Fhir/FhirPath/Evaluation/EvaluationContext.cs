using CareCoordination.Fhir.Budgets;
using CareCoordination.Fhir.FhirPath.Values;
using CareCoordination.Fhir.Json;

namespace CareCoordination.Fhir.FhirPath.Evaluation;

/// <summary>
/// What an expression may ask of its surroundings. Reusable, for one thread at a time: it also holds the collections
/// that evaluation works in, so that a warm context evaluates a path without allocation.
/// https://hl7.org/fhir/R4/fhirpath.html#variables
/// </summary>
/// <param name="budget">What evaluation may cost: that of the request which the expression came with.</param>
public sealed class EvaluationContext(WorkBudget budget)
{
    /// <summary>Characters that are compared, searched or decoded in about the time of a step.</summary>
    private const int CharactersPerStep = 64;

    private const int LargestAdvance = 4096;

    private readonly Stack<FhirPathCollection> _free = new();
    private long _prepaid;
    private long _granted;
    private int _advance = 8;

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

    internal WorkBudget Budget => budget;

    /// <summary>
    /// Gives steps away for nothing. Where the same expressions are evaluated on each element of a document, what that takes grows as the
    /// document does, and only what goes beyond is for the budget.
    /// </summary>
    internal void Grant(long steps) => _granted += steps;

    /// <summary>Counts items that are visited, compared or produced.</summary>
    internal void Step(int count = 1)
    {
        if ((_prepaid -= count) < 0)
            Advance();
    }

    /// <summary>Counts text that is read: its length in characters or bytes.</summary>
    internal void Read(int length) => Step(length / CharactersPerStep);

    /// <summary>
    /// Counts a search for <paramref name="part"/> in <paramref name="text"/>, which may compare most of the part at every place. A step
    /// compares some thousand pairs of characters, as vectors do.
    /// </summary>
    internal void Search(string text, string part) =>
        Step((int)Math.Min(int.MaxValue, (text.Length / CharactersPerStep) + ((long)text.Length * part.Length / 4096)));

    /// <summary>Counts a string before it is made.</summary>
    internal void Make(long length)
    {
        if (length > 0)
            budget.Charge(Work.Text, length);
    }

    /// <summary><see cref="FhirPathValue.ToSystem"/>, which reads the text of an element.</summary>
    internal FhirPathValue ToSystem(in FhirPathValue value)
    {
        if (value.Kind != FhirPathKind.Element)
            return value;
        Read(value.Element.RawLength);
        return value.ToSystem();
    }

    /// <summary>Ever larger advances, so that few steps ask the budget and little of an advance is wasted.</summary>
    private void Advance()
    {
        _advance = Math.Min(_advance * 2, LargestAdvance);
        var needed = -_prepaid;
        if (_granted >= needed)
        {
            budget.ThrowIfCancelled();
            var given = Math.Min(_granted, needed + _advance);
            _granted -= given;
            _prepaid += given;
            return;
        }

        _prepaid += budget.ChargeAhead(Work.Steps, needed, needed + _advance);
    }

    internal FhirPathCollection Rent() => _free.TryPop(out var collection) ? collection : new FhirPathCollection();

    internal void Return(FhirPathCollection collection)
    {
        collection.Clear();
        _free.Push(collection);
    }
}
