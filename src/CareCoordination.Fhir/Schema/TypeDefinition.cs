using System.Collections.Immutable;
using System.Text;

namespace CareCoordination.Fhir.Schema;

public enum TypeKind
{
    Primitive,
    Complex,

    /// <summary>The type of an element with children of its own: <c>CarePlan.activity</c>.</summary>
    Backbone,
    Resource,
}

/// <summary>A FHIR type: a primitive, a data type, a backbone element or a resource. One instance per schema.</summary>
public sealed class TypeDefinition
{
    private PropertyTable? _properties;

    internal TypeDefinition(FhirSchema schema, string name, TypeKind kind, bool isAbstract)
    {
        Schema = schema;
        Name = name;
        Utf8Name = Encoding.UTF8.GetBytes(name);
        Kind = kind;
        IsAbstract = isAbstract;
    }

    public FhirSchema Schema { get; }

    /// <summary><c>CarePlan</c>, <c>HumanName</c>, <c>dateTime</c>, or the path of a backbone: <c>CarePlan.activity</c>.</summary>
    public string Name { get; }

    public ReadOnlyMemory<byte> Utf8Name { get; }

    public TypeKind Kind { get; }

    public bool IsAbstract { get; }

    /// <summary>The type this one specialises: <c>DomainResource</c>, <c>BackboneElement</c>, <c>string</c> for <c>code</c>.</summary>
    public TypeDefinition? Base { get; internal set; }

    /// <summary>All elements, inherited ones included, in the order of the specification.</summary>
    public ImmutableArray<ElementDefinition> Elements { get; internal set; } = [];

    /// <summary>Invariants stated on the type itself; those of <see cref="Base"/> hold as well and are not repeated.</summary>
    public ImmutableArray<Invariant> Invariants { get; internal set; } = [];

    /// <summary>
    /// For resource types the number that stands for the type in storage: its place in the alphabetical list of R4 types,
    /// from 1, and after them those of additional types. 0 for other types.
    /// </summary>
    public short ResourceTypeId { get; internal set; }

    /// <summary>True for a resource type that R4 does not have: R4's own lists of types do not name it.</summary>
    public bool IsAdditional =>
        ResourceTypeId > 0 && Schema.CodeSets.TryGetValue(ListOfTypes, out var types) && !types.Contains(Name);

    private const string ListOfTypes = "http://hl7.org/fhir/ValueSet/resource-types";

    public bool IsPrimitive => Kind == TypeKind.Primitive;

    public bool IsResource => Kind == TypeKind.Resource;

    /// <summary>
    /// What a JSON property of this type means: <c>valueQuantity</c> is element <c>value</c> as Quantity, <c>_status</c> is
    /// element <c>status</c>'s id and extensions. Null for names the type does not have.
    /// </summary>
    public PropertyBinding? Property(ReadOnlySpan<byte> jsonName) =>
        (_properties ??= new PropertyTable(Elements)).Find(jsonName);

    /// <summary>The element with this FHIRPath name (<c>value</c> for <c>value[x]</c>), or null.</summary>
    public ElementDefinition? Element(string name)
    {
        foreach (var element in Elements)
        {
            if (element.Name == name)
                return element;
        }

        return null;
    }

    /// <summary>True where this type is <paramref name="other"/> or specialises it.</summary>
    public bool Is(TypeDefinition other)
    {
        for (var type = this; type is not null; type = type.Base)
        {
            if (ReferenceEquals(type, other))
                return true;
        }

        return false;
    }

    public override string ToString() => Name;
}
