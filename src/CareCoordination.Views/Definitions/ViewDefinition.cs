using System.Collections.Immutable;

namespace CareCoordination.Views.Definitions;

/// <summary>
/// A table over one type of resource: which rows a resource gives, and what stands in their columns, in FHIRPath.
/// https://build.fhir.org/ig/FHIR/sql-on-fhir-v2/StructureDefinition-ViewDefinition.html
/// </summary>
/// <param name="Resource">The type whose resources give rows.</param>
public sealed record ViewDefinition(string Resource, ImmutableArray<ViewSelect> Select)
{
    /// <summary>The name of the type, and the element that faults start from.</summary>
    public const string TypeName = "ViewDefinition";

    /// <summary>The <c>resourceType</c> of version 2.0.0, where it was a logical model.</summary>
    public const string LogicalModel = "https://sql-on-fhir.org/ig/StructureDefinition/ViewDefinition";

    public string? Id { get; init; }

    public string? Url { get; init; }

    public string? Version { get; init; }

    /// <summary>What a table made of it is called.</summary>
    public string? Name { get; init; }

    public string? Title { get; init; }

    public string? Description { get; init; }

    public ImmutableArray<ViewConstant> Constants { get; init; } = [];

    /// <summary>What must hold for a resource to give rows; all of them.</summary>
    public ImmutableArray<ViewCondition> Where { get; init; } = [];
}

/// <summary>Columns, further selects and a union below one element, or below each element of an iteration.</summary>
/// <param name="Location">Where it stands: <c>ViewDefinition.select[0]</c>.</param>
public sealed record ViewSelect(string Location)
{
    public ImmutableArray<ViewColumnDefinition> Columns { get; init; } = [];

    /// <summary>Their rows are joined with each other, each with each.</summary>
    public ImmutableArray<ViewSelect> Select { get; init; } = [];

    /// <summary>Their rows are put one after the other.</summary>
    public ImmutableArray<ViewSelect> UnionAll { get; init; } = [];

    /// <summary>A row for each item; none where there is no item.</summary>
    public string? ForEach { get; init; }

    /// <summary>A row for each item; one of nulls where there is no item.</summary>
    public string? ForEachOrNull { get; init; }

    /// <summary>Paths that are followed again from all that they find; a row for each item found.</summary>
    public ImmutableArray<string> Repeat { get; init; } = [];
}

/// <param name="Location">Where it stands: <c>ViewDefinition.select[0].column[1]</c>.</param>
public sealed record ViewColumnDefinition(string Location, string Name, string Path)
{
    /// <summary>The FHIR type, by name or by the URL of its definition.</summary>
    public string? Type { get; init; }

    /// <summary>True where a cell may hold several values.</summary>
    public bool IsCollection { get; init; }

    /// <summary>The tag <c>ansi/type</c>: a type of SQL.</summary>
    public string? AnsiType { get; init; }

    public string? Description { get; init; }
}

/// <summary><c>%name</c> in the expressions of a view.</summary>
/// <param name="Type">The FHIR type that its property names: <c>code</c> for <c>valueCode</c>.</param>
/// <param name="Text">The value as text.</param>
public sealed record ViewConstant(string Location, string Name, string Type, string Text);

public sealed record ViewCondition(string Location, string Path);
