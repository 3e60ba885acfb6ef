using System.Collections.Immutable;

namespace CareCoordination.Workflow.Elements;

/// <summary>A value that an extension of this server has, or a part of one that has several.</summary>
/// <param name="Name">The <c>url</c> of a part; empty for the value itself.</param>
/// <param name="Type">The R4 type of <c>value[x]</c>.</param>
/// <param name="Targets">Of a Reference: the types that it leads to; none for any.</param>
public sealed record OwnValue(string Name, string Type, string Meaning, params ImmutableArray<string> Targets)
{
    public bool IsRequired { get; init; } = true;

    /// <summary>The canonical of the ValueSet of a code, where its codes are of this server.</summary>
    public string? ValueSet { get; init; }
}

/// <summary>An extension that this server writes or reads: what its StructureDefinition says.</summary>
/// <param name="On">The elements that may have it, as <c>Task</c> or <c>Goal.target</c>.</param>
/// <param name="Values">One without a name, or parts.</param>
public sealed record OwnExtension(
    string Url,
    string Title,
    string Meaning,
    ImmutableArray<string> On,
    params ImmutableArray<OwnValue> Values
)
{
    /// <summary>True where an element may have several.</summary>
    public bool Repeats { get; init; }

    public bool IsComplex => Values is not [{ Name: "" }];
}
