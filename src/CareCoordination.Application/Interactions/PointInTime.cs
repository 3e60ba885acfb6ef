using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search;
using CareCoordination.Fhir.Search.Types;

namespace CareCoordination.Application.Interactions;

/// <summary>
/// The times of a history. <c>_since</c> is an instant, of a partial date its first; <c>_at</c> is a time as searches have it, with a prefix
/// or without. https://hl7.org/fhir/R4/http.html#history
/// </summary>
internal static class PointInTime
{
    public static Result<DateTimeOffset> Since(string value) =>
        FhirDateTime.TryParse(DateParameter.WithPlus(value), out var time)
            ? time.Instant
            : Failure.Invalid(IssueCode.Value, "_since is no instant: write 2026-03-01T10:00:00Z.");

    /// <summary>The period in which a version has to have been current at some point.</summary>
    public static Result<DateRange> At(string value, DateTimeOffset now)
    {
        if (!DateParameter.ParseValue("_at", value, now).TryGet(out var date, out var failure))
            return failure;
        var (start, end) = (date.Range.Start, date.Range.End);
        return date.Prefix switch
        {
            SearchPrefix.Eq or SearchPrefix.Ap => date.Range,
            SearchPrefix.Ge => new DateRange(start, DateRange.MaxTicks),
            SearchPrefix.Gt or SearchPrefix.Sa => new DateRange(end, DateRange.MaxTicks),
            SearchPrefix.Le => new DateRange(DateRange.MinTicks, end),
            SearchPrefix.Lt or SearchPrefix.Eb => new DateRange(DateRange.MinTicks, start),
            _ => Failure.Invalid(
                IssueCode.NotSupported,
                "_at takes no 'ne': every version was current at some other time. Use eq, ge, gt, le, lt, sa, eb, ap or none."
            ),
        };
    }
}
