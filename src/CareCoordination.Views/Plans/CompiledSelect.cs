using System.Collections.Immutable;
using CareCoordination.Fhir.FhirPath;
using CareCoordination.Views.Rows;

namespace CareCoordination.Views.Plans;

/// <summary>A select with its expressions compiled and its columns numbered; those of its parts follow its own.</summary>
internal sealed record CompiledSelect(Iteration Iteration, ImmutableArray<CompiledColumn> Columns)
{
    public ImmutableArray<CompiledSelect> Selects { get; init; } = [];

    /// <summary>Branches, which fill the same cells.</summary>
    public ImmutableArray<CompiledSelect> Union { get; init; } = [];

    /// <summary>All columns of it and its parts, in order; they are cells without a gap.</summary>
    public required ImmutableArray<CompiledColumn> AllColumns { get; init; }
}

/// <param name="Cell">Its place in a row.</param>
/// <param name="Location">Where the view defines it.</param>
internal sealed record CompiledColumn(ViewColumn Column, FhirPathExpression Path, int Cell, string Location)
{
    /// <summary>The one column that a row has a value in where forEachOrNull finds nothing.</summary>
    public bool IsRowIndex { get; } = Path.ToString() == $"%{RowIndex}";

    public const string RowIndex = "rowIndex";
}

/// <summary>How many rows a select has, and on which items.</summary>
/// <param name="Paths">None where the select has one row, on the item of its parent.</param>
internal sealed record Iteration(IterationKind Kind, ImmutableArray<FhirPathExpression> Paths);

internal enum IterationKind
{
    None,
    ForEach,
    ForEachOrNull,
    Repeat,
}
