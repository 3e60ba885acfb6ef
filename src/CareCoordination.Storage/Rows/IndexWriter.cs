using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Rows;

/// <summary>Turns index entries into rows, for what differs between two versions of a resource.</summary>
internal static class IndexWriter
{
    public static void Stage(
        StagedRows rows,
        long resource,
        IndexEntries? before,
        IndexEntries? after,
        Func<ResourceKey, long> keyOf
    )
    {
        StageTexts(rows, resource, before, after);
        StageRanges(rows, resource, before, after);
        StageReferences(rows, resource, before, after, keyOf);
    }

    /// <summary>
    /// Replaces whatever rows a resource has. In the tables that cannot be asked for them, those of <paramref name="after"/> go where they
    /// are there already, and come again.
    /// </summary>
    /// <param name="before">What this transaction may have written before.</param>
    public static void StageAnew(
        StagedRows rows,
        long resource,
        IndexEntries? before,
        IndexEntries after,
        Func<ResourceKey, long> keyOf
    )
    {
        foreach (var table in rows.RemovedIndex)
            table.Add(resource);
        Stage(rows, resource, before, null, keyOf);
        if (!ReferenceEquals(before, after))
            Stage(rows, resource, after, null, keyOf);
        Stage(rows, resource, null, after, keyOf);
    }

    private static void StageTexts(StagedRows rows, long resource, IndexEntries? before, IndexEntries? after)
    {
        var (removed, added) = (rows.Removed, rows.Added);
        IndexDiff.Compare(
            before?.Tokens,
            after?.Tokens,
            e => Add(removed.Tokens, e, resource),
            e => Add(added.Tokens, e, resource)
        );
        IndexDiff.Compare(
            before?.Strings,
            after?.Strings,
            e => Add(removed.Strings, e, resource),
            e => Add(added.Strings, e, resource)
        );
        IndexDiff.Compare(
            before?.Uris,
            after?.Uris,
            e => Add(removed.Uris, e, resource),
            e => Add(added.Uris, e, resource)
        );
        IndexDiff.Compare(
            before?.Composites,
            after?.Composites,
            e => Add(removed.Composites, e, resource),
            e => Add(added.Composites, e, resource)
        );
    }

    private static void StageRanges(StagedRows rows, long resource, IndexEntries? before, IndexEntries? after)
    {
        var (removed, added) = (rows.Removed, rows.Added);
        IndexDiff.Compare(
            before?.Dates,
            after?.Dates,
            e => Add(removed.Dates, e, resource),
            e => Add(added.Dates, e, resource)
        );
        IndexDiff.Compare(
            before?.Numbers,
            after?.Numbers,
            e => Add(removed.Numbers, e, resource),
            e => Add(added.Numbers, e, resource)
        );
        IndexDiff.Compare(
            before?.Quantities,
            after?.Quantities,
            e => Add(removed.Quantities, e, resource),
            e => Add(added.Quantities, e, resource)
        );
    }

    private static void StageReferences(
        StagedRows rows,
        long resource,
        IndexEntries? before,
        IndexEntries? after,
        Func<ResourceKey, long> keyOf
    )
    {
        var (removed, added) = (rows.Removed, rows.Added);
        IndexDiff.Compare(
            before?.References,
            after?.References,
            e => removed.References.Add(keyOf(e.Target)).Add(e.Parameter).Add(resource),
            e => added.References.Add(keyOf(e.Target)).Add(e.Parameter).Add(resource)
        );
        IndexDiff.Compare(
            before?.Patients,
            after?.Patients,
            p => removed.References.Add(keyOf(p)).Add(FhirTables.CompartmentParameter).Add(resource),
            p => added.References.Add(keyOf(p)).Add(FhirTables.CompartmentParameter).Add(resource)
        );
    }

    private static void Add(RowBuffer rows, TokenEntry e, long resource) =>
        rows.Add(e.Code.Key).Add(e.Code.Check).Add(resource).Add(e.System);

    private static void Add(RowBuffer rows, StringEntry e, long resource) =>
        rows.Add(e.Parameter).Add(IndexText.Cut(e.Value, FhirTables.MaxStringLength)).Add(resource).Add(e.Exact);

    private static void Add(RowBuffer rows, DateEntry e, long resource) =>
        rows.Add(e.Parameter).Add(e.Range.Start).Add(e.Range.End).Add(resource);

    private static void Add(RowBuffer rows, NumberEntry e, long resource) =>
        rows.Add(e.Parameter).Add(e.Low).Add(e.High).Add(resource);

    private static void Add(RowBuffer rows, QuantityEntry e, long resource) =>
        rows.Add(e.Parameter).Add(e.Low).Add(e.High).Add(e.System).Add(e.Unit).Add(resource);

    private static void Add(RowBuffer rows, UriEntry e, long resource) =>
        rows.Add(e.Parameter)
            .Add(IndexText.Cut(e.Value, FhirTables.MaxUriLength))
            .Add(IndexText.UriHash(e.Value))
            .Add(resource);

    private static void Add(RowBuffer rows, CompositeEntry e, long resource) =>
        rows.Add(e.First.Key)
            .Add(e.First.Check)
            .Add(resource)
            .Add(e.FirstSystem)
            .Add(e.SecondCode)
            .Add(e.SecondSystem)
            .Add(e.Low)
            .Add(e.High)
            .Add(IndexText.Cut(e.Text ?? "", FhirTables.MaxStringLength));
}
