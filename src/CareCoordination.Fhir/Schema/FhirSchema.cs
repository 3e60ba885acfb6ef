using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace CareCoordination.Fhir.Schema;

/// <summary>
/// Everything a version of FHIR says about types, codes, search parameters and compartments. Built once from a pack
/// (<see cref="SchemaPack"/>), immutable, shared by all threads.
/// </summary>
public sealed class FhirSchema
{
    private FrozenDictionary<string, TypeDefinition> _types = FrozenDictionary<string, TypeDefinition>.Empty;
    private FrozenDictionary<string, TypeDefinition>.AlternateLookup<ReadOnlySpan<char>> _byChars;

    private FrozenSet<string>? _elementNames;

    internal FhirSchema() { }

    /// <summary>All types by name, backbones included.</summary>
    public FrozenDictionary<string, TypeDefinition> Types
    {
        get => _types;
        internal set
        {
            _types = value;
            _byChars = value.GetAlternateLookup<ReadOnlySpan<char>>();
        }
    }

    /// <summary>The concrete resource types by their numbers: those of R4, alphabetical, and then additional ones.</summary>
    public ImmutableArray<TypeDefinition> Resources { get; internal set; } = [];

    /// <summary>Value sets that required bindings name and R4 enumerates, by canonical URL without version.</summary>
    public FrozenDictionary<string, CodeSet> CodeSets { get; internal set; } = FrozenDictionary<string, CodeSet>.Empty;

    public ImmutableArray<SearchParameterDefinition> SearchParameters { get; internal set; } = [];

    public ImmutableArray<CompartmentDefinition> Compartments { get; internal set; } = [];

    /// <summary>The type, which must exist. Throws <see cref="KeyNotFoundException"/>: for names in our own code.</summary>
    public TypeDefinition this[string name] => Types[name];

    public bool TryGetType(string name, [NotNullWhen(true)] out TypeDefinition? type) =>
        Types.TryGetValue(name, out type);

    public TypeDefinition? FindResource(string name) =>
        Types.TryGetValue(name, out var type) && type is { IsResource: true, IsAbstract: false } ? type : null;

    public TypeDefinition? FindResource(ReadOnlySpan<byte> utf8Name)
    {
        Span<char> chars = stackalloc char[64];
        if (utf8Name.Length > chars.Length)
            return null;
        var length = Encoding.Latin1.GetChars(utf8Name, chars);
        return _byChars.TryGetValue(chars[..length], out var type) && type is { IsResource: true, IsAbstract: false }
            ? type
            : null;
    }

    /// <summary>True where some type has an element of this name.</summary>
    public bool HasElement(string name)
    {
        _elementNames ??= Types
            .Values.SelectMany(t => t.Elements)
            .Select(e => e.Name)
            .ToFrozenSet(StringComparer.Ordinal);
        return _elementNames.Contains(name);
    }

    /// <summary>True for the name of a concrete resource type.</summary>
    public bool IsResourceType(string name) => FindResource(name) is not null;

    /// <summary>The resource type with this storage number.</summary>
    public TypeDefinition ResourceType(short resourceTypeId) => Resources[resourceTypeId - 1];
}

/// <summary>A search parameter as defined. https://hl7.org/fhir/R4/searchparameter.html</summary>
/// <param name="Code">The name in a query: <c>patient</c>.</param>
/// <param name="Type">The code of its type: <c>token</c>, <c>reference</c>, ...</param>
/// <param name="Bases">The types it applies to; may be <c>Resource</c> or <c>DomainResource</c>.</param>
/// <param name="Expression">FHIRPath, empty for special parameters.</param>
public sealed record SearchParameterDefinition(
    string Url,
    string Code,
    string Type,
    ImmutableArray<string> Bases,
    string Expression,
    ImmutableArray<string> Targets,
    ImmutableArray<SearchParameterComponent> Components
);

/// <summary>One part of a composite parameter: the URL of the part's parameter and the expression below the composite's.</summary>
public sealed record SearchParameterComponent(string Definition, string Expression);

/// <summary>Which resources belong to a patient, practitioner, ... https://hl7.org/fhir/R4/compartmentdefinition.html</summary>
/// <param name="Code">The compartment's type: <c>Patient</c>.</param>
/// <param name="Parameters">Resource type to the codes of the search parameters that link it; types without are not members.</param>
public sealed record CompartmentDefinition(string Code, IReadOnlyDictionary<string, ImmutableArray<string>> Parameters);
