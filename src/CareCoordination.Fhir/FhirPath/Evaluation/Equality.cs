using System.Text;
using CareCoordination.Fhir.FhirPath.Values;
using CareCoordination.Fhir.Json;

namespace CareCoordination.Fhir.FhirPath.Evaluation;

/// <summary><c>=</c>. http://hl7.org/fhirpath/N1/#equality</summary>
internal static class Equality
{
    /// <summary>Item by item, in order; null where that cannot be told, or one side is empty.</summary>
    public static bool? AreEqual(
        ReadOnlySpan<FhirPathValue> left,
        ReadOnlySpan<FhirPathValue> right,
        EvaluationContext context
    )
    {
        if (left.IsEmpty || right.IsEmpty)
            return null;
        if (left.Length != right.Length)
            return false;
        var unknown = false;
        for (var i = 0; i < left.Length; i++)
        {
            switch (AreEqual(left[i], right[i], context))
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
    public static bool? AreEqual(in FhirPathValue left, in FhirPathValue right, EvaluationContext context)
    {
        context.Step();
        if (left.Kind == FhirPathKind.Element)
        {
            if (right.Kind == FhirPathKind.Element)
                return AreEqual(left.Element, right.Element, context);
            if (right.Kind == FhirPathKind.String && SystemTypes.KindOf(left.Element.Type) == FhirPathKind.String)
                return TextEquals(left.Element, right.String, context);
        }

        return SystemEqual(context.ToSystem(left), context.ToSystem(right), context);
    }

    /// <summary>Digits after the point, as written.</summary>
    public static int Scale(decimal number) => (decimal.GetBits(number)[3] >> 16) & 0x7F;

    /// <summary>Digits after the point, zeros at the end left out.</summary>
    public static int Precision(decimal number)
    {
        var scale = Scale(number);
        while (scale > 0 && decimal.Round(number, scale - 1) == number)
            scale--;
        return scale;
    }

    public static bool IsNumber(in FhirPathValue value) => value.Kind is FhirPathKind.Integer or FhirPathKind.Decimal;

    /// <summary>A Quantity, or a number as Quantity of unit 1; null for anything else.</summary>
    public static FhirPathQuantity? AsQuantity(in FhirPathValue value) =>
        value.Kind == FhirPathKind.Quantity ? value.Quantity
        : IsNumber(value) ? FhirPathQuantity.Of(value.Number)
        : null;

    public static bool IsSame(Element a, Element b) =>
        ReferenceEquals(a.Document, b.Document) && a.ValueIndex == b.ValueIndex && a.ShadowIndex == b.ShadowIndex;

    public static bool? SystemEqual(in FhirPathValue a, in FhirPathValue b, EvaluationContext context)
    {
        if (IsNumber(a) && IsNumber(b))
            return a.Number == b.Number;
        if (a.Kind == FhirPathKind.Quantity || b.Kind == FhirPathKind.Quantity)
        {
            return AsQuantity(a) is { } x && AsQuantity(b) is { } y
                ? QuantityUnits.Compare(x, y, context) is { } order
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
            FhirPathKind.String => TextEquals(a.String, b.String, context),
            FhirPathKind.TypeInfo => a.TypeInfo == b.TypeInfo,
            FhirPathKind.Element => AreEqual(a.Element, b.Element, context),
            _ => false,
        };
    }

    private static bool? AreEqual(Element left, Element right, EvaluationContext context)
    {
        if (IsSame(left, right))
            return true;
        if (left.Type.IsPrimitive && right.Type.IsPrimitive)
            return PrimitivesEqual(left, right, context);
        var (a, b) = (context.ToSystem(left), context.ToSystem(right));
        if (a.Kind == FhirPathKind.Quantity && b.Kind == FhirPathKind.Quantity)
            return SystemEqual(a, b, context);
        return ReferenceEquals(left.Type, right.Type) && ChildrenEqual(left, right, context);
    }

    private static bool? PrimitivesEqual(Element left, Element right, EvaluationContext context)
    {
        context.Read(Math.Min(left.RawLength, right.RawLength));
        if (!left.HasValue || !right.HasValue)
            return left.HasValue == right.HasValue && left.Shadow.RawUtf8.SequenceEqual(right.Shadow.RawUtf8);
        return
            SystemTypes.KindOf(left.Type) == FhirPathKind.String
            && SystemTypes.KindOf(right.Type) == FhirPathKind.String
            ? left.TextUtf8.SequenceEqual(right.TextUtf8)
            : SystemEqual(context.ToSystem(left), context.ToSystem(right), context);
    }

    private static bool ChildrenEqual(Element left, Element right, EvaluationContext context)
    {
        foreach (var definition in left.Type.Elements)
        {
            context.Step();
            var others = right.Children(definition);
            foreach (var child in left.Children(definition))
            {
                context.Step();
                if (!others.MoveNext() || AreEqual(child, others.Current, context) != true)
                    return false;
            }

            if (others.MoveNext())
                return false;
        }

        return true;
    }

    private static bool TextEquals(Element element, string text, EvaluationContext context)
    {
        if (!element.HasValue)
            return false;
        context.Read(Math.Min(element.RawLength, text.Length));
        var utf8 = element.TextUtf8;
        return Ascii.IsValid(text) ? Ascii.Equals(utf8, text) : element.Text == text;
    }

    private static bool TextEquals(string a, string b, EvaluationContext context)
    {
        context.Read(Math.Min(a.Length, b.Length));
        return a == b;
    }
}
