using System.Collections.Immutable;
using CareCoordination.Fhir.FhirPath.Values;
using CareCoordination.Fhir.Schema;

namespace CareCoordination.Fhir.FhirPath;

/// <summary>The types an expression can give, as far as its text tells; <c>default</c> is any.</summary>
public readonly struct FhirPathType
{
    // One of both, in one place: compiling keeps types on the stack, of which it needs much as it is.
    private readonly object? _types;

    private FhirPathType(ImmutableArray<TypeDefinition> types) => _types = types.IsEmpty ? null : types.ToArray();

    private FhirPathType(FhirPathKind system) => _types = system == FhirPathKind.None ? null : Kinds[(int)system];

    private static readonly object[] Kinds = [.. Enum.GetValues<FhirPathKind>().Select(kind => (object)kind)];

    public static FhirPathType Any => default;

    /// <summary>The FHIR types it can be; none where it is of a System type, or of any.</summary>
    public IReadOnlyList<TypeDefinition> FhirTypes => _types as TypeDefinition[] ?? [];

    /// <summary>The System type of what functions, operators and literals give; None for FHIR types, and where it is not known.</summary>
    public FhirPathKind System => _types is FhirPathKind kind ? kind : FhirPathKind.None;

    /// <summary>True where the text does not tell.</summary>
    public bool IsUnknown => _types is null;

    /// <summary>The only System type that values of this stand for; None where there are several, or none.</summary>
    public FhirPathKind Kind
    {
        get
        {
            if (_types is not TypeDefinition[] types)
                return System;
            var kind = SystemTypes.KindOf(types[0]);
            return Array.TrueForAll(types, type => SystemTypes.KindOf(type) == kind) ? kind : FhirPathKind.None;
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
        if (_types is TypeDefinition[] types && other._types is TypeDefinition[] others)
            return new([.. types.Union(others)]);
        return Kind != FhirPathKind.None && Kind == other.Kind ? new(Kind) : Any;
    }

    /// <summary>True where names have to be of some type, because no type is known.</summary>
    internal bool IsAny => _types is not TypeDefinition[];

    /// <summary>The type of a child; false where no type this can be has it.</summary>
    internal bool TryChild(string name, out FhirPathType child)
    {
        child = Any;
        if (_types is not TypeDefinition[] parents)
            return true;
        // A set: value.extension.value would have each type as often as there are ways to it, which grow with every step.
        var types = new HashSet<TypeDefinition>();
        var found = false;
        foreach (var type in parents)
        {
            if (type.Element(name) is not { } definition)
            {
                if (!type.IsPrimitive || name != "value")
                    continue;
                // The value of a primitive is of no FHIR type.
                child = parents.Length == 1 ? new(SystemTypes.KindOf(type)) : Any;
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
        _types is TypeDefinition[] types ? string.Join(" or ", types.Select(t => t.Name))
        : System != FhirPathKind.None ? System.ToString()
        : "any type";
}
