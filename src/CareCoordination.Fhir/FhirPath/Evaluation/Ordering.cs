using CareCoordination.Fhir.FhirPath.Values;
using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Fhir.FhirPath.Evaluation;

/// <summary><c>&lt;</c>, <c>&lt;=</c>, <c>&gt;</c>, <c>&gt;=</c>. http://hl7.org/fhirpath/N1/#comparison</summary>
internal static class Ordering
{
    /// <summary>
    /// Null where the order cannot be told. Throws where the types have no order: a String and a number.
    /// </summary>
    public static int? Compare(in FhirPathValue left, in FhirPathValue right, EvaluationContext context)
    {
        context.Step();
        var (a, b) = (context.ToSystem(left), context.ToSystem(right));
        if (a.IsNone || b.IsNone)
            return null;
        if (Equality.IsNumber(a) && Equality.IsNumber(b))
            return a.Number.CompareTo(b.Number);
        if (a.Kind == FhirPathKind.String && b.Kind == FhirPathKind.String)
        {
            context.Read(Math.Min(a.String.Length, b.String.Length));
            return string.CompareOrdinal(a.String, b.String);
        }

        if (TemporalOrder.AreComparable(a, b))
            return TemporalOrder.Compare(a.Temporal, b.Temporal);
        if (Equality.AsQuantity(a) is { } x && Equality.AsQuantity(b) is { } y)
            return QuantityUnits.Compare(x, y, context);
        throw new FhirPathException($"{Name(a)} and {Name(b)} have no order.");
    }

    private static string Name(in FhirPathValue value) => value.Type?.Name ?? $"System.{value.Kind}";
}

/// <summary>The order of dates and times of any precision. http://hl7.org/fhirpath/N1/#comparison</summary>
internal static class TemporalOrder
{
    private static readonly TimeSpan MaxOffset = TimeSpan.FromHours(14);

    public static bool AreComparable(in FhirPathValue a, in FhirPathValue b) =>
        (a.Kind == FhirPathKind.Time && b.Kind == FhirPathKind.Time)
        || (
            a.Kind is FhirPathKind.Date or FhirPathKind.DateTime && b.Kind is FhirPathKind.Date or FhirPathKind.DateTime
        );

    /// <summary>Null where one is less precise and lies around the other, or an unknown zone leaves it open.</summary>
    public static int? Compare(FhirPathTemporal a, FhirPathTemporal b)
    {
        var (x, y) = (a.Local, b.Local);
        if (a.Precision >= DatePrecision.Hour && b.Precision >= DatePrecision.Hour)
        {
            if (a.Offset is not null && b.Offset is not null)
                (x, y) = (a.Utc, b.Utc);
            else if (a.Offset is not null || b.Offset is not null)
                return (a.Utc - b.Utc).Duration() > MaxOffset ? a.Utc.CompareTo(b.Utc) : null;
        }

        var precision = a.Precision < b.Precision ? a.Precision : b.Precision;
        var order = Truncate(x, precision).CompareTo(Truncate(y, precision));
        return order != 0 || a.Precision == b.Precision ? order : null;
    }

    /// <summary>One for all times that are equal.</summary>
    public static int HashCode(FhirPathTemporal time)
    {
        var isInZone = time.Precision >= DatePrecision.Hour && time.Offset is not null;
        return System.HashCode.Combine(time.Precision, Truncate(isInZone ? time.Utc : time.Local, time.Precision));
    }

    private static DateTime Truncate(DateTime time, DatePrecision precision) =>
        precision switch
        {
            DatePrecision.Year => new(time.Year, 1, 1, 0, 0, 0, DateTimeKind.Unspecified),
            DatePrecision.Month => new(time.Year, time.Month, 1, 0, 0, 0, DateTimeKind.Unspecified),
            DatePrecision.Day => time.Date,
            DatePrecision.Hour => new(time.Ticks - (time.Ticks % TimeSpan.TicksPerHour)),
            DatePrecision.Minute => new(time.Ticks - (time.Ticks % TimeSpan.TicksPerMinute)),
            _ => time,
        };
}
