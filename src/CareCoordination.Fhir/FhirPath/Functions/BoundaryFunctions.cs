using CareCoordination.Fhir.FhirPath.Evaluation;
using CareCoordination.Fhir.FhirPath.Values;
using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Fhir.FhirPath.Functions;

/// <summary>
/// The least and greatest value that one of limited precision can stand for.
/// http://hl7.org/fhirpath/#lowboundaryprecision-integer-decimal--date--datetime--time
/// </summary>
internal static class BoundaryFunctions
{
    private const int MaxDecimalDigits = 28;

    public static void AddTo(FunctionTable table)
    {
        table.Scalar("lowBoundary", 0, 1, static (in FunctionCall call) => Boundary(call, isHigh: false));
        table.Scalar("highBoundary", 0, 1, static (in FunctionCall call) => Boundary(call, isHigh: true));
        table.Scalar("precision", 0, 0, Precision);
        table.Truth("comparable", 1, 1, Comparable);
    }

    private static FhirPathValue Boundary(in FunctionCall call, bool isHigh)
    {
        var value = call.Context.ToSystem(call.Singleton);
        var digits = call.Number(0);
        return value.Kind switch
        {
            FhirPathKind.None => default,
            FhirPathKind.Integer or FhirPathKind.Decimal => Boundary(value.Number, digits ?? 8, isHigh) is { } number
                ? number
                : default(FhirPathValue),
            FhirPathKind.Quantity => Boundary(value.Quantity.Value, digits ?? 8, isHigh) is { } number
                ? value.Quantity with
                {
                    Value = number,
                }
                : default(FhirPathValue),
            FhirPathKind.Date => Boundary(value.Temporal, digits ?? 8, isHigh),
            FhirPathKind.DateTime => Boundary(value.Temporal, digits ?? 17, isHigh),
            FhirPathKind.Time => Boundary(value.Temporal, digits ?? 9, isHigh),
            _ => throw call.Fail("takes a number, a quantity, a date or a time"),
        };
    }

    private static decimal? Boundary(decimal value, int digits, bool isHigh)
    {
        if (digits is < 0 or > MaxDecimalDigits)
            return null;
        var half = new decimal(5, 0, 0, isNegative: false, (byte)Math.Min(Equality.Scale(value) + 1, MaxDecimalDigits));
        // Beyond the largest decimal there is no bound.
        if (Math.Abs(value) > decimal.MaxValue - half)
            return null;
        var bound = isHigh ? value + half : value - half;
        var rounded = Math.Round(
            bound,
            digits,
            isHigh ? MidpointRounding.ToPositiveInfinity : MidpointRounding.ToNegativeInfinity
        );
        return rounded + new decimal(0, 0, 0, isNegative: false, (byte)digits); // shows the digits asked for
    }

    private static FhirPathValue Boundary(FhirPathTemporal value, int digits, bool isHigh)
    {
        if (PrecisionOf(value.Kind, digits) is not { } precision)
            return default;
        var local = value.Local;
        if (isHigh)
        {
            local = value.Precision switch
            {
                DatePrecision.Year => new DateTime(local.Year, 12, 31, 0, 0, 0, local.Kind)
                    + LastTick(TimeSpan.TicksPerDay),
                DatePrecision.Month => new DateTime(
                    local.Year,
                    local.Month,
                    DateTime.DaysInMonth(local.Year, local.Month),
                    0,
                    0,
                    0,
                    local.Kind
                ) + LastTick(TimeSpan.TicksPerDay),
                DatePrecision.Day => local + LastTick(TimeSpan.TicksPerDay),
                DatePrecision.Hour => local + LastTick(TimeSpan.TicksPerHour),
                DatePrecision.Minute => local + LastTick(TimeSpan.TicksPerMinute),
                _ when value.FractionDigits < 3 => local
                    + LastTick(TimeSpan.TicksPerSecond / (long)Math.Pow(10, value.FractionDigits)),
                _ => local,
            };
        }

        // An unknown zone may be the first or the last to see this hour.
        var offset =
            value.Kind == FhirPathKind.DateTime && precision >= DatePrecision.Hour
                ? value.Offset ?? TimeSpan.FromHours(isHigh ? -12 : 14)
                : (TimeSpan?)null;
        return new FhirPathTemporal(value.Kind, local, precision, offset, precision == DatePrecision.Second ? 3 : 0);
    }

    private static TimeSpan LastTick(long ticks) => TimeSpan.FromTicks(ticks - 1);

    /// <summary>Digits of a date or time written without separators: 6 is a month, 17 are milliseconds.</summary>
    private static DatePrecision? PrecisionOf(FhirPathKind kind, int digits) =>
        (kind == FhirPathKind.Time ? digits + 8 : digits) switch
        {
            4 => DatePrecision.Year,
            6 => DatePrecision.Month,
            8 when kind != FhirPathKind.Time => DatePrecision.Day,
            10 when kind != FhirPathKind.Date => DatePrecision.Hour,
            12 when kind != FhirPathKind.Date => DatePrecision.Minute,
            14 or 17 when kind != FhirPathKind.Date => DatePrecision.Second,
            _ => null,
        };

    private static FhirPathValue Precision(in FunctionCall call)
    {
        var value = call.Context.ToSystem(call.Singleton);
        return value.Kind switch
        {
            FhirPathKind.None => default(FhirPathValue),
            FhirPathKind.Integer or FhirPathKind.Decimal => Equality.Scale(value.Number),
            FhirPathKind.Date or FhirPathKind.DateTime or FhirPathKind.Time => Digits(value.Temporal),
            _ => throw call.Fail("takes a number, a date or a time"),
        };
    }

    private static int Digits(FhirPathTemporal value)
    {
        var digits = value.Precision == DatePrecision.Year ? 4 : 4 + (2 * (int)value.Precision) + value.FractionDigits;
        return value.Kind == FhirPathKind.Time ? digits - 8 : digits;
    }

    private static bool? Comparable(in FunctionCall call)
    {
        var (value, other) = (call.Context.ToSystem(call.Singleton), call.Value(0));
        if (value.IsNone || other.IsNone)
            return null;
        return value.Kind == FhirPathKind.Quantity && other.Kind == FhirPathKind.Quantity
            ? QuantityUnits.AreComparable(value.Quantity, other.Quantity, call.Context)
            : throw call.Fail("takes quantities");
    }
}
