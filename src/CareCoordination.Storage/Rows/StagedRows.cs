using System.Collections.Immutable;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Rows;

/// <summary>Everything a transaction writes, by table. Removals come first, so that a row may be removed and added again.</summary>
internal sealed class StagedRows
{
    public StagedRows()
    {
        Removals =
        [
            .. Removed.All,
            .. RemovedIndex,
            .. RemovedProjections,
            RemovedReadings,
            RemovedRelations,
            RemovedConsentRules,
            RemovedSharedPatients,
            .. Outbox.Removed,
            .. State.Removed,
            .. Audit.Removed,
        ];
        Additions =
        [
            .. Added.All,
            WorkItems,
            PatientFacts,
            Timers,
            Readings,
            SharedPatients,
            Relations,
            ConsentRules,
            .. Outbox.Added,
            .. State.Added,
            .. Audit.Added,
        ];
    }

    public RowBuffer NewHeads { get; } = new(FhirTables.Resource);

    /// <summary>Whole rows; their keys stay.</summary>
    public RowBuffer ChangedHeads { get; } = new(FhirTables.Resource);

    public RowBuffer Versions { get; } = new(FhirTables.ResourceVersion);

    public IndexRows Added { get; } = new();

    public IndexRows Removed { get; } = new();

    /// <summary>The resources whose rows go, in each index table that can be asked for them.</summary>
    public ImmutableArray<RowBuffer> RemovedIndex { get; } =
    [.. FhirTables.IndexRowsOfOne.Select(t => new RowBuffer(t))];

    public RowBuffer WorkItems { get; } = new(FhirTables.WorkItem);

    public RowBuffer PatientFacts { get; } = new(FhirTables.PatientFact);

    public RowBuffer Timers { get; } = new(FhirTables.Timer);

    public RowBuffer Readings { get; } = new(FhirTables.Reading);

    /// <summary>The Observations whose readings go.</summary>
    public RowBuffer RemovedReadings { get; } = new(FhirTables.ReadingsOfOne);

    public RowBuffer SharedPatients { get; } = new(FhirTables.SharedPatient);

    /// <summary>The versions whose patients are written anew.</summary>
    public RowBuffer RemovedSharedPatients { get; } = new(FhirTables.SharedPatientsOfOne);

    public RowBuffer Relations { get; } = new(FhirTables.CareRelation);

    /// <summary>The resources whose relations go.</summary>
    public RowBuffer RemovedRelations { get; } = new(FhirTables.RelationsOfOne);

    public RowBuffer ConsentRules { get; } = new(FhirTables.ConsentRule);

    /// <summary>The Consents whose rules go.</summary>
    public RowBuffer RemovedConsentRules { get; } = new(FhirTables.ConsentRulesOfOne);

    /// <summary>The resources whose kept rows go, in each table that has one row of a resource.</summary>
    public ImmutableArray<RowBuffer> RemovedProjections { get; } =
    [.. FhirTables.ProjectionKeys.Select(t => new RowBuffer(t))];

    public OutboxRows Outbox { get; } = new();

    public StateRows State { get; } = new();

    public AuditRows Audit { get; } = new();

    public ImmutableArray<RowBuffer> Removals { get; }

    public ImmutableArray<RowBuffer> Additions { get; }

    public void Remove(StrayRow stray)
    {
        var table = FhirTables.KeyedByValue[stray.Table];
        var removed = Removed.All.Single(rows => ReferenceEquals(rows.Table, table));
        for (var i = 0; i < stray.Values.Length; i++)
            removed.Column(i).Add(stray.Values[i]);
    }

    public bool IsEmpty =>
        NewHeads.Count == 0
        && ChangedHeads.Count == 0
        && Versions.Count == 0
        && Removals.All(rows => rows.Count == 0)
        && Additions.All(rows => rows.Count == 0);

    public void Clear()
    {
        NewHeads.Clear();
        ChangedHeads.Clear();
        Versions.Clear();
        foreach (var rows in Removals)
            rows.Clear();
        foreach (var rows in Additions)
            rows.Clear();
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
}
