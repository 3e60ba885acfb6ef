using CareCoordination.Fhir.FhirPath.Values;
using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Fhir.FhirPath.Evaluation;

/// <summary>Numbers, quantities, dates and strings calculated. http://hl7.org/fhirpath/N1/#math-2</summary>
internal static class Arithmetic
{
    /// <summary>None where the result does not exist or does not fit. Throws where the types have no such operator.</summary>
    public static FhirPathValue Calculate(
        string symbol,
        in FhirPathValue a,
        in FhirPathValue b,
        EvaluationContext context
    )
    {
        try
        {
            if (a.Kind == FhirPathKind.Integer && b.Kind == FhirPathKind.Integer && symbol != "/")
                return Integers(symbol, a.Integer, b.Integer);
            if (Equality.IsNumber(a) && Equality.IsNumber(b))
                return Decimals(symbol, a.Number, b.Number);
            if (
                a.Kind is FhirPathKind.Date or FhirPathKind.DateTime or FhirPathKind.Time
                && b.Kind == FhirPathKind.Quantity
                && symbol is "+" or "-"
            )
                return TemporalArithmetic.Add(
                    a.Temporal,
                    symbol == "+" ? b.Quantity : b.Quantity with { Value = -b.Quantity.Value }
                );
            if (Equality.AsQuantity(a) is { } x && Equality.AsQuantity(b) is { } y)
                return Quantities(symbol, x, y, context);
        }
        catch (OverflowException)
        {
            return default;
        }

        if (a.Kind == FhirPathKind.String && b.Kind == FhirPathKind.String && symbol == "+")
        {
            context.Make((long)a.String.Length + b.String.Length);
            return a.String + b.String;
        }

        throw NotDefined(symbol);
    }

    private static FhirPathValue Integers(string symbol, int a, int b) =>
        symbol switch
        {
            "+" => checked(a + b),
            "-" => checked(a - b),
            "*" => checked(a * b),
            _ when b == 0 => default(FhirPathValue),
            "div" => checked(a / b),
            _ => b == -1 ? 0 : a % b,
        };

    private static FhirPathValue Decimals(string symbol, decimal a, decimal b) =>
        symbol switch
        {
            "+" => a + b,
            "-" => a - b,
            "*" => a * b,
            _ when b == 0 => default(FhirPathValue),
            "/" => a / b,
            "div" => checked((int)decimal.Truncate(a / b)),
            _ => a % b,
        };

    private static FhirPathValue Quantities(
        string symbol,
        FhirPathQuantity a,
        FhirPathQuantity b,
        EvaluationContext context
    )
    {
        context.Make((long)a.Unit.Length + b.Unit.Length);
        switch (symbol)
        {
            case "+" or "-":
                if (QuantityUnits.Convert(b, a, context) is not { } value)
                    return default;
                return a with { Value = symbol == "+" ? a.Value + value : a.Value - value };
            case "*":
                return new FhirPathQuantity(
                    a.Value * b.Value,
                    a.Unit == "1" ? b.Unit
                        : b.Unit == "1" ? a.Unit
                        : $"{a.Unit}.{b.Unit}",
                    IsCalendar: false
                );
            case "/" when b.Value == 0:
                return default;
            case "/":
                return new FhirPathQuantity(a.Value / b.Value, Quotient(a.Unit, b.Unit), IsCalendar: false);
            default:
                throw NotDefined(symbol);
        }
    }

    private static string Quotient(string a, string b) =>
        a == b ? "1"
        : b == "1" ? a
        : b.AsSpan().ContainsAny('.', '/') ? $"{a}/({b})"
        : $"{a}/{b}";

    private static FhirPathException NotDefined(string symbol) => new($"'{symbol}' is not defined for these types.");
}

/// <summary>Dates moved by durations. http://hl7.org/fhirpath/N1/#datetime-arithmetic</summary>
internal static class TemporalArithmetic
{
    public static FhirPathValue Add(FhirPathTemporal time, FhirPathQuantity duration)
    {
        var word =
            duration.IsCalendar ? duration.Unit
            : CalendarDuration.FromUcum(duration.Unit) is { } known && !CalendarDuration.IsVariable(known) ? known
            : CalendarDuration.Singular(duration.Unit);
        if (word is null)
            throw new FhirPathException(
                "Only durations are added to dates and times; years and months as calendar durations: 1 year, not 1 'a'."
            );
        // HL7's tests drop the fraction of a UCUM second as of every coarser unit.
        var amount = word is "second" && duration.IsCalendar ? duration.Value : decimal.Truncate(duration.Value);
        try
        {
            return time with { Local = Move(time, word, amount) };
        }
        catch (ArgumentOutOfRangeException)
        {
            return default;
        }
    }

    private static DateTime Move(FhirPathTemporal time, string word, decimal amount)
    {
        var local = time.Local;
        if (word is "year" or "month" && time.Kind != FhirPathKind.Time)
            return local.AddMonths(checked((int)amount * (word == "year" ? 12 : 1)));
        var ticks = word switch
        {
            "week" => TimeSpan.TicksPerDay * 7,
            "day" => TimeSpan.TicksPerDay,
            "hour" => TimeSpan.TicksPerHour,
            "minute" => TimeSpan.TicksPerMinute,
            "second" => TimeSpan.TicksPerSecond,
            "millisecond" => TimeSpan.TicksPerMillisecond,
            _ => throw new FhirPathException("A time of day is moved by hours, minutes, seconds or milliseconds."),
        };
        var span = TimeSpan.FromTicks(checked((long)(amount * ticks)));
        if (time.Kind == FhirPathKind.Time)
            return new DateTime(
                (local.Ticks + (span.Ticks % TimeSpan.TicksPerDay) + TimeSpan.TicksPerDay) % TimeSpan.TicksPerDay
            );
        return AddTo(local, time.Precision, span);
    }

    /// <summary>A duration finer than the precision counts in whole units of it: 2016 + 365 days is 2017.</summary>
    private static DateTime AddTo(DateTime local, DatePrecision precision, TimeSpan span) =>
        precision switch
        {
            DatePrecision.Year => local.AddYears((int)(span.Days / 365)),
            DatePrecision.Month => local.AddMonths((int)(span.Days / 30)),
            DatePrecision.Day => local.AddDays(Math.Truncate(span.TotalDays)),
            DatePrecision.Hour => local.AddHours(Math.Truncate(span.TotalHours)),
            DatePrecision.Minute => local.AddMinutes(Math.Truncate(span.TotalMinutes)),
            _ => local + span,
        };
}
