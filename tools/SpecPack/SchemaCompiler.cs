using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using CareCoordination.Fhir.Schema;

namespace SpecPack;

/// <summary>Compiles the definitions of a package into a <see cref="FhirSchema"/>.</summary>
public sealed class SchemaCompiler
{
    private const string FhirTypeExtension = "http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type";

    // ele-1 and ext-1 are repeated on every element; they are stated on the types Element and Extension.
    private static readonly string[] StatedOnTypes = ["ele-1", "ext-1"];

    private readonly FhirSchema _schema = new();
    private readonly Dictionary<string, TypeDefinition> _types = new(StringComparer.Ordinal);
    private readonly DefinitionsPackage _package;
    private readonly CodeSetCompiler _codeSets;
    private readonly Dictionary<string, JsonElement> _definitions;
    private readonly Dictionary<string, ImmutableArray<Invariant>> _profileInvariants = new(StringComparer.Ordinal);

    private SchemaCompiler(DefinitionsPackage package)
    {
        _package = package;
        _codeSets = new CodeSetCompiler(package);
        _definitions = package["StructureDefinition"].ToDictionary(d => d.Required("url"), StringComparer.Ordinal);
    }

    public static FhirSchema Compile(DefinitionsPackage package) => new SchemaCompiler(package).Compile();

    private FhirSchema Compile()
    {
        var definitions = _package["StructureDefinition"].Where(IsType).ToArray();
        foreach (var definition in definitions)
            DeclareTypes(definition);
        foreach (var definition in definitions)
            LinkBases(definition);
        var number = (short)0;
        foreach (
            var type in _types
                .Values.Where(t => t is { IsResource: true, IsAbstract: false })
                .OrderBy(t => _package.AdditionalTypes.Contains(t.Name))
                .ThenBy(t => t.Name, StringComparer.Ordinal)
        )
        {
            type.ResourceTypeId = ++number;
            _schema.Resources = _schema.Resources.Add(type);
        }

        _schema.Types = _types.ToFrozenDictionary(StringComparer.Ordinal);
        foreach (var definition in definitions)
            FillTypes(definition);

        _schema.CodeSets = _codeSets.Compiled.ToFrozenDictionary(s => s.Url, StringComparer.Ordinal);
        _schema.SearchParameters = SearchCompiler.Parameters(_package, _schema);
        _schema.Compartments = SearchCompiler.Compartments(_package);
        return _schema;
    }

    private static bool IsType(JsonElement definition) =>
        definition.Text("derivation") != "constraint"
        && definition.Text("kind") is "primitive-type" or "complex-type" or "resource";

    private static IEnumerable<JsonElement> Snapshot(JsonElement definition) =>
        definition.GetProperty("snapshot").Items("element");

    private void DeclareTypes(JsonElement definition)
    {
        var kind = definition.Required("kind") switch
        {
            "primitive-type" => TypeKind.Primitive,
            "complex-type" => TypeKind.Complex,
            _ => TypeKind.Resource,
        };
        Declare(definition.Required("type"), kind, definition.Flag("abstract"));
        foreach (var path in BackbonePaths(definition))
            Declare(path, TypeKind.Backbone, isAbstract: false);
    }

    private void Declare(string name, TypeKind kind, bool isAbstract) =>
        _types.Add(name, new TypeDefinition(_schema, name, kind, isAbstract));

    /// <summary>The elements with children of their own.</summary>
    private static HashSet<string> BackbonePaths(JsonElement definition)
    {
        var type = definition.Required("type");
        return
        [
            .. Snapshot(definition)
                .Select(e => ParentPath(e.Required("path")))
                .Where(p => p.Contains('.', StringComparison.Ordinal) && p != type),
        ];
    }

    private static string ParentPath(string path) => path.LastIndexOf('.') is var dot and > 0 ? path[..dot] : "";

    private void LinkBases(JsonElement definition)
    {
        var type = _types[definition.Required("type")];
        type.Base = definition.Text("baseDefinition") is { } url ? _types[url.LastSegment()] : null;
        foreach (var element in Snapshot(definition))
        {
            if (_types.TryGetValue(element.Required("path"), out var backbone) && backbone.Kind == TypeKind.Backbone)
                backbone.Base = _types[TypeCode(element.Items("type").Single())];
        }
    }

    private void FillTypes(JsonElement definition)
    {
        var elements = Snapshot(definition).ToArray();
        foreach (var element in elements)
        {
            if (_types.TryGetValue(element.Required("path"), out var type))
                type.Invariants = OwnInvariants(type, element);
        }

        foreach (var children in elements.Skip(1).GroupBy(e => ParentPath(e.Required("path")), StringComparer.Ordinal))
        {
            var type = _types[children.Key];
            type.Elements = [.. children.Where(e => IsContent(type, e)).Select(Element)];
        }
    }

