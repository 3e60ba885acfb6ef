using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Engines;

/// <summary>Everything a transaction writes, by table. Removals come first, so that a row may be removed and added again.</summary>
internal sealed class StagedRows
{
    public RowBuffer NewHeads { get; } = new(FhirTables.Resource);

    /// <summary>Whole rows; their keys stay.</summary>
    public RowBuffer ChangedHeads { get; } = new(FhirTables.Resource);

    public RowBuffer Versions { get; } = new(FhirTables.ResourceVersion);

    public IndexRows Added { get; } = new();

    public IndexRows Removed { get; } = new();

    public bool IsEmpty => Versions.Count == 0 && NewHeads.Count == 0;

    public void Clear()
    {
        NewHeads.Clear();
        ChangedHeads.Clear();
        Versions.Clear();
        Added.Clear();
        Removed.Clear();
    }
}

/// <summary>Rows of all index tables.</summary>
internal sealed class IndexRows
{
    public IndexRows() => All = [Tokens, Strings, Dates, Numbers, Quantities, References, Uris, Composites];

    public RowBuffer Tokens { get; } = new(FhirTables.TokenIndex);

    public RowBuffer Strings { get; } = new(FhirTables.StringIndex);

    public RowBuffer Dates { get; } = new(FhirTables.DateIndex);

    public RowBuffer Numbers { get; } = new(FhirTables.NumberIndex);

    public RowBuffer Quantities { get; } = new(FhirTables.QuantityIndex);

    public RowBuffer References { get; } = new(FhirTables.ReferenceIndex);

    public RowBuffer Uris { get; } = new(FhirTables.UriIndex);

    public RowBuffer Composites { get; } = new(FhirTables.CompositeIndex);

    public RowBuffer[] All { get; }

    public void Clear()
    {
        foreach (var rows in All)
            rows.Clear();
    }
}
