using System.Globalization;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Fhir.Search.Types;

/// <summary>
/// Number search parameters. The digits of a query say how exact it is: <c>100</c> equals anything in [99.5, 100.5). Order
/// prefixes take the number itself: <c>gt100</c> finds 100.1.
/// <list type="table">
/// <item><term>eq</term><description>the resource lies in [Low, High) of the query</description></item>
/// <item><term>ne</term><description>it does not</description></item>
/// <item><term>gt, lt, ge, le</term><description>the upper (gt, ge) or lower (lt, le) bound of the resource compared with Value</description></item>
/// <item><term>sa, eb</term><description>the whole resource lies above, or below, Value</description></item>
/// <item><term>ap</term><description>both overlap, Low and High a tenth below and above Value</description></item>
/// </list>
/// https://hl7.org/fhir/R4/search.html#number, https://hl7.org/fhir/R4/search.html#prefix
/// </summary>
public static partial class NumberParameter
{
    private const NumberStyles Written =
        NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>Beyond those of a double, which end at 308 and -324.</summary>
    private const int MostExponent = 400;

    /// <summary>That every double keeps, whatever they are. https://learn.microsoft.com/dotnet/csharp/language-reference/builtin-types/floating-point-numeric-types</summary>
    private const int MostDigits = 15;

    internal static Result<Criterion> Parse(SearchParameter parameter, string? modifier, string text) =>
        modifier is null
            ? Values
                .Parse(parameter.Code, text, piece => ParseValue(parameter.Code, QueryText.Unescape(piece)))
                .Then<Criterion>(values => new NumberCriterion(parameter, values))
            : Unsupported.Modifier(parameter, modifier, "missing");

    internal static Result<NumberValue> ParseValue(string name, string piece)
    {
        if (!Prefix.TryTake(piece, out var prefix, out var text))
            return Prefix.Unknown(name);
        if (!TryParse(text, out var number, out var low, out var high))
            return Failure.Invalid(
                IssueCode.Value,
                $"'{name}' is not a number; use digits such as 5.4, -3 or 1e2, after eq, ne, gt, lt, ge, le, sa, eb or ap."
            );
        if (prefix == SearchPrefix.Ap)
            (low, high) = (
                Math.Min(low, number - (Math.Abs(number) / 10)),
                Math.Max(high, number + (Math.Abs(number) / 10))
            );
        return new NumberValue(prefix, number, low, high, text);
    }

    /// <summary>Why more than the number may be found: what is stored is compared as a double, which has so many digits.</summary>
    internal static string? Doubt(SearchParameter parameter, IEnumerable<NumberValue> values) =>
        values.Any(value => DigitsOf(value.Text) > MostDigits)
            ? $"Numbers are compared by {MostDigits} digits, so that '{parameter.Code}' may also find neighbours that differ only behind them."
            : null;

    /// <summary>The significant ones, without zeros before and behind.</summary>
    private static int DigitsOf(string text)
    {
        var exponent = text.AsSpan().IndexOfAny('e', 'E');
        var digits = string.Concat((exponent < 0 ? text : text[..exponent]).Where(char.IsAsciiDigit));
        return digits.Trim('0').Length;
    }

    /// <summary>
    /// A FHIR decimal and what its digits mean: half the unit of the last one below and above. What is stored has the precision of a
    /// double, so that a number of more digits than that still means itself.
    /// </summary>
    private static bool TryParse(string text, out double number, out double low, out double high)
    {
        (low, high) = (0, 0);
        if (!double.TryParse(text, Written, CultureInfo.InvariantCulture, out number) || !double.IsFinite(number))
            return false;
        if (TryParse(text, out var value, out var half))
            (low, high) = (ToDouble(value - half), ToDouble(value + half));
        else if (TryReadHalf(text, out var part))
            (low, high) = (number - part, number + part);
        else
            return false;
        low = Math.Max(double.MinValue, Math.Min(low, number));
        high = Math.Min(double.MaxValue, Math.Max(high, Math.BitIncrement(number)));
        return true;
    }

    /// <summary>By way of its text, as what is stored is read: a cast may end beside it.</summary>
    private static double ToDouble(decimal value) =>
        double.Parse(value.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>Half the unit of the last digit where no decimal holds the number; false for exponents that nothing has.</summary>
    private static bool TryReadHalf(string text, out double half)
    {
        half = 0;
        var exponentAt = text.AsSpan().IndexOfAny('e', 'E');
        var mantissa = exponentAt < 0 ? text : text[..exponentAt];
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var exponent = 0;
        if (
            exponentAt >= 0
            && !int.TryParse(
                text.AsSpan(exponentAt + 1),
                NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture,
                out exponent
            )
        )
            return false;
        half = 0.5 * Math.Pow(10, exponent - (point < 0 ? 0L : mantissa.Length - point - 1));
        return exponent is >= -MostExponent and <= MostExponent;
    }

    private static bool TryParse(string text, out decimal value, out decimal half)
    {
        half = 0;
        if (!decimal.TryParse(text, Written, CultureInfo.InvariantCulture, out value))
            return false;
        var exponentAt = text.AsSpan().IndexOfAny('e', 'E');
        var mantissa = exponentAt < 0 ? text : text[..exponentAt];
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var scale = point < 0 ? 0 : mantissa.Length - point - 1;
        var exponent = 0;
        if (
            exponentAt >= 0
            && !int.TryParse(
                text.AsSpan(exponentAt + 1),
                NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture,
                out exponent
            )
        )
            return false;
        // As long: the exponent of the smallest int has no opposite.
        if (scale - (long)exponent is > 26 or < -26)
            return false;
        scale -= exponent;
        half = 0.5m;
        for (; scale > 0; scale--)
            half /= 10;
        for (; scale < 0; scale++)
            half *= 10;
        return Math.Abs(value) < decimal.MaxValue / 4;
    }
}