    /// <summary>A primitive's <c>value</c> is the JSON value itself; a maximum of 0 takes an inherited element away.</summary>
    private static bool IsContent(TypeDefinition type, JsonElement element) =>
        element.Text("max") != "0"
        && !(type.IsPrimitive && element.Required("path").EndsWith(".value", StringComparison.Ordinal));

    /// <summary>A snapshot repeats what the base type states.</summary>
    private ImmutableArray<Invariant> OwnInvariants(TypeDefinition type, JsonElement element)
    {
        var inherited = type.Base is { } parent ? RootInvariants(parent.Name).Select(i => i.Key).ToArray() : [];
        return [.. Invariants(element).Where(i => !inherited.Contains(i.Key))];
    }

    private IEnumerable<Invariant> RootInvariants(string type) =>
        Invariants(Snapshot(_definitions[$"http://hl7.org/fhir/StructureDefinition/{type}"]).First());

    private ElementDefinition Element(JsonElement element)
    {
        var path = element.Required("path");
        var name = path[(path.LastIndexOf('.') + 1)..];
        var isChoice = name.EndsWith("[x]", StringComparison.Ordinal);
        var types = Types(element);
        return new ElementDefinition
        {
            Name = isChoice ? name[..^3] : name,
            Path = path,
            Min = element.GetProperty("min").GetInt32(),
            Max =
                element.Required("max") is var max && max == "*"
                    ? ElementDefinition.Unbounded
                    : int.Parse(max, CultureInfo.InvariantCulture),
            IsChoice = isChoice,
            IsSummary = element.Flag("isSummary"),
            IsModifier = element.Flag("isModifier"),
            Types = types,
            Binding = Binding(element),
            Invariants = types is [{ Type.Kind: TypeKind.Backbone }]
                ? []
                :
                [
                    .. Invariants(element)
                        .Where(i => !StatedOnTypes.Contains(i.Key))
                        .Concat(ProfileInvariants(element)),
                ],
        };
    }

    private ImmutableArray<ElementType> Types(JsonElement element)
    {
        if (element.Text("contentReference") is { } reference)
            return [new ElementType(_types[reference[1..]], [])];
        if (_types.TryGetValue(element.Required("path"), out var backbone))
            return [new ElementType(backbone, [])];
        // R4 gives the id of a resource the type string by mistake: https://hl7.org/fhir/R4/resource-definitions.html#Resource.id
        if (element.Required("path").Split('.') is [var root, "id"] && _types[root].IsResource)
            return [new ElementType(_types["id"], [])];
        return [.. element.Items("type").Select(t => new ElementType(_types[TypeCode(t)], Targets(t)))];
    }

    /// <summary>Elements such as <c>id</c> have a FHIRPath system type; an extension names the FHIR type meant.</summary>
    private static string TypeCode(JsonElement type)
    {
        foreach (var extension in type.Items("extension"))
        {
            if (extension.Text("url") == FhirTypeExtension)
                return extension.Required("valueUrl");
        }

        var code = type.Required("code");
        return code == "http://hl7.org/fhirpath/System.String" ? "string" : code;
    }

    private static ImmutableArray<string> Targets(JsonElement type)
    {
        var targets = type.Texts("targetProfile")
            .Select(JsonReading.LastSegment)
            .Order(StringComparer.Ordinal)
            .ToImmutableArray();
        return targets.Contains("Resource") ? [] : targets;
    }

    private CodeBinding? Binding(JsonElement element)
    {
        if (!element.TryGetProperty("binding", out var binding) || binding.Text("valueSet") is not { } valueSet)
            return null;
        var strength = Enum.Parse<BindingStrength>(binding.Required("strength"), ignoreCase: true);
        return new CodeBinding(
            strength,
            valueSet,
            strength == BindingStrength.Required ? _codeSets.Find(valueSet) : null
        );
    }

    private static IEnumerable<Invariant> Invariants(JsonElement element) =>
        element
            .Items("constraint")
            .Where(c => c.Text("expression") is not null)
            .Select(c =>
                Corrections.Apply(
                    new Invariant(c.Required("key"), c.Required("severity") == "error", c.Required("expression"))
                )
            )
            .DistinctBy(i => i.Key);

    /// <summary>A SimpleQuantity is a Quantity under a profile; what the profile demands becomes a rule of the element.</summary>
    private ImmutableArray<Invariant> ProfileInvariants(JsonElement element)
    {
        var profiles = element.Items("type").SelectMany(t => t.Texts("profile")).ToArray();
        return [.. profiles.SelectMany(p => OfProfile(p))];

        ImmutableArray<Invariant> OfProfile(string url)
        {
            if (!_profileInvariants.TryGetValue(url, out var invariants))
            {
                var profile = _definitions[url];
                var known = RootInvariants(profile.Required("type"))
                    .Select(i => i.Key)
                    .ToHashSet(StringComparer.Ordinal);
                invariants = [.. Invariants(Snapshot(profile).First()).Where(i => !known.Contains(i.Key))];
                _profileInvariants.Add(url, invariants);
            }

            return invariants;
        }
    }
}
