using System.Collections.Frozen;
using System.Collections.Immutable;
using CareCoordination.Fhir.Schema;

namespace CareCoordination.Fhir.Search;

/// <summary>Turns the definitions into the parameters of one resource type.</summary>
internal sealed class SearchParameterBuilder
{
    private const int MaxPerType = 64;

    /// <summary>Columns of the resource itself rather than index rows; the query parser knows them by name.</summary>
    private static readonly FrozenSet<string> Columns = FrozenSet.Create(StringComparer.Ordinal, "_id", "_lastUpdated");

    /// <summary>R4 shows how a parameter is defined by these; they are not for use.</summary>
    private static readonly FrozenSet<string> Examples = FrozenSet.Create(
        StringComparer.Ordinal,
        "http://hl7.org/fhir/SearchParameter/example",
        "http://hl7.org/fhir/SearchParameter/example-extension",
        "http://hl7.org/fhir/SearchParameter/example-reference"
    );

    private static readonly FrozenDictionary<string, string> EverywhereNotOffered = new Dictionary<string, string>(
        StringComparer.Ordinal
    )
    {
        ["_content"] = "Searching the whole text of resources is not offered; use the parameters of the type.",
        ["_text"] = "Searching the narrative is not offered; use the parameters of the type.",
        ["_filter"] = "Filter expressions are not offered; combine parameters instead.",
        ["_query"] = "Named queries are not offered; use the parameters of the type.",
        ["_list"] = "Searching by list membership is not offered; read the List and search by _id.",
        ["_has"] =
            "It takes a type, a reference parameter and a condition in its name; use _has:Observation:patient:code=value.",
        ["_type"] = "Searching several types at once is not offered; search each type by its own URL.",
        ["_contained"] = "Contained resources are not searched; leave _contained out.",
        ["_containedType"] = "Contained resources are not searched; leave _containedType out.",
        ["_score"] = "Results have no score; sort by a parameter of the type.",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly FhirSchema _schema;
    private readonly Dictionary<string, SearchParameterDefinition> _byUrl;
    private readonly ILookup<string, SearchParameterDefinition> _byBase;
    private readonly CompartmentDefinition? _patientCompartment;
    private readonly Dictionary<string, SearchPath?[]> _paths = new(StringComparer.Ordinal);

    public SearchParameterBuilder(FhirSchema schema, ImmutableArray<SearchParameterDefinition> own)
    {
        _schema = schema;
        var definitions = schema.SearchParameters.AddRange(own);
        _byUrl = definitions.ToDictionary(definition => definition.Url, StringComparer.Ordinal);
        _byBase = definitions
            .Where(definition => !Examples.Contains(definition.Url) && !Columns.Contains(definition.Code))
            .SelectMany(definition => definition.Bases.Select(type => (type, definition)))
            .ToLookup(pair => pair.type, pair => pair.definition, StringComparer.Ordinal);
        _patientCompartment = schema.Compartments.FirstOrDefault(compartment => compartment.Code == "Patient");
    }

    public TypeParameters Build(TypeDefinition type)
    {
        var offered = new SortedDictionary<string, SearchParameter>(StringComparer.Ordinal);
        var notOffered = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var level = type; level is not null; level = level.Base)
        {
            foreach (var definition in _byBase[level.Name])
            {
                if (WhyNotOffered(definition) is { } reason)
                    notOffered.TryAdd(definition.Code, reason);
                else if (!offered.TryAdd(definition.Code, Parameter(type, definition)))
                    throw new InvalidOperationException(
                        $"{type.Name} has two search parameters '{definition.Code}'; remove one of them."
                    );
            }
        }

        if (offered.Count > MaxPerType)
            throw new InvalidOperationException(
                $"{type.Name} has {offered.Count} search parameters; at most {MaxPerType} can be indexed."
            );
        ImmutableArray<SearchParameter> all =
        [
            .. offered.Values.Select((parameter, place) => parameter with { PresenceBit = place }),
        ];
        var byCode = all.ToDictionary(parameter => parameter.Code, StringComparer.Ordinal);
        return new TypeParameters(all, byCode, notOffered, Compartment(type, byCode));
    }

    /// <summary>Why no type has this parameter, or null.</summary>
    public static string? WhyNotOffered(string code) => EverywhereNotOffered.GetValueOrDefault(code);

    private ImmutableArray<SearchParameter> Compartment(TypeDefinition type, Dictionary<string, SearchParameter> byCode)
    {
        // R4 leaves Task out of the patient compartment; without it a patient's record would lack the work done for the patient.
        if (type.Name == "Task")
            return [byCode["patient"]];
        return _patientCompartment is not null && _patientCompartment.Parameters.TryGetValue(type.Name, out var codes)
            ? [.. codes.Select(code => byCode.GetValueOrDefault(code)).OfType<SearchParameter>()]
            : [];
    }

