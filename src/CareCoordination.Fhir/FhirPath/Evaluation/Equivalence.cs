using CareCoordination.Fhir.FhirPath.Values;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Schema;

namespace CareCoordination.Fhir.FhirPath.Evaluation;

/// <summary><c>~</c>. http://hl7.org/fhirpath/N1/#equivalence</summary>
internal static class Equivalence
{
    /// <summary>As sets, each item once; the empty collection is equivalent to itself only.</summary>
    public static bool AreEquivalent(
        ReadOnlySpan<FhirPathValue> left,
        ReadOnlySpan<FhirPathValue> right,
        EvaluationContext context
    )
    {
        if (left.Length != right.Length)
            return false;
        if (left.Length == 1)
            return AreEquivalent(left[0], right[0], context);
        Span<bool> taken = right.Length <= 64 ? stackalloc bool[right.Length] : new bool[right.Length];
        foreach (ref readonly var item in left)
        {
            var match = -1;
            for (var i = 0; i < right.Length && match < 0; i++)
            {
                if (!taken[i] && AreEquivalent(item, right[i], context))
                    match = i;
            }

            if (match < 0)
                return false;
            taken[match] = true;
        }

        return true;
    }

    public static bool AreEquivalent(in FhirPathValue left, in FhirPathValue right, EvaluationContext context)
    {
        context.Step();
        var (a, b) = (context.ToSystem(left), context.ToSystem(right));
        if (a.Kind == FhirPathKind.Element || b.Kind == FhirPathKind.Element)
            return a.Kind == b.Kind && ChildrenEquivalent(a.Element, b.Element, context);
        if (a.Kind == FhirPathKind.String && b.Kind == FhirPathKind.String)
            return TextEquivalent(a.String, b.String, context);
        if (Equality.IsNumber(a) && Equality.IsNumber(b))
        {
            var digits = Math.Min(Equality.Precision(a.Number), Equality.Precision(b.Number));
            return Math.Round(a.Number, digits, MidpointRounding.AwayFromZero)
                == Math.Round(b.Number, digits, MidpointRounding.AwayFromZero);
        }

        if (
            Equality.AsQuantity(a) is { } x
            && Equality.AsQuantity(b) is { } y
            && (a.Kind == FhirPathKind.Quantity || b.Kind == FhirPathKind.Quantity)
        )
            return QuantityUnits.AreEquivalent(x, y, context);
        return Equality.SystemEqual(a, b, context) == true;
    }

    private static bool ChildrenEquivalent(Element left, Element right, EvaluationContext context)
    {
        if (Equality.IsSame(left, right))
            return true;
        if (!ReferenceEquals(left.Type, right.Type))
            return false;
        foreach (var definition in left.Type.Elements)
        {
            if (definition.Name == "id")
                continue;
            var (a, b) = (context.Rent(), context.Rent());
            Collect(left, definition, a, context);
            Collect(right, definition, b, context);
            var areEquivalent = AreEquivalent(a.Span, b.Span, context);
            context.Return(a);
            context.Return(b);
            if (!areEquivalent)
                return false;
        }

        return true;
    }

    private static void Collect(
        Element parent,
        ElementDefinition definition,
        FhirPathCollection children,
        EvaluationContext context
    )
    {
        context.Step();
        foreach (var child in parent.Children(definition))
        {
            context.Step();
            children.Add(child);
        }
    }

    /// <summary>Case does not matter, nor how much white space there is.</summary>
    private static bool TextEquivalent(ReadOnlySpan<char> a, ReadOnlySpan<char> b, EvaluationContext context)
    {
        // One character after the other takes longer than reading does.
        context.Step((a.Length + b.Length) / 16);
        a = a.Trim();
        b = b.Trim();
        var (i, j) = (0, 0);
        while (i < a.Length && j < b.Length)
        {
            var isBlank = char.IsWhiteSpace(a[i]);
            if (isBlank != char.IsWhiteSpace(b[j]))
                return false;
            if (!isBlank && char.ToUpperInvariant(a[i]) != char.ToUpperInvariant(b[j]))
                return false;
            i += isBlank ? BlanksAt(a[i..]) : 1;
            j += isBlank ? BlanksAt(b[j..]) : 1;
        }

        return i == a.Length && j == b.Length;
    }

    private static int BlanksAt(ReadOnlySpan<char> text) => text.Length - text.TrimStart().Length;
}
