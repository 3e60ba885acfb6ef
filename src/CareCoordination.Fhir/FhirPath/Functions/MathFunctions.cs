using CareCoordination.Fhir.FhirPath.Evaluation;
using CareCoordination.Fhir.FhirPath.Values;

namespace CareCoordination.Fhir.FhirPath.Functions;

/// <summary>http://hl7.org/fhirpath/N1/#math</summary>
internal static class MathFunctions
{
    public static void AddTo(FunctionTable table)
    {
        table.Scalar("abs", 0, 0, Abs);
        table.Scalar("ceiling", 0, 0, static (in FunctionCall call) => Whole(call, decimal.Ceiling));
        table.Scalar("floor", 0, 0, static (in FunctionCall call) => Whole(call, decimal.Floor));
        table.Scalar("truncate", 0, 0, static (in FunctionCall call) => Whole(call, decimal.Truncate));
        table.Scalar("round", 0, 1, Round);
        table.Scalar("exp", 0, 0, static (in FunctionCall call) => Real(call, Math.Exp));
        table.Scalar("ln", 0, 0, static (in FunctionCall call) => Real(call, static x => Math.Log(x)));
        table.Scalar("sqrt", 0, 0, static (in FunctionCall call) => Real(call, Math.Sqrt));
        table.Scalar(
            "log",
            1,
            1,
            static (in FunctionCall call) => Real(call, static (x, b) => Math.Log(x) / Math.Log(b))
        );
        table.Scalar("power", 1, 1, Power);
    }

    private static FhirPathValue Abs(in FunctionCall call)
    {
        var value = call.Context.ToSystem(call.Singleton);
        return value.Kind switch
        {
            FhirPathKind.Quantity => value.Quantity with { Value = Math.Abs(value.Quantity.Value) },
            FhirPathKind.Integer when value.Integer == int.MinValue => default(FhirPathValue),
            FhirPathKind.Integer => Math.Abs(value.Integer),
            _ => Number(call) is { } number ? Math.Abs(number) : default(FhirPathValue),
        };
    }

    private static FhirPathValue Whole(in FunctionCall call, Func<decimal, decimal> round)
    {
        if (Number(call) is not { } number)
            return default;
        var whole = round(number);
        return whole is >= int.MinValue and <= int.MaxValue ? (int)whole : default(FhirPathValue);
    }

    private static FhirPathValue Round(in FunctionCall call)
    {
        var digits = call.Number(0) ?? 0;
        if (digits < 0)
            throw call.Fail("takes a precision of 0 or more");
        return Number(call) is { } number
            ? Math.Round(number, Math.Min(digits, 28), MidpointRounding.AwayFromZero)
            : default(FhirPathValue);
    }

    private static FhirPathValue Power(in FunctionCall call)
    {
        var (value, exponent) = (call.Context.ToSystem(call.Singleton), call.Value(0));
        if (value.Kind == FhirPathKind.Integer && exponent is { Kind: FhirPathKind.Integer, Integer: >= 0 })
        {
            var power = Math.Pow(value.Integer, exponent.Integer);
            return Math.Abs(power) <= int.MaxValue ? (int)power : default(FhirPathValue);
        }

        return Real(call, Math.Pow);
    }

    private static FhirPathValue Real(in FunctionCall call, Func<double, double> function) =>
        Number(call) is { } number ? ToDecimal(function((double)number)) : default;

    private static FhirPathValue Real(in FunctionCall call, Func<double, double, double> function)
    {
        var argument = call.Value(0);
        if (argument.IsNone || Number(call) is not { } number)
            return default;
        return Equality.IsNumber(argument)
            ? ToDecimal(function((double)number, (double)argument.Number))
            : throw call.Fail("takes a number");
    }

    /// <summary>None where the result is no number, or larger than a Decimal can be.</summary>
    private static FhirPathValue ToDecimal(double number) =>
        double.IsFinite(number) && Math.Abs(number) < (double)decimal.MaxValue
            ? (decimal)number
            : default(FhirPathValue);

    private static decimal? Number(in FunctionCall call)
    {
        var value = call.Context.ToSystem(call.Singleton);
        return value.IsNone ? null
            : Equality.IsNumber(value) ? value.Number
            : throw call.Fail("takes a number as input");
    }
}
