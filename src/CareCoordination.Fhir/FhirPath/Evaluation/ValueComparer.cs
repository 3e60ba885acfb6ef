using CareCoordination.Fhir.FhirPath.Values;
using CareCoordination.Fhir.Json;

namespace CareCoordination.Fhir.FhirPath.Evaluation;

/// <summary>
/// <c>=</c> as a hash table knows it: values that are equal have one hash, in whatever zone a time is written and with whatever zeros a
/// number ends.
/// </summary>
internal sealed class ValueComparer(EvaluationContext context) : IEqualityComparer<FhirPathValue>
{
    public bool Equals(FhirPathValue x, FhirPathValue y) => Equality.AreEqual(x, y, context) == true;

    public int GetHashCode(FhirPathValue value)
    {
        context.Step();
        var system = context.ToSystem(value);
        return system.Kind switch
        {
            FhirPathKind.None when value.Kind == FhirPathKind.Element => OfShadow(value.Element),
            FhirPathKind.Boolean => system.Boolean ? 1 : 2,
            FhirPathKind.Integer or FhirPathKind.Decimal => system.Number.GetHashCode(),
            FhirPathKind.String => string.GetHashCode(system.String, StringComparison.Ordinal),
            FhirPathKind.Date or FhirPathKind.DateTime or FhirPathKind.Time => TemporalOrder.HashCode(system.Temporal),
            FhirPathKind.Element => OfChildren(system.Element),
            FhirPathKind.TypeInfo => system.TypeInfo.GetHashCode(),
            // Equal quantities may be written in different units.
            _ => (int)system.Kind,
        };
    }

    private static int OfShadow(Element element)
    {
        var hash = new HashCode();
        hash.AddBytes(element.Shadow.RawUtf8);
        return hash.ToHashCode();
    }

    private int OfChildren(Element element)
    {
        var hash = new HashCode();
        hash.Add(element.Type.Name);
        foreach (var definition in element.Type.Elements)
        {
            foreach (var child in element.Children(definition))
            {
                hash.Add(definition.Name);
                hash.Add(GetHashCode(child));
            }
        }

        return hash.ToHashCode();
    }
}

/// <summary>Appends to a collection what it does not hold yet, from where it was when this was made.</summary>
internal struct DistinctItems(FhirPathCollection output, EvaluationContext context)
{
    private const int Linear = 16;
    private readonly int _start = output.Count;
    private HashSet<FhirPathValue>? _set;

    public bool Add(in FhirPathValue value)
    {
        if (output.Count - _start < Linear)
        {
            if (KnownValues.Holds(output.Span[_start..], value, context))
                return false;
        }
        else
        {
            _set ??= new HashSet<FhirPathValue>(output.Span[_start..].ToArray(), new ValueComparer(context));
            if (!_set.Add(value))
                return false;
        }

        output.Add(value);
        return true;
    }

    public void AddRange(ReadOnlySpan<FhirPathValue> values)
    {
        foreach (ref readonly var value in values)
            Add(value);
    }
}

/// <summary>A collection that is asked for many values: whether it holds one that is equal.</summary>
internal readonly ref struct KnownValues
{
    private const int Linear = 8;
    private readonly ReadOnlySpan<FhirPathValue> _values;
    private readonly HashSet<FhirPathValue>? _set;
    private readonly EvaluationContext _context;

    /// <param name="questions">How often it will be asked: a table is made where that pays.</param>
    public KnownValues(ReadOnlySpan<FhirPathValue> values, int questions, EvaluationContext context)
    {
        _values = values;
        _context = context;
        if (values.Length > Linear && questions > Linear)
            _set = new HashSet<FhirPathValue>(values.ToArray(), new ValueComparer(context));
    }

    public bool Holds(in FhirPathValue value) => _set?.Contains(value) ?? Holds(_values, value, _context);

    public static bool Holds(ReadOnlySpan<FhirPathValue> values, in FhirPathValue value, EvaluationContext context)
    {
        foreach (ref readonly var item in values)
        {
            if (Equality.AreEqual(item, value, context) == true)
                return true;
        }

        return false;
    }
}
