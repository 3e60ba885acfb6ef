using System.Collections.Immutable;
using CareCoordination.Fhir.Schema;

namespace CareCoordination.Fhir.FhirPath;

/// <summary>The FHIR types an expression can give, as far as its text tells; <c>default</c> is any.</summary>
internal readonly struct StaticType
{
    private readonly ImmutableArray<TypeDefinition> _types;

    private StaticType(ImmutableArray<TypeDefinition> types) => _types = types;

    public static StaticType Any => default;

    public static StaticType Of(TypeDefinition? type) =>
        // An abstract type stands for any of its specialisations.
        type is null
        || type.IsAbstract
            ? Any
            : new([type]);

    public bool IsAny => _types.IsDefault;

    /// <summary>The type of a child; false where no type this can be has it.</summary>
    public bool TryChild(string name, out StaticType child)
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
                // The value of a primitive is of no FHIR type.
                if (type.IsPrimitive && name == "value")
                    return true;
                continue;
            }

            found = true;
            types.UnionWith(definition.Types.Select(t => t.Type));
        }

        if (!types.Any(t => t.IsAbstract))
            child = new([.. types]);
        return found;
    }

    public override string ToString() =>
        _types.IsDefault ? "any type" : string.Join(" or ", _types.Select(t => t.Name));
}
