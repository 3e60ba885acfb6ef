using System.Collections.Immutable;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search.Types;

namespace CareCoordination.Fhir.Search.Parsing;

/// <summary>Reads one condition of a query: <c>name[:modifier][.chain]=value</c>.</summary>
internal sealed class CriterionParser(SearchParameterRegistry registry, SearchParserOptions options)
{
    private readonly ValueContext _context = new(options, registry.Schema);

    public Result<Criterion> Parse(string resourceType, string name, string value)
    {
        var (code, modifier, chain) = ParameterName.Split(name);
        if (code is "_id" or "_lastUpdated")
        {
            if (chain is not null || modifier is not null)
                return Failure.Invalid(
                    IssueCode.NotSupported,
                    $"'{code}' takes no modifier and no chain; use {code}=value."
                );
            return value.Length == 0 ? NoValue(name)
                : code == "_id" ? Id(value)
                : LastUpdated(value);
        }

        if (registry.Find(resourceType, code) is not { } parameter)
            return Unknown(resourceType, code);
        if (value.Length == 0)
            return NoValue(name);
        if (chain is not null)
            return Chain(parameter, modifier, chain, value);
        return modifier == "missing" ? Missing(parameter, value) : OfType(parameter, modifier, value);
    }

    /// <summary>A parameter that FHIR does not know for the type, or that is not offered.</summary>
    public Failure Unknown(string resourceType, string code) =>
        registry.WhyNotOffered(resourceType, code) is { } reason
            ? Failure.Invalid(IssueCode.NotSupported, $"Search parameter '{Shorten(code)}': {reason}")
            : Failure.Invalid(
                IssueCode.NotSupported,
                $"{resourceType} has no search parameter '{Shorten(code)}'. {Suggestion.Sentence(code, registry.Of(resourceType).Select(p => p.Code).Concat(["_id", "_lastUpdated"]))}"
            );

    /// <summary>Why a condition may find something else than it asks for, or nothing whatever is stored; null where it does not.</summary>
    public static Issue? Doubt(Criterion criterion) =>
        criterion switch
        {
            TokenCriterion token => Warning(IssueCode.CodeInvalid, TokenParameter.Doubt(token)),
            NumberCriterion number => Warning(
                IssueCode.Informational,
                NumberParameter.Doubt(number.Parameter, number.Values)
            ),
            QuantityCriterion quantity => Warning(
                IssueCode.Informational,
                NumberParameter.Doubt(quantity.Parameter, quantity.Values.Select(value => value.Number))
            ),
            ChainCriterion { Reference.IsCanonical: true } chain => NotFollowed(chain.Reference),
            ChainCriterion chain => chain.Inner.All(inner => Doubt(inner.Criterion) is not null)
                ? Doubt(chain.Inner[0].Criterion)
                : null,
            _ => null,
        };

    /// <summary>Of a chain or an include that canonical URLs would have to be resolved for.</summary>
    public static Issue NotFollowed(SearchParameter reference) =>
        Issue.Warning(
            IssueCode.NotSupported,
            $"'{reference.Code}' holds canonical URLs, of which only addresses such as {reference.Targets.FirstOrDefault("Questionnaire")}/1 are followed: find the definition by its url."
        );

    private static Issue? Warning(IssueCode code, string? doubt) => doubt is null ? null : Issue.Warning(code, doubt);

    public static string Shorten(string text) => text.Length > 64 ? text[..64] + "..." : text;

    private static Failure NoValue(string name) =>
        Failure.Invalid(
            IssueCode.Value,
            $"'{Shorten(name)}' has no value; give one or leave it out. To find resources without a value use ':missing=true'."
        );

    private Result<Criterion> OfType(SearchParameter parameter, string? modifier, string value) =>
        parameter.Type switch
        {
            SearchParameterType.Token => TokenParameter.Parse(parameter, modifier, value),
            SearchParameterType.String => StringParameter.Parse(parameter, modifier, value),
            SearchParameterType.Date => DateParameter.Parse(parameter, modifier, value, _context),
            SearchParameterType.Number => NumberParameter.Parse(parameter, modifier, value),
            SearchParameterType.Quantity => QuantityParameter.Parse(parameter, modifier, value),
            SearchParameterType.Reference => ReferenceParameter.Parse(parameter, modifier, value, _context),
            SearchParameterType.Uri => UriParameter.Parse(parameter, modifier, value),
            _ => CompositeParameter.Parse(parameter, modifier, value, _context),
        };

    /// <summary>https://hl7.org/fhir/R4/search.html#id</summary>
    private static Result<Criterion> Id(string value) =>
        Values.Parse("_id", value, IdValue).Then<Criterion>(ids => new IdCriterion(ids));

    private static Result<string> IdValue(string piece) =>
        QueryText.Unescape(piece) is var id && FhirId.IsValid(id)
            ? id
            : Failure.Invalid(IssueCode.Value, "'_id' is not a resource id; use 1 to 64 letters, digits, '-' or '.'.");

