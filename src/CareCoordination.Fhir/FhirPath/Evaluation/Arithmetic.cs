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
                return QuantityUnits.ToFinerUnit(a, b, context) is var (x, y)
                    ? x with
                    {
                        Value = symbol == "+" ? x.Value + y.Value : x.Value - y.Value,
                    }
                    : default(FhirPathValue);
            case "*" or "/" when !a.IsNumber && !b.IsNumber && (a.OtherSystem ?? b.OtherSystem) is not null:
                // Units are put together by the rules of UCUM.
                return default;
            case "*":
                return Product(a, b);
            case "/" when b.Value == 0:
                return default;
            case "/":
                return Quotient(a, b);
            default:
                throw NotDefined(symbol);
        }
    }

    /// <summary>Twice a year is two years; what is of two units has a UCUM unit.</summary>
    private static FhirPathQuantity Product(FhirPathQuantity a, FhirPathQuantity b)
    {
        var value = a.Value * b.Value;
        if (b.IsNumber)
            return a with { Value = value };
        return a.IsNumber
            ? b with
            {
                Value = value,
            }
            : new FhirPathQuantity(value, $"{a.UcumCode}.{b.UcumCode}", IsCalendar: false);
    }

    private static FhirPathQuantity Quotient(FhirPathQuantity a, FhirPathQuantity b)
    {
        var value = a.Value / b.Value;
        if (b.IsNumber)
            return a with { Value = value };
        var (over, under) = (a.UcumCode, b.UcumCode);
        return new FhirPathQuantity(
            value,
            over == under ? "1"
                : under.AsSpan().ContainsAny('.', '/') ? $"{over}/({under})"
                : $"{over}/{under}",
            IsCalendar: false
        );
    }

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
            var moved = Move(time, word, amount);
            return time with { Local = moved, FractionDigits = Math.Max(time.FractionDigits, FractionOf(moved)) };
        }
        catch (ArgumentOutOfRangeException)
        {
            return default;
        }
    }

    /// <summary>Digits that a second with this fraction is written with.</summary>
    private static int FractionOf(DateTime time) =>
        time.Ticks % TimeSpan.TicksPerSecond == 0 ? 0
        : time.Ticks % TimeSpan.TicksPerMillisecond == 0 ? 3
        : 7;

    private static DateTime Move(FhirPathTemporal time, string word, decimal amount)
    {
        var local = time.Local;
        if (time.Kind == FhirPathKind.Time && word is ("year" or "month" or "week" or "day"))
            throw new FhirPathException("A time of day is moved by hours, minutes, seconds or milliseconds.");
        if (word is "year" or "month")
            return local.AddMonths(checked((int)amount * (word == "year" ? 12 : 1)));
        var ticks = word switch
        {
            "week" => TimeSpan.TicksPerDay * 7,
            "day" => TimeSpan.TicksPerDay,
            "hour" => TimeSpan.TicksPerHour,
            "minute" => TimeSpan.TicksPerMinute,
            "second" => TimeSpan.TicksPerSecond,
            _ => TimeSpan.TicksPerMillisecond,
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
