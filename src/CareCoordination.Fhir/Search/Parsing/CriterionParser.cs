using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search.Types;

namespace CareCoordination.Fhir.Search.Parsing;

/// <summary>Reads one condition of a query: <c>name[:modifier][.chain]=value</c>, <c>_has:Type:reference:name=value</c>.</summary>
internal sealed class CriterionParser
{
    private readonly SearchParameterRegistry _registry;
    private readonly ValueContext _context;
    private readonly LinkParser _links;

    public CriterionParser(SearchParameterRegistry registry, SearchParserOptions options, QueryCost cost)
    {
        _registry = registry;
        _context = new ValueContext(options, registry.Schema);
        _links = new LinkParser(registry, _context, this, cost);
    }

    /// <param name="level">How many references lead to the resource that the condition is asked of.</param>
    public Result<Criterion> Parse(string resourceType, string name, string value, int level = 0)
    {
        if (name.StartsWith(LinkParser.HasPrefix, StringComparison.Ordinal))
            return value.Length == 0 ? NoValue(name) : _links.Has(resourceType, name, value, level);
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

        if (_registry.Find(resourceType, code) is not { } parameter)
            return Unknown(resourceType, code);
        if (value.Length == 0)
            return NoValue(name);
        if (chain is not null)
            return _links.Chain(parameter, modifier, chain, value, level);
        return modifier == "missing" ? Missing(parameter, value) : OfType(parameter, modifier, value);
    }

    /// <summary>A parameter that FHIR does not know for the type, or that is not offered.</summary>
    public Failure Unknown(string resourceType, string code) =>
        _registry.WhyNotOffered(resourceType, code) is { } reason
            ? Failure.Invalid(IssueCode.NotSupported, $"Search parameter '{Shorten(code)}': {reason}")
            : Failure.Invalid(
                IssueCode.NotSupported,
                $"{resourceType} has no search parameter '{Shorten(code)}'. {Suggestion.Sentence(code, _registry.Of(resourceType).Select(p => p.Code).Concat(["_id", "_lastUpdated"]))}"
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
            HasCriterion { Reference.IsCanonical: true } has => NotFollowed(has.Reference),
            HasCriterion has => Doubt(has.Inner),
            ChainCriterion chain => chain.Inner.All(inner => Doubt(inner.Criterion) is not null)
                ? Doubt(chain.Inner[0].Criterion)
                : null,
            _ => null,
        };

    /// <summary>Of a chain, in either direction, or an include that canonical URLs would have to be resolved for.</summary>
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

    /// <summary>Of a parameter of the resource itself, by its type.</summary>
    public Result<Criterion> OfType(SearchParameter parameter, string? modifier, string value) =>
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
}
