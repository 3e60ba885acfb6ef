using System.Collections;
using CareCoordination.Fhir.Budgets;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Fhir.FhirPath.Values;

/// <summary>
/// An ordered collection of values, the result of every FHIRPath expression. Made to be reused: <see cref="Clear"/> keeps
/// the room. http://hl7.org/fhirpath/N1/#collections
/// </summary>
public sealed class FhirPathCollection : IReadOnlyList<FhirPathValue>
{
    /// <summary>Far beyond any resource; <c>descendants().descendants().descendants()</c> must not take all memory.</summary>
    private const int MaxItems = 1 << 18;

    private FhirPathValue[] _items;

    public FhirPathCollection(int capacity = 4) => _items = new FhirPathValue[capacity];

    public int Count { get; private set; }

    public bool IsEmpty => Count == 0;

    public FhirPathValue this[int index] => Span[index];

    public ReadOnlySpan<FhirPathValue> Span => _items.AsSpan(0, Count);

    public void Add(FhirPathValue value)
    {
        if (Count == _items.Length)
            Grow();
        _items[Count++] = value;
    }

    private void Grow()
    {
        if (Count >= MaxItems)
            throw new WorkLimitException(
                Failure.Unprocessable(
                    IssueCode.TooCostly,
                    $"An expression gives more than {MaxItems} items at once: let it give fewer."
                )
            );
        Array.Resize(ref _items, Math.Max(4, Count * 2));
    }

    public void Clear()
    {
        // The values hold documents, which must not outlive their use in a pooled collection.
        Array.Clear(_items, 0, Count);
        Count = 0;
    }

    internal void AddRange(ReadOnlySpan<FhirPathValue> values)
    {
        foreach (ref readonly var value in values)
            Add(value);
    }

    public ReadOnlySpan<FhirPathValue>.Enumerator GetEnumerator() => Span.GetEnumerator();

    IEnumerator<FhirPathValue> IEnumerable<FhirPathValue>.GetEnumerator() =>
        ((IEnumerable<FhirPathValue>)Span.ToArray()).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => Span.ToArray().GetEnumerator();

    public override string ToString() => $"{{{string.Join(", ", Span.ToArray())}}}";
}
