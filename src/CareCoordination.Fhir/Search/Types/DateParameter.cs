using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Fhir.Search.Types;

/// <summary>
/// Date search parameters. Both sides are ranges: a day covers its 24 hours. Text without a time zone is read as UTC.
/// <list type="table">
/// <item><term>eq</term><description>the range of the query contains that of the resource</description></item>
/// <item><term>ne</term><description>it does not</description></item>
/// <item><term>gt, lt</term><description>the resource reaches beyond the end, or begins before the start, of the query's range</description></item>
/// <item><term>ge, le</term><description>gt or eq, lt or eq</description></item>
/// <item><term>sa, eb</term><description>the resource starts at or after the end, or ends at or before the start</description></item>
/// <item><term>ap</term><description>both overlap, the query's range widened by a tenth of its distance from now</description></item>
/// </list>
/// https://hl7.org/fhir/R4/search.html#date, https://hl7.org/fhir/R4/search.html#prefix
/// </summary>
public static partial class DateParameter
{
    internal static Result<Criterion> Parse(
        SearchParameter parameter,
        string? modifier,
        string text,
        ValueContext context
    ) =>
        modifier is null
            ? Values
                .Parse(parameter.Code, text, piece => ParseValue(parameter.Code, piece, context))
                .Then<Criterion>(values => new DateCriterion(parameter, values))
            : Unsupported.Modifier(parameter, modifier, "missing");

    /// <summary>A plus sign that was not percent-encoded arrives as a blank, which no date has.</summary>
    public static string WithPlus(string text) => text.Replace(' ', '+');

    internal static Result<DateValue> ParseValue(string name, string piece, ValueContext context) =>
        ParseValue(name, piece, context.Options.Now);

    /// <param name="now">What <c>ap</c> is relative to.</param>
    public static Result<DateValue> ParseValue(string name, string piece, DateTimeOffset now)
    {
        if (!Prefix.TryTake(QueryText.Unescape(piece), out var prefix, out var text))
            return Prefix.Unknown(name);
        text = WithPlus(text);
        if (!FhirDateTime.TryParse(text, out var date))
            return Failure.Invalid(
                IssueCode.Value,
                $"'{name}' is not a date; use YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm[:ss] with Z or an offset, after eq, ne, gt, lt, ge, le, sa, eb or ap."
            );
        var range = date.ToRange();
        return new DateValue(prefix, prefix == SearchPrefix.Ap ? Widen(range, now) : range, text);
    }

    private static DateRange Widen(DateRange range, DateTimeOffset now)
    {
        var gap = Math.Max(Math.Abs(now.UtcTicks - range.Start), Math.Abs(now.UtcTicks - range.End)) / 10;
        return new DateRange(
            Math.Max(DateRange.MinTicks, range.Start - gap),
            Math.Min(DateRange.MaxTicks, range.End + gap)
        );
    }
}
