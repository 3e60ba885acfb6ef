using System.Globalization;
using CareCoordination.Fhir.FhirPath.Evaluation;
using CareCoordination.Fhir.FhirPath.Values;
using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Fhir.FhirPath.Functions;

/// <summary>http://hl7.org/fhirpath/N1/#conversion</summary>
internal static class ConversionFunctions
{
    private delegate FhirPathValue Conversion(in FhirPathValue value);

    /// <summary>The longest text that is a Boolean: "FALSE".</summary>
    private const int LongestBoolean = 5;

    public static void AddTo(FunctionTable table)
    {
        table.Collection("iif", 2, 3, Iif, ArgumentFocus.Item);
        Add(table, "Boolean", ToBoolean);
        Add(table, "Integer", ToInteger);
        Add(table, "Decimal", ToDecimal);
        Add(table, "String", static (in FhirPathValue value) => value.Text);
        Add(table, "Date", ToDate);
        Add(table, "DateTime", ToDateTime);
        Add(table, "Time", ToTime);
        table.Scalar("toQuantity", 0, 1, static (in FunctionCall call) => InUnit(call, ToQuantity(Input(call))));
        table.Truth(
            "convertsToQuantity",
            0,
            1,
            static (in FunctionCall call) => call.Input.IsEmpty ? null : !InUnit(call, ToQuantity(Input(call))).IsNone
        );
    }

    private static void Add(FunctionTable table, string type, Conversion convert)
    {
        table.Scalar($"to{type}", 0, 0, (in FunctionCall call) => Converted(call, convert));
        table.Truth(
            $"convertsTo{type}",
            0,
            0,
            (in FunctionCall call) => call.Input.IsEmpty ? null : !convert(Input(call)).IsNone
        );
    }

    private static FhirPathValue Converted(in FunctionCall call, Conversion convert)
    {
        var value = convert(Input(call));
        if (value.Kind == FhirPathKind.String)
            call.Context.Make(value.String.Length);
        return value;
    }

    /// <summary>The input, whose text a conversion reads.</summary>
    private static FhirPathValue Input(in FunctionCall call)
    {
        var value = call.Context.ToSystem(call.Singleton);
        if (value.Kind == FhirPathKind.String)
            call.Context.Read(value.String.Length);
        return value;
    }

    private static void Iif(in FunctionCall call, FhirPathCollection output)
    {
        var item = call.Singleton;
        var criterion = call.Context.ToSystem(call.Single(0, item, call.Index));
        if (criterion.Kind is not FhirPathKind.Boolean and not FhirPathKind.None)
            throw call.Fail("takes a Boolean as criterion");
        if (criterion.Kind == FhirPathKind.Boolean && criterion.Boolean)
            call.Project(1, item, call.Index, output);
        else if (call.ArgumentCount > 2)
            call.Project(2, item, call.Index, output);
    }

    private static FhirPathValue ToBoolean(in FhirPathValue value) =>
        value.Kind switch
        {
            FhirPathKind.Boolean => value,
            FhirPathKind.Integer or FhirPathKind.Decimal => value.Number switch
            {
                0 => false,
                1 => true,
                _ => default(FhirPathValue),
            },
            FhirPathKind.String when value.String.Length <= LongestBoolean => value.String.ToUpperInvariant() switch
            {
                "TRUE" or "T" or "YES" or "Y" or "1" or "1.0" => true,
                "FALSE" or "F" or "NO" or "N" or "0" or "0.0" => false,
                _ => default(FhirPathValue),
            },
            _ => default,
        };

    private static FhirPathValue ToInteger(in FhirPathValue value) =>
        value.Kind switch
        {
            FhirPathKind.Integer => value,
            FhirPathKind.Boolean => value.Boolean ? 1 : 0,
            FhirPathKind.String
                when int.TryParse(
                    value.String,
                    NumberStyles.AllowLeadingSign,
                    CultureInfo.InvariantCulture,
                    out var number
                ) => number,
            _ => default(FhirPathValue),
        };

