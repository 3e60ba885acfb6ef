using System.Collections.Immutable;
using CareCoordination.Fhir.FhirPath.Values;
using CareCoordination.Fhir.Schema;

namespace CareCoordination.Fhir.FhirPath;

/// <summary>The types an expression can give, as far as its text tells; <c>default</c> is any.</summary>
public readonly struct FhirPathType
{
    private readonly ImmutableArray<TypeDefinition> _types;

    private FhirPathType(ImmutableArray<TypeDefinition> types) => _types = types;

    private FhirPathType(FhirPathKind system) => System = system;

    public static FhirPathType Any => default;

    /// <summary>The FHIR types it can be; none where it is of a System type, or of any.</summary>
    public ImmutableArray<TypeDefinition> FhirTypes => _types.IsDefault ? [] : _types;

    /// <summary>The System type of what functions, operators and literals give; None for FHIR types, and where it is not known.</summary>
    public FhirPathKind System { get; }

    /// <summary>True where the text does not tell.</summary>
    public bool IsUnknown => _types.IsDefault && System == FhirPathKind.None;

    /// <summary>The only System type that values of this stand for; None where there are several, or none.</summary>
    public FhirPathKind Kind
    {
        get
        {
            if (_types.IsDefaultOrEmpty)
                return System;
            var kind = SystemTypes.KindOf(_types[0]);
            foreach (var type in _types)
            {
                if (SystemTypes.KindOf(type) != kind)
                    return FhirPathKind.None;
            }

            return kind;
        }
    }

    /// <summary>The System type that values of a FHIR type stand for; None for complex types but quantities.</summary>
    public static FhirPathKind KindOf(TypeDefinition type) => SystemTypes.KindOf(type);

    public static FhirPathType Of(TypeDefinition? type) =>
        // An abstract type stands for any of its specialisations.
        type is null
        || type.IsAbstract
            ? Any
            : new([type]);

    public static FhirPathType Of(FhirPathKind system) => new(system);

    /// <summary>What is of either.</summary>
    public FhirPathType Or(FhirPathType other)
    {
        if (IsUnknown || other.IsUnknown)
            return Any;
        if (!_types.IsDefault && !other._types.IsDefault)
            return new([.. _types.Union(other._types)]);
        return Kind != FhirPathKind.None && Kind == other.Kind ? new(Kind) : Any;
    }

    /// <summary>True where names have to be of some type, because no type is known.</summary>
    internal bool IsAny => _types.IsDefault;

    /// <summary>The type of a child; false where no type this can be has it.</summary>
    internal bool TryChild(string name, out FhirPathType child)
    {
        child = Any;
        if (_types.IsDefault)
            return true;
        // A set: value.extension.value would have each type as often as there are ways to it, which grow with every step.
        var types = new HashSet<TypeDefinition>();
        var found = false;
        foreach (var type in _types)
        {
            if (type.Element(name) is not { } definition)
            {
                if (!type.IsPrimitive || name != "value")
                    continue;
                // The value of a primitive is of no FHIR type.
                child = _types.Length == 1 ? new(SystemTypes.KindOf(type)) : Any;
                return true;
            }

            found = true;
            types.UnionWith(definition.Types.Select(t => t.Type));
        }

        if (!types.Any(t => t.IsAbstract))
            child = new([.. types]);
        return found;
    }

    public override string ToString() =>
        !_types.IsDefault ? string.Join(" or ", _types.Select(t => t.Name))
        : System != FhirPathKind.None ? System.ToString()
        : "any type";
}
