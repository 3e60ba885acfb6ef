using CareCoordination.Fhir.FhirPath.Values;

namespace CareCoordination.Fhir.FhirPath.Evaluation;

/// <summary>Quantities of different units, as far as the units convert. http://hl7.org/fhirpath/N1/#quantity</summary>
internal static class QuantityUnits
{
    /// <summary>Null where the units do not convert, or only for a given date: a month has no fixed number of days.</summary>
    public static int? Compare(FhirPathQuantity left, FhirPathQuantity right, EvaluationContext context) =>
        IsOpen(left, right) ? null
        : Convert(right, left, context) is { } value ? left.Value.CompareTo(value)
        : null;

    /// <summary>Equal when rounded to the coarser of the two.</summary>
    public static bool AreEquivalent(FhirPathQuantity left, FhirPathQuantity right, EvaluationContext context)
    {
        if (
            Convert(right, left, context) is not { } value
            || Convert(right with { Value = Step(right.Value) }, left, context) is not { } step
        )
            return false;
        step = Math.Max(step, Step(left.Value));
        return Math.Round(left.Value / step, MidpointRounding.AwayFromZero)
            == Math.Round(value / step, MidpointRounding.AwayFromZero);
    }

    public static bool AreComparable(FhirPathQuantity left, FhirPathQuantity right, EvaluationContext context) =>
        Convert(right, left, context) is not null;

    /// <summary>Both in the unit of the one whose unit is smaller; null where they do not convert.</summary>
    public static (FhirPathQuantity A, FhirPathQuantity B)? ToFinerUnit(
        FhirPathQuantity a,
        FhirPathQuantity b,
        EvaluationContext context
    )
    {
        if (Convert(b with { Value = 1 }, a, context) is not { } size)
            return null;
        if (size < 1)
            return Convert(a, b, context) is { } finer ? (b with { Value = finer }, b) : null;
        return Convert(b, a, context) is { } value ? (a, a with { Value = value }) : null;
    }

    /// <summary>The value in the unit of <paramref name="target"/>; null where it does not convert.</summary>
    public static decimal? Convert(FhirPathQuantity quantity, FhirPathQuantity target, EvaluationContext context)
    {
        if (quantity.OtherSystem is not null || target.OtherSystem is not null)
            return (quantity.Unit, quantity.OtherSystem) == (target.Unit, target.OtherSystem) ? quantity.Value : null;
        if (quantity.IsCalendar && target.IsCalendar)
            return CalendarDuration.Convert(quantity.Value, quantity.Unit, target.Unit);
        var (from, to) = (quantity.UcumCode, target.UcumCode);
        if (from == to)
            return quantity.Value;
        // To read a unit takes about a step for each of its characters.
        context.Step(from.Length + to.Length);
        return Ucum.Find(from) is { } a && Ucum.Find(to) is { } b ? a.Convert(quantity.Value, b) : null;
    }

    /// <summary>A calendar year or month against a UCUM unit, which has a fixed length.</summary>
    private static bool IsOpen(FhirPathQuantity left, FhirPathQuantity right) =>
        left.IsCalendar != right.IsCalendar && (IsVariable(left) || IsVariable(right));

    private static bool IsVariable(FhirPathQuantity quantity) =>
        quantity.IsCalendar && CalendarDuration.IsVariable(quantity.Unit);

    private static decimal Step(decimal value) => new(1, 0, 0, isNegative: false, (byte)Equality.Precision(value));
}