    /// <summary>https://hl7.org/fhir/R4/search.html#lastUpdated</summary>
    private Result<Criterion> LastUpdated(string value) =>
        Values
            .Parse("_lastUpdated", value, piece => DateParameter.ParseValue("_lastUpdated", piece, _context))
            .Then<Criterion>(values => new LastUpdatedCriterion(values));

    private static Result<Criterion> Missing(SearchParameter parameter, string value) =>
        value switch
        {
            "true" => new MissingCriterion(parameter, IsMissing: true),
            "false" => new MissingCriterion(parameter, IsMissing: false),
            _ => Failure.Invalid(IssueCode.Value, $"'{parameter.Code}:missing' is true or false."),
        };

    /// <summary>
    /// One criterion for every type the reference may mean that has the parameter; where the value suits some of these types
    /// only, those are searched.
    /// </summary>
    private Result<Criterion> Chain(SearchParameter reference, string? type, string chain, string value)
    {
        if (reference.Type != SearchParameterType.Reference)
            return Failure.Invalid(
                IssueCode.NotSupported,
                $"'{reference.Code}' is no reference, so nothing can be chained to it."
            );
        if (chain.Contains('.', StringComparison.Ordinal))
            return Failure.Invalid(
                IssueCode.NotSupported,
                $"Chains of one level are offered, such as {reference.Code}.name; search in two steps instead."
            );
        if (type is not null && !registry.Schema.IsResourceType(type))
            return Failure.Invalid(
                IssueCode.NotSupported,
                $"':{Shorten(type)}' is no resource type; use {reference.Code}:Type.name."
            );

        var types = type is null ? ReferenceParameter.TargetTypes(reference, _context) : [type];
        var inner = ImmutableArray.CreateBuilder<ChainTarget>();
        Failure? refused = null;
        var code = ParameterName.Split(chain).Code;
        foreach (var target in types)
        {
            if (code is not ("_id" or "_lastUpdated") && registry.Find(target, code) is null)
                continue;
            if (Parse(target, chain, value).TryGet(out var criterion, out var failure))
                inner.Add(new ChainTarget(target, criterion));
            else
                refused ??= failure;
        }

        if (inner.Count > 0)
            return new ChainCriterion(reference, inner.ToImmutable())
            {
                Parts = OfParts(reference, inner, ParameterName.Split(chain), value),
            };
        return refused ?? UnknownInChain(reference, types, code);
    }

    /// <summary>
    /// The same of contained resources. Their rows have numbers of the type as well as of whatever type has the parameter, so that a chain to
    /// many types is one question where it means the same for all. Their ids mean nothing outside, and they were never changed by
    /// themselves.
    /// </summary>
    private ImmutableArray<Criterion> OfParts(
        SearchParameter reference,
        ImmutableArray<ChainTarget>.Builder inner,
        ParameterName name,
        string value
    )
    {
        if (name.Code is "_id" or "_lastUpdated")
            return [];
        var parameters = inner.Select(target => registry.Find(target.Type, name.Code)!);
        if (name.Modifier is "missing" or "not")
            return [.. parameters.Select((parameter, i) => OfParts(reference, parameter, inner[i].Criterion))];
        var asked =
            inner.Count == 1
                ? parameters.Select(p => p with { Id = DerivedNumber.OfContained(reference.Id, p.Id) })
                : parameters
                    .DistinctBy(p => (p.Type, p.FoldsCase, p.HasVersions))
                    .Select(p => p with { Id = DerivedNumber.OfContained(reference.Id, p.Code) });
        return
        [
            .. asked
                .Select(p => OfType(p, name.Modifier, value))
                .Where(condition => condition.IsSuccess)
                .Select(condition => condition.Value),
        ];
    }

    private static PartCriterion OfParts(SearchParameter reference, SearchParameter parameter, Criterion criterion) =>
        new(
            TokenParameter.PartKey(reference, parameter.ResourceType),
            criterion as MissingCriterion,
            criterion is TokenCriterion token
                ? token with
                {
                    Not = false,
                    Parameter = parameter with { Id = DerivedNumber.OfContained(reference.Id, parameter.Id) },
                }
                : null
        );

    private Failure UnknownInChain(SearchParameter reference, ImmutableArray<string> types, string code)
    {
        if (types.Length == 1)
            return Unknown(types[0], code);
        var codes = types
            .SelectMany(target => registry.Of(target))
            .Select(parameter => parameter.Code)
            .Distinct(StringComparer.Ordinal);
        return Failure.Invalid(
            IssueCode.NotSupported,
            $"No type that '{reference.Code}' refers to has a search parameter '{Shorten(code)}'. {Suggestion.Sentence(code, codes)}"
        );
    }
}
