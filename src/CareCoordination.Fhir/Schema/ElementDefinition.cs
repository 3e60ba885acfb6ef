using System.Collections.Immutable;
using System.Text;

namespace CareCoordination.Fhir.Schema;

/// <summary>One element of a type. https://hl7.org/fhir/R4/elementdefinition.html</summary>
public sealed class ElementDefinition
{
    public const int Unbounded = int.MaxValue;

    private ReadOnlyMemory<byte> _utf8Name;

    /// <summary>The name in FHIRPath: <c>status</c>, <c>value</c> for <c>value[x]</c>.</summary>
    public required string Name { get; init; }

    public ReadOnlyMemory<byte> Utf8Name => _utf8Name.IsEmpty ? _utf8Name = Encoding.UTF8.GetBytes(Name) : _utf8Name;

    /// <summary>The path where it is defined: <c>CarePlan.activity.detail.status</c>, <c>Observation.value[x]</c>.</summary>
    public required string Path { get; init; }

    public required int Min { get; init; }

    /// <summary><see cref="Unbounded"/> for <c>*</c>.</summary>
    public required int Max { get; init; }

    public bool IsArray => Max > 1;

    /// <summary>True for <c>value[x]</c>: the JSON name carries the type.</summary>
    public required bool IsChoice { get; init; }

    public required bool IsSummary { get; init; }

    public required bool IsModifier { get; init; }

    /// <summary>The allowed types; one for all but choices. A content reference names the type it refers to.</summary>
    public ImmutableArray<ElementType> Types { get; internal set; } = [];

    public CodeBinding? Binding { get; internal set; }

    /// <summary>
    /// Invariants stated on this element alone. What holds for its type is on the type, and what is stated on an element
    /// with children of its own is on its backbone type: a content reference to it is bound by the same rules.
    /// </summary>
    public ImmutableArray<Invariant> Invariants { get; internal set; } = [];

    /// <summary>The property name for one of the types: <c>valueQuantity</c>, or the plain name where there is no choice.</summary>
    public string JsonName(TypeDefinition type) =>
        IsChoice ? $"{Name}{char.ToUpperInvariant(type.Name[0])}{type.Name[1..]}" : Name;

    public override string ToString() => Path;
}

/// <summary>A type an element may have, with the resource types a Reference or canonical may point at (empty: any).</summary>
public sealed record ElementType(TypeDefinition Type, ImmutableArray<string> Targets);

public enum BindingStrength
{
    Required,
    Extensible,
    Preferred,
    Example,
}

/// <summary>The codes an element may or should take.</summary>
/// <param name="ValueSet">The canonical URL, version included where the definition names one.</param>
/// <param name="Codes">The codes where the binding is required and the value set can be enumerated from R4 itself; else null.</param>
public sealed record CodeBinding(BindingStrength Strength, string ValueSet, CodeSet? Codes);

/// <summary>A rule in FHIRPath. https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.constraint</summary>
public sealed record Invariant(string Key, bool IsError, string Expression);

/// <summary>What a JSON property name of a type stands for.</summary>
/// <param name="IsShadow">True for <c>_name</c>, which holds a primitive's id and extensions.</param>
public sealed record PropertyBinding(ElementDefinition Element, TypeDefinition Type, bool IsShadow);
