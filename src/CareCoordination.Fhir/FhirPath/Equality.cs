using System.Text;
using CareCoordination.Fhir.Json;

namespace CareCoordination.Fhir.FhirPath;

/// <summary><c>=</c> and <c>~</c>. http://hl7.org/fhirpath/N1/#equality</summary>
internal static class Equality
{
    /// <summary>Item by item, in order; null where that cannot be told, or one side is empty.</summary>
    public static bool? AreEqual(ReadOnlySpan<FhirPathValue> left, ReadOnlySpan<FhirPathValue> right)
    {
        if (left.IsEmpty || right.IsEmpty)
            return null;
        if (left.Length != right.Length)
            return false;
        var unknown = false;
        for (var i = 0; i < left.Length; i++)
        {
            switch (AreEqual(left[i], right[i]))
            {
                case false:
                    return false;
                case null:
                    unknown = true;
                    break;
            }
        }

        return unknown ? null : true;
    }

    /// <summary>Null where it cannot be told: dates of different precision, units that do not convert.</summary>
    public static bool? AreEqual(in FhirPathValue left, in FhirPathValue right)
    {
        if (left.Kind == FhirPathKind.Element)
        {
            if (right.Kind == FhirPathKind.Element)
                return AreEqual(left.Element, right.Element);
            if (right.Kind == FhirPathKind.String && SystemTypes.KindOf(left.Element.Type) == FhirPathKind.String)
                return TextEquals(left.Element, right.String);
        }

        return SystemEqual(left.ToSystem(), right.ToSystem());
    }

    /// <summary>As sets, each item once; the empty collection is equivalent to itself only.</summary>
    public static bool AreEquivalent(ReadOnlySpan<FhirPathValue> left, ReadOnlySpan<FhirPathValue> right)
    {
        if (left.Length != right.Length)
            return false;
        if (left.Length == 1)
            return AreEquivalent(left[0], right[0]);
        Span<bool> taken = right.Length <= 64 ? stackalloc bool[right.Length] : new bool[right.Length];
        foreach (ref readonly var item in left)
        {
            var match = -1;
            for (var i = 0; i < right.Length && match < 0; i++)
            {
                if (!taken[i] && AreEquivalent(item, right[i]))
                    match = i;
            }

            if (match < 0)
                return false;
            taken[match] = true;
        }

        return true;
    }

    public static bool AreEquivalent(in FhirPathValue left, in FhirPathValue right)
    {
        var (a, b) = (left.ToSystem(), right.ToSystem());
        if (a.Kind == FhirPathKind.Element || b.Kind == FhirPathKind.Element)
            return a.Kind == b.Kind && ChildrenEquivalent(a.Element, b.Element);
        if (a.Kind == FhirPathKind.String && b.Kind == FhirPathKind.String)
            return string.Equals(Normalized(a.String), Normalized(b.String), StringComparison.OrdinalIgnoreCase);
        if (IsNumber(a) && IsNumber(b))
        {
            var digits = Math.Min(Scale(a.Number), Scale(b.Number));
            return Math.Round(a.Number, digits, MidpointRounding.AwayFromZero)
                == Math.Round(b.Number, digits, MidpointRounding.AwayFromZero);
        }

        if (
            AsQuantity(a) is { } x
            && AsQuantity(b) is { } y
            && (a.Kind == FhirPathKind.Quantity || b.Kind == FhirPathKind.Quantity)
        )
            return QuantityUnits.AreEquivalent(x, y);
        return SystemEqual(a, b) == true;
    }

    /// <summary>Digits after the point, as written.</summary>
    public static int Scale(decimal number) => (decimal.GetBits(number)[3] >> 16) & 0x7F;

    public static bool IsNumber(in FhirPathValue value) => value.Kind is FhirPathKind.Integer or FhirPathKind.Decimal;

    /// <summary>A Quantity, or a number as Quantity of unit 1; null for anything else.</summary>
    public static FhirPathQuantity? AsQuantity(in FhirPathValue value) =>
        value.Kind == FhirPathKind.Quantity ? value.Quantity
        : IsNumber(value) ? FhirPathQuantity.Of(value.Number)
        : null;

