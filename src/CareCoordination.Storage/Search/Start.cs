using CareCoordination.Fhir.Search;
using CareCoordination.Storage.Search.Matching;

namespace CareCoordination.Storage.Search;

/// <summary>Where a search starts.</summary>
/// <param name="Criterion">Null: from what may be seen.</param>
internal sealed record Start(Criterion? Criterion, IndexMatch Match)
{
    public bool IsUnique => Match.IsUnique;

    /// <summary>That of a search; null: the resources of the type are walked.</summary>
    public static Start? Of(SearchQuery query, SequenceRange within, CriterionSql criteria)
    {
        if (query.Criteria.Any(c => c is IdCriterion))
            return null;
        Start? best = null;
        foreach (var criterion in query.Criteria)
        {
            if (
                criteria.Match(criterion, query.Visibility) is { } match
                && (best is null || Rank(criterion, match).CompareTo(Rank(best.Criterion, best.Match)) < 0)
            )
                best = new Start(criterion, match);
        }

        if (
            criteria.Access.Start(query.ResourceType, query.Visibility) is { } seen
            && (
                best is null
                || seen.Selectivity < best.Match.Selectivity
                || (seen.Selectivity == best.Match.Selectivity && best.Criterion is HasCriterion)
            )
        )
            best = new Start(null, seen);
        return within.IsShort && best is { Match.Selectivity: >= Selectivity.Some } ? null : best;
    }

    /// <summary>
    /// The smallest is started from. Where two are expected to be as small, what refers to a resource is the dearer one to find where it is
    /// little, and the dearer one to look for in each resource where it is much.
    /// </summary>
    private static (Selectivity, int) Rank(Criterion? criterion, IndexMatch match) =>
        (match.Selectivity, (criterion is HasCriterion) == (match.Selectivity == Selectivity.Many) ? 0 : 1);
}
