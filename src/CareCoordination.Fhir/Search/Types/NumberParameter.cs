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
        if (!TryParse(text, out var value, out var half))
            return Failure.Invalid(
                IssueCode.Value,
                $"'{name}' is not a number; use digits such as 5.4, -3 or 1e2, after eq, ne, gt, lt, ge, le, sa, eb or ap."
            );
        if (prefix == SearchPrefix.Ap)
            half = Math.Max(half, Math.Abs(value) / 10);
        return new NumberValue(prefix, (double)value, (double)(value - half), (double)(value + half), text);
    }

    /// <summary>A FHIR decimal and half the unit of its last digit. Numbers beyond 28 digits are refused.</summary>
    private static bool TryParse(string text, out decimal value, out decimal half)
    {
        half = 0;
        if (
            !decimal.TryParse(
                text,
                NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
                CultureInfo.InvariantCulture,
                out value
            )
        )
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