    private string? WhyNotOffered(SearchParameterDefinition definition) =>
        WhyNotOffered(definition.Code) is { } reason ? reason
        : definition.Type == "special" ? $"'{definition.Code}' is not offered: its values follow rules of their own."
        : definition.Expression.Length == 0
            ? $"'{definition.Code}' is not offered: FHIR R4 names it without saying where its value is."
        : definition.Components.Length > 2 && !IsInterval(definition)
            ? $"'{definition.Code}' is not offered: it has more than two parts; search by its parts."
        : null;

    /// <summary>A token with a first and a last number, as the place of a variant on a chromosome.</summary>
    private bool IsInterval(SearchParameterDefinition definition) =>
        definition.Components.Length == 3
        && definition.Components.Skip(1).All(component => _byUrl[component.Definition].Type == "number");

    private SearchParameter Parameter(TypeDefinition type, SearchParameterDefinition definition)
    {
        var expression = ExpressionParts.Narrow(definition.Expression, type.Name);
        var kind = TypeOf(definition.Type);
        var paths = PathsOf(expression);
        return new SearchParameter(
            type.Name,
            definition.Code,
            definition.Url,
            kind,
            expression,
            kind == SearchParameterType.Reference ? Targets(type, paths, definition.Targets) : [],
            [.. definition.Components.Select((component, place) => Component(definition, component, place))]
        )
        {
            FoldsCase = kind == SearchParameterType.Token && !IsCaseSensitive(type, paths),
            HasIdentifiers =
                kind == SearchParameterType.Reference
                && paths.Any(path => path?.ResultTypes(type).Any(result => result.Name == "Reference") == true),
            IsEmbedded = kind == SearchParameterType.Reference && paths is [null],
            HasVersions =
                kind == SearchParameterType.Uri
                && paths is [{ Steps: [ChildStep { Name: "url" }] }]
                && type.Element("version") is not null,
            Forms = kind == SearchParameterType.Token ? FormsOf(type, paths) : TokenForms.Open,
        };
    }

    /// <summary>
    /// A definition shared by many types names the targets of all; the elements of this type may allow fewer, or, where the
    /// definition names none, say which.
    /// </summary>
    private static ImmutableArray<string> Targets(
        TypeDefinition type,
        SearchPath?[] paths,
        ImmutableArray<string> defined
    )
    {
        var allowed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            if (path?.Targets(type) is not { } targets)
                return defined;
            allowed.UnionWith(targets);
        }

        var both = defined.IsEmpty ? allowed : allowed.Intersect(defined, StringComparer.Ordinal);
        return both.Any() ? [.. both.Order(StringComparer.Ordinal)] : defined;
    }

    private SearchComponent Component(
        SearchParameterDefinition composite,
        SearchParameterComponent component,
        int place
    )
    {
        var part = _byUrl[component.Definition];
        // R4 has the expressions of this composite's two parts in each other's place.
        var expression =
            composite.Url == "http://hl7.org/fhir/SearchParameter/DocumentReference-relationship"
                ? composite.Components[1 - place].Expression
                : component.Expression;
        return new SearchComponent(part.Code, TypeOf(part.Type), expression);
    }

    private SearchPath?[] PathsOf(string expression)
    {
        if (!_paths.TryGetValue(expression, out var paths))
        {
            paths = [.. ExpressionParts.Split(expression).Select(part => SearchPath.Parse(part, _schema))];
            _paths.Add(expression, paths);
        }

        return paths;
    }

    private static SearchParameterType TypeOf(string code) =>
        code switch
        {
            "number" => SearchParameterType.Number,
            "date" => SearchParameterType.Date,
            "string" => SearchParameterType.String,
            "token" => SearchParameterType.Token,
            "reference" => SearchParameterType.Reference,
            "composite" => SearchParameterType.Composite,
            "quantity" => SearchParameterType.Quantity,
            "uri" => SearchParameterType.Uri,
            _ => SearchParameterType.Special,
        };

    private static TokenForms FormsOf(TypeDefinition type, SearchPath?[] paths) =>
        paths is [null] ? TokenForms.OfCondition
        : paths.Contains(null) ? TokenForms.Open
        : TokenForms.Of(paths.SelectMany(path => path!.Elements(type)));

    private static bool IsCaseSensitive(TypeDefinition type, SearchPath?[] paths)
    {
        var any = false;
        foreach (var path in paths)
        {
            foreach (var result in path?.ResultTypes(type) ?? [])
            {
                any = true;
                if (result.Name is not ("Identifier" or "id" or "uri" or "oid" or "uuid" or "url" or "canonical"))
                    return false;
            }
        }

        return any;
    }
}
