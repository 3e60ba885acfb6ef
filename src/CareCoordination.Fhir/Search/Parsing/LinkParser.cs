using System.Collections.Immutable;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Search.Types;

namespace CareCoordination.Fhir.Search.Parsing;

/// <summary>
/// Reads conditions on other resources than the one that is searched. One query's: it counts what was tried.
/// https://hl7.org/fhir/R4/search.html#chaining
/// </summary>
internal sealed class LinkParser(
    SearchParameterRegistry registry,
    ValueContext context,
    CriterionParser criteria,
    QueryCost cost
)
{
    /// <summary>
    /// What chains of a query may try in vain. A reference to any type leads to 146 of them, and from there on again: the last of four levels
    /// would be millions of types, of which most have no such parameter.
    /// </summary>
    private const int MostTried = 2000;

    /// <summary>What the name of a reverse chain starts with.</summary>
    public const string HasPrefix = "_has:";

    /// <summary>Stands for a reason that nobody reads: another was found before.</summary>
    private static readonly Failure NoReason = Failure.Invalid(IssueCode.NotSupported, "It leads nowhere.");

    private int _tried;
    private bool _isReasonKnown;

    /// <summary>
    /// One criterion for every type the reference may mean that has the parameter; where the value suits some of these types
    /// only, those are searched.
    /// </summary>
    /// <param name="type">The type that is named; null: none.</param>
    /// <param name="chain">What is asked of it: <c>name:exact</c>, <c>organization.name</c>.</param>
    /// <param name="level">How many references lead to the resource that has this one.</param>
    public Result<Criterion> Chain(SearchParameter reference, string? type, string chain, string value, int level)
    {
        var name = type is null ? $"{reference.Code}.{chain}" : $"{reference.Code}:{type}.{chain}";
        if (WhyNot(reference, type, level) is { } wrong)
            return wrong;
        var types = type is null ? ReferenceParameter.TargetTypes(reference, context) : [type];
        var inner = ImmutableArray.CreateBuilder<ChainTarget>();
        var next = ParameterName.Split(chain);
        Failure? refused = null;
        foreach (var target in types)
        {
            if (!Knows(target, next.Code))
                continue;
            if (_tried++ == MostTried)
                return cost.TooManyConditions();
            if (Try(target, chain, value, level + 1, refused).TryGet(out var criterion, out var failure))
                inner.Add(new ChainTarget(target, criterion));
            else if (IsFinal(failure))
                return failure;
            else
                refused ??= failure;
        }

        if (inner.Count > 0)
            return new ChainCriterion(reference, inner.ToImmutable())
            {
                Name = name,
                Value = value,
                Parts = OfParts(reference, inner, next, value),
            };
        return refused ?? UnknownInChain(reference, types, next.Code);
    }

    /// <summary>
    /// <c>_has:Observation:patient:code</c>, or <c>_has:Observation:patient:_has:AuditEvent:entity:agent</c>.
    /// https://hl7.org/fhir/R4/search.html#has
    /// </summary>
    /// <param name="resourceType">The type that is referred to.</param>
    public Result<Criterion> Has(string resourceType, string name, string value, int level)
    {
        if (
            name[HasPrefix.Length..].Split(':', 3)
            is not [{ Length: > 0 } type, { Length: > 0 } code, { Length: > 0 } asked]
        )
            return Failure.Invalid(
                IssueCode.Value,
                "'_has' needs a type, a reference parameter and a condition; use _has:Observation:patient:code=value."
            );
        if (TooDeep(level) is { } deep)
            return deep;
        if (!Reference(resourceType, type, code).TryGet(out var reference, out var failure))
            return failure;
        return criteria.Parse(type, asked, value, level + 1).TryGet(out var inner, out failure)
            ? new HasCriterion(reference, resourceType, inner)
            {
                Name = name,
                Value = value,
                IsOfCompartment = resourceType == "Patient" && registry.IsOfPatientCompartment(reference),
            }
            : failure;
    }

    /// <summary>The parameter of a reverse chain, by which resources of the type refer to those that are searched.</summary>
    private Result<SearchParameter> Reference(string resourceType, string type, string code)
    {
        if (_isReasonKnown && registry.Find(type, code) is not { Type: SearchParameterType.Reference })
            return NoReason;
        if (!registry.Schema.IsResourceType(type))
            return Failure.Invalid(
                IssueCode.NotSupported,
                $"'_has' names '{CriterionParser.Shorten(type)}', which is no resource type. {Suggestion.Sentence(type, registry.Schema.Resources.Select(r => r.Name))}"
            );
        if (registry.Find(type, code) is not { Type: SearchParameterType.Reference } reference)
            return IncludeParser.NoReference("_has", type, code, registry);
        if (reference.IsEmbedded)
            return Failure.Invalid(
                IssueCode.NotSupported,
                $"'{code}' leads to a part of the {type} itself, and to nothing else: search {type} by {code}.name."
            );
        return ReferenceParameter.TargetTypes(reference, context).Contains(resourceType)
            ? reference
            : NotTo(resourceType, reference);
    }

    private Failure NotTo(string resourceType, SearchParameter reference)
    {
        if (_isReasonKnown)
            return NoReason;
        var type = reference.ResourceType;
        var others = registry
            .Of(type)
            .Where(p => p.Type == SearchParameterType.Reference && !p.IsEmbedded)
            .Where(p => ReferenceParameter.TargetTypes(p, context).Contains(resourceType))
            .Select(p => p.Code)
            .ToList();
        return Failure.Invalid(
            IssueCode.NotSupported,
            others.Count == 0
                ? $"No {type} refers to {Article(resourceType)}: '_has' asks what refers to the resource that is searched."
                : $"'{reference.Code}' of {type} never leads to {Article(resourceType)}: those that do are {string.Join(", ", others)}."
        );
    }

    private static string Article(string type) =>
        $"{("AEIOU".Contains(type[0], StringComparison.Ordinal) ? "an" : "a")} {type}";

    private Failure? WhyNot(SearchParameter reference, string? type, int level)
    {
        if (reference.Type != SearchParameterType.Reference)
            return Failure.Invalid(
                IssueCode.NotSupported,
                $"'{reference.Code}' is no reference, so nothing can be chained to it."
            );
        if (TooDeep(level) is { } deep)
            return deep;
        return type is not null && !registry.Schema.IsResourceType(type)
            ? Failure.Invalid(
                IssueCode.NotSupported,
                $"':{CriterionParser.Shorten(type)}' is no resource type; use {reference.Code}:Type.name."
            )
            : null;
    }

    private Failure? TooDeep(int level) =>
        level < context.Options.Limits.MaxLevels
            ? null
            : Failure.Invalid(
                IssueCode.TooCostly,
                $"A condition follows {context.Options.Limits.MaxLevels} references at most; search in two steps instead."
            );

    /// <summary>What no other type makes good.</summary>
    private static bool IsFinal(Failure failure) => failure.Issues.Any(issue => issue.Code == IssueCode.TooCostly);

    private bool Knows(string type, string code) =>
        code is "_id" or "_lastUpdated" or "_has" || registry.Find(type, code) is not null;

    private Result<Criterion> Try(string type, string name, string value, int level, Failure? refused)
    {
        var wasKnown = _isReasonKnown;
        _isReasonKnown |= refused is not null;
        var read = criteria.Parse(type, name, value, level);
        _isReasonKnown = wasKnown;
        return read;
    }

    /// <summary>
    /// The same of contained resources. Their rows have numbers of the type as well as of whatever type has the parameter, so that a chain to
    /// many types is one question where it means the same for all. Their ids mean nothing outside, they were never changed by
    /// themselves, and nothing else refers to them. What a contained resource contains beside it is not followed.
    /// </summary>
    private ImmutableArray<Criterion> OfParts(
        SearchParameter reference,
        ImmutableArray<ChainTarget>.Builder inner,
        ParameterName name,
        string value
    )
    {
        if (name.Code is "_id" or "_lastUpdated" or "_has")
            return [];
        if (name.Chain is not null)
            return
            [
                .. inner
                    .Select(target => target.Criterion)
                    .OfType<ChainCriterion>()
                    .Select(chain => chain with { Reference = OfPart(reference, chain.Reference), Parts = [] }),
            ];
        var parameters = inner.Select(target => registry.Find(target.Type, name.Code)!);
        if (name.Modifier is "missing" or "not")
            return [.. parameters.Select((parameter, i) => OfParts(reference, parameter, inner[i].Criterion))];
        var asked =
            inner.Count == 1
                ? parameters.Select(p => OfPart(reference, p))
                : parameters
                    .DistinctBy(p => (p.Type, p.FoldsCase, p.HasVersions))
                    .Select(p => p with { Id = DerivedNumber.OfContained(reference.Id, p.Code) });
        return
        [
            .. asked
                .Select(p => criteria.OfType(p, name.Modifier, value))
                .Where(condition => condition.IsSuccess)
                .Select(condition => condition.Value),
        ];
    }

    private static SearchParameter OfPart(SearchParameter reference, SearchParameter parameter) =>
        parameter with
        {
            Id = DerivedNumber.OfContained(reference.Id, parameter.Id),
        };

    private static PartCriterion OfParts(SearchParameter reference, SearchParameter parameter, Criterion criterion) =>
        new(
            TokenParameter.PartKey(reference, parameter.ResourceType),
            criterion as MissingCriterion,
            criterion is TokenCriterion token
                ? token with
                {
                    Not = false,
                    Parameter = OfPart(reference, parameter),
                }
                : null
        );

    private Failure UnknownInChain(SearchParameter reference, ImmutableArray<string> types, string code)
    {
        if (_isReasonKnown)
            return NoReason;
        if (types.Length == 1)
            return criteria.Unknown(types[0], code);
        var codes = types
            .SelectMany(target => registry.Of(target))
            .Select(parameter => parameter.Code)
            .Distinct(StringComparer.Ordinal);
        return Failure.Invalid(
            IssueCode.NotSupported,
            $"No type that '{reference.Code}' refers to has a search parameter '{CriterionParser.Shorten(code)}'. {Suggestion.Sentence(code, codes)}"
        );
    }
}