    private static FhirPathValue ToDecimal(in FhirPathValue value) =>
        value.Kind switch
        {
            FhirPathKind.Decimal => value,
            FhirPathKind.Integer => value.Number,
            FhirPathKind.Boolean => value.Boolean ? 1.0m : 0.0m,
            FhirPathKind.String
                when decimal.TryParse(
                    value.String,
                    NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
                    CultureInfo.InvariantCulture,
                    out var number
                ) => number,
            _ => default(FhirPathValue),
        };

    private static FhirPathValue ToDate(in FhirPathValue value) =>
        value.Kind switch
        {
            FhirPathKind.Date => value,
            FhirPathKind.DateTime => value.Temporal with
            {
                Kind = FhirPathKind.Date,
                Local = value.Temporal.Local.Date,
                Precision = value.Temporal.Precision < DatePrecision.Day ? value.Temporal.Precision : DatePrecision.Day,
                Offset = null,
                FractionDigits = 0,
            },
            FhirPathKind.String => FhirPathTemporal.ParseDate(value.String),
            _ => default,
        };

    private static FhirPathValue ToDateTime(in FhirPathValue value) =>
        value.Kind switch
        {
            FhirPathKind.DateTime => value,
            FhirPathKind.Date => value.Temporal with { Kind = FhirPathKind.DateTime },
            FhirPathKind.String => FhirPathTemporal.ParseDateTime(value.String),
            _ => default,
        };

    private static FhirPathValue ToTime(in FhirPathValue value) =>
        value.Kind switch
        {
            FhirPathKind.Time => value,
            FhirPathKind.String => FhirPathTemporal.ParseTime(value.String),
            _ => default,
        };

    private static FhirPathQuantity? ToQuantity(in FhirPathValue value) =>
        value.Kind switch
        {
            FhirPathKind.Quantity => value.Quantity,
            FhirPathKind.Integer or FhirPathKind.Decimal => FhirPathQuantity.Of(value.Number),
            FhirPathKind.Boolean => FhirPathQuantity.Of(value.Boolean ? 1.0m : 0.0m),
            FhirPathKind.String => ParseQuantity(value.String),
            _ => null,
        };

    // (?'value'(\+|-)?\d+(\.\d+)?)\s*('(?'unit'[^']+)'|(?'time'[a-zA-Z]+))?
    private static FhirPathQuantity? ParseQuantity(string text)
    {
        var length = 0;
        while (
            length < text.Length
            && (char.IsAsciiDigit(text[length]) || text[length] is '.' || (length == 0 && text[length] is '+' or '-'))
        )
            length++;
        if (
            !decimal.TryParse(
                text.AsSpan(0, length),
                NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out var number
            )
        )
            return null;
        var unit = text[length..].Trim();
        if (unit.Length == 0)
            return FhirPathQuantity.Of(number);
        if (unit is ['\'', _, .., '\''])
            return new FhirPathQuantity(number, unit[1..^1], IsCalendar: false);
        return CalendarDuration.Singular(unit) is { } duration
            ? new FhirPathQuantity(number, duration, IsCalendar: true)
            : null;
    }

    /// <summary><c>toQuantity(unit)</c>: the quantity in that unit, or none where it does not convert.</summary>
    private static FhirPathValue InUnit(in FunctionCall call, FhirPathQuantity? quantity)
    {
        if (quantity is null || call.ArgumentCount == 0 || call.Text(0) is not { } unit)
            return quantity;
        var target = CalendarDuration.Singular(unit) is { } word
            ? new FhirPathQuantity(1, word, IsCalendar: true)
            : new FhirPathQuantity(1, unit, IsCalendar: false);
        return QuantityUnits.Convert(quantity, target, call.Context) is { } value
            ? target with
            {
                Value = value,
            }
            : default(FhirPathValue);
    }
}