    private static bool? SystemEqual(in FhirPathValue a, in FhirPathValue b)
    {
        if (IsNumber(a) && IsNumber(b))
            return a.Number == b.Number;
        if (a.Kind == FhirPathKind.Quantity || b.Kind == FhirPathKind.Quantity)
        {
            return AsQuantity(a) is { } x && AsQuantity(b) is { } y
                ? QuantityUnits.Compare(x, y) is { } order
                    ? order == 0
                    : null
                : false;
        }

        if (TemporalOrder.AreComparable(a, b))
            return TemporalOrder.Compare(a.Temporal, b.Temporal) is { } order ? order == 0 : null;
        if (a.Kind != b.Kind)
            return false;
        return a.Kind switch
        {
            FhirPathKind.Boolean => a.Boolean == b.Boolean,
            FhirPathKind.String => a.String == b.String,
            FhirPathKind.TypeInfo => a.TypeInfo == b.TypeInfo,
            FhirPathKind.Element => AreEqual(a.Element, b.Element),
            _ => false,
        };
    }

    private static bool? AreEqual(Element left, Element right)
    {
        if (IsSame(left, right))
            return true;
        if (left.Type.IsPrimitive && right.Type.IsPrimitive)
        {
            if (!left.HasValue || !right.HasValue)
                return left.HasValue == right.HasValue && left.Shadow.RawUtf8.SequenceEqual(right.Shadow.RawUtf8);
            return
                SystemTypes.KindOf(left.Type) == FhirPathKind.String
                && SystemTypes.KindOf(right.Type) == FhirPathKind.String
                ? left.TextUtf8.SequenceEqual(right.TextUtf8)
                : SystemEqual(SystemTypes.Convert(left), SystemTypes.Convert(right));
        }

        var (a, b) = (SystemTypes.Convert(left), SystemTypes.Convert(right));
        if (a.Kind == FhirPathKind.Quantity && b.Kind == FhirPathKind.Quantity)
            return SystemEqual(a, b);
        return ReferenceEquals(left.Type, right.Type) && ChildrenEqual(left, right);
    }

    private static bool ChildrenEqual(Element left, Element right)
    {
        foreach (var definition in left.Type.Elements)
        {
            var others = right.Children(definition);
            foreach (var child in left.Children(definition))
            {
                if (!others.MoveNext() || AreEqual(child, others.Current) != true)
                    return false;
            }

            if (others.MoveNext())
                return false;
        }

        return true;
    }

    private static bool ChildrenEquivalent(Element left, Element right)
    {
        if (IsSame(left, right))
            return true;
        if (!ReferenceEquals(left.Type, right.Type))
            return false;
        foreach (var definition in left.Type.Elements)
        {
            if (definition.Name != "id" && !AreEquivalent(Collect(left, definition), Collect(right, definition)))
                return false;
        }

        return true;

        static FhirPathValue[] Collect(Element parent, Schema.ElementDefinition definition)
        {
            var values = new List<FhirPathValue>();
            foreach (var child in parent.Children(definition))
                values.Add(child);
            return [.. values];
        }
    }

    private static bool IsSame(Element a, Element b) =>
        ReferenceEquals(a.Document, b.Document) && a.ValueIndex == b.ValueIndex && a.ShadowIndex == b.ShadowIndex;

    private static bool TextEquals(Element element, string text)
    {
        if (!element.HasValue)
            return false;
        var utf8 = element.TextUtf8;
        return Ascii.IsValid(text) ? Ascii.Equals(utf8, text) : element.Text == text;
    }

    private static string Normalized(string text) =>
        string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}

/// <summary>
/// <c>=</c> as a set knows it. Dates and quantities share one hash, because equal ones may be written in different zones and
/// units.
/// </summary>
internal sealed class ValueComparer : IEqualityComparer<FhirPathValue>
{
    public static readonly ValueComparer Instance = new();

    public bool Equals(FhirPathValue x, FhirPathValue y) => Equality.AreEqual(x, y) == true;

    public int GetHashCode(FhirPathValue value)
    {
        var system = value.ToSystem();
        return system.Kind switch
        {
            FhirPathKind.Boolean => system.Boolean ? 1 : 2,
            FhirPathKind.Integer or FhirPathKind.Decimal => system.Number.GetHashCode(),
            FhirPathKind.String => string.GetHashCode(system.String, StringComparison.Ordinal),
            _ => (int)system.Kind,
        };
    }
}

/// <summary>Appends to a collection what it does not hold yet, from where it was when this was made.</summary>
internal struct DistinctItems(FhirPathCollection output)
{
    private const int Linear = 16;
    private readonly int _start = output.Count;
    private HashSet<FhirPathValue>? _set;

    public bool Add(in FhirPathValue value)
    {
        if (output.Count - _start < Linear)
        {
            foreach (ref readonly var item in output.Span[_start..])
            {
                if (Equality.AreEqual(item, value) == true)
                    return false;
            }
        }
        else
        {
            _set ??= new HashSet<FhirPathValue>(output.Span[_start..].ToArray(), ValueComparer.Instance);
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
