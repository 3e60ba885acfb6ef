using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Search.Types;

namespace CareCoordination.Fhir.Search.Parsing;

/// <summary>
/// Counts what a query asks for while it is read, and refuses it where that is more than <see cref="SearchLimits"/> allow: before a
/// long list is taken apart, and before much was read in vain.
/// </summary>
internal sealed class QueryCost(SearchLimits limits)
{
    // _count, _total, _summary and _elements; _sort has a limit of its own.
    private const int MostOfTheResult = 4;

    private int _parameters;
    private int _includes;
    private int _sortKeys;
    private int _conditions;
    private int _values;

    /// <summary>Counts a parameter by its name and the length of its list, before it is understood.</summary>
    public Failure? Count(string name, string value)
    {
        if (IncludeParser.Is(name))
            return ++_includes > limits.MaxIncludes ? TooMany(limits.MaxIncludes, "includes") : null;
        if (name == "_sort")
            return (_sortKeys += QueryText.Count(value, ',') + 1) > limits.MaxSortKeys
                ? TooMany(limits.MaxSortKeys, "keys in '_sort'")
                : null;
        if (++_parameters > limits.MaxConditions + MostOfTheResult)
            return TooManyConditions();
        return QueryText.Count(value, ',') >= limits.MaxValues ? TooManyValues() : null;
    }

    /// <summary>Counts what a condition was understood to mean.</summary>
    public Failure? Count(Criterion criterion)
    {
        _conditions += ConditionsOf(criterion);
        if (_conditions > limits.MaxConditions)
            return TooManyConditions();
        _values += ValuesOf(criterion);
        return _values > limits.MaxValues ? TooManyValues() : null;
    }

    private static int ConditionsOf(Criterion criterion) =>
        criterion switch
        {
            ChainCriterion chain => LinkedConditionsOf(chain) + chain.Parts.Sum(PartConditionsOf),
            HasCriterion has => 1 + ConditionsOf(has.Inner),
            // What is longer than a row is asked of each of its rows.
            StringCriterion { Match: StringMatch.StartsWith, Values.Length: <= StringParameter.MostLong } text =>
                text.Values.Sum(value => (StringParameter.Pieces(text.Parameter, value).Length + 2) / 3),
            _ => 1,
        };

    /// <summary>A resource on the way is a condition too.</summary>
    private static int LinkedConditionsOf(LinkedCriterion linked) =>
        linked.Links.Sum(link => ConditionsOf(link.Criterion) + (link.Criterion is LinkedCriterion ? 1 : 0));

    /// <summary>Contained resources are asked beside those that are referred to, mostly of a value or two.</summary>
    private static int PartConditionsOf(Criterion part) =>
        part switch
        {
            LinkedCriterion => ConditionsOf(part),
            QuantityCriterion or CompositeCriterion or PartCriterion => 1,
            _ => 0,
        };

    private static int ValuesOf(Criterion criterion) =>
        criterion switch
        {
            IdCriterion id => id.Ids.Length,
            LastUpdatedCriterion date => date.Values.Length,
            TokenCriterion token => token.Values.Length,
            StringCriterion text => text.Values.Length,
            DateCriterion date => date.Values.Length,
            NumberCriterion number => number.Values.Length,
            QuantityCriterion quantity => quantity.Values.Length,
            ReferenceCriterion reference => reference.Values.Sum(value => Math.Max(1, value.Targets.Length)),
            UriCriterion uri => uri.Values.Length,
            CompositeCriterion composite => composite.Values.Length * 2,
            LinkedCriterion linked => linked.Links.Sum(link => ValuesOf(link.Criterion)),
            _ => 1,
        };

    private Failure TooManyValues() =>
        Failure.Invalid(
            IssueCode.TooCostly,
            $"The query has more than {limits.MaxValues} values; split it, and give references as Type/id, for an id alone stands for every type it may mean."
        );

    public Failure TooManyConditions() =>
        Failure.Invalid(
            IssueCode.TooCostly,
            $"The query has more than {limits.MaxConditions} conditions; split it, and name the type in a chain, as subject:Patient.name, for without it every type that is possible is a condition."
        );

    private static Failure TooMany(int most, string what) =>
        Failure.Invalid(IssueCode.TooCostly, $"The query has more than {most} {what}; ask for fewer.");
}
