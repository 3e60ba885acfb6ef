using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search;
using CareCoordination.Fhir.Search.Indexing;

namespace CareCoordination.TestKit;

/// <summary>
/// Search as the specification tells it, one resource after the other over the entries of each: slow and easy to check, to
/// compare the databases with. https://hl7.org/fhir/R4/search.html
/// </summary>
public sealed class SearchOracle(IndexExtractor extractor)
{
    private readonly Dictionary<ResourceKey, Row> _rows = [];
    private long _puts;

    /// <summary>Stores a resource, in place of one with the same key.</summary>
    public void Put(ResourceKey key, ResourceDocument document, DateTimeOffset lastUpdated) =>
        _rows[key] = new Row(key, document, extractor.ExtractAll(key, document), lastUpdated, _puts++);

    public void Remove(ResourceKey key) => _rows.Remove(key);

    /// <summary>All matches, whatever the page size; in the order asked for, ties and unsorted results in that of their first Put.</summary>
    public IReadOnlyList<ResourceKey> Search(SearchQuery query)
    {
        var matches = _rows.Values.Where(row =>
            row.Key.Type == query.ResourceType && query.Criteria.All(c => Holds(c, row))
        );
        return [.. SearchOracleOrder.Sort(matches.ToList(), query.Sort).Select(row => row.Key)];
    }

    /// <summary>What the includes of a query add to its matches; each once, the matches themselves left out.</summary>
    public IReadOnlySet<ResourceKey> Included(SearchQuery query)
    {
        var matches = Search(query).ToHashSet();
        var there = new HashSet<ResourceKey>(matches);
        foreach (var include in query.Includes)
            there.UnionWith(include.IsReverse ? Referring(include, matches) : Referred(include, matches));
        for (var before = 0; before != there.Count; )
        {
            before = there.Count;
            foreach (var include in query.Includes.Where(i => i.IsIterated))
                there.UnionWith([.. include.IsReverse ? Referring(include, there) : Referred(include, there)]);
        }

        there.ExceptWith(matches);
        return there;
    }

    private IEnumerable<ResourceKey> Referred(Include include, HashSet<ResourceKey> matches) =>
        matches
            .Where(key => key.Type == include.SourceType)
            .SelectMany(key => extractor.ReferencesOf(_rows[key].Document, include.Parameter))
            .Where(target => _rows.ContainsKey(target) && (include.TargetType ?? target.Type) == target.Type);

    private IEnumerable<ResourceKey> Referring(Include include, HashSet<ResourceKey> matches) =>
        _rows
            .Values.Where(row => row.Key.Type == include.SourceType)
            .Where(row =>
                extractor
                    .ReferencesOf(row.Document, include.Parameter)
                    .Any(target => matches.Contains(target) && (include.TargetType ?? target.Type) == target.Type)
            )
            .Select(row => row.Key);

    private bool Holds(Criterion criterion, Row row) =>
        criterion switch
        {
            IdCriterion id => id.Ids.Contains(row.Key.Id),
            OtherThanCriterion others => !others.Ids.Contains(row.Key.Id),
            LastUpdatedCriterion date => date.Values.Any(value => SearchOracleValues.Holds(value, row.Instant)),
            MissingCriterion missing => Has(row, missing.Parameter) != missing.IsMissing,
            CompartmentCriterion compartment => row.Entries.Patients.Contains(compartment.Patient)
                || (compartment.IsOfPatients && row.Key == compartment.Patient),
            ChainCriterion { Parts: { IsEmpty: false } parts } chain => parts.Any(part => Holds(part, row))
                || (!chain.Reference.IsEmbedded && Holds(chain with { Parts = [] }, row)),
            PartCriterion part => row.Entries.Tokens.Exists(entry =>
                entry.Code == part.Parts
                && (
                    part.Missing is not { } missing
                    || ((unchecked((ulong)entry.System) & (1UL << missing.Parameter.PresenceBit)) == 0)
                        == missing.IsMissing
                )
                && (part.Not is not { } not || !Holds(not, row))
            ),
            HasCriterion has => row.Key.Type == has.TargetType
                && _rows.Values.Any(other =>
                    other.Key.Type == has.Reference.ResourceType
                    && other.Entries.References.Contains(new ReferenceEntry(has.Reference.Id, row.Key))
                    && Holds(has.Inner, other)
                ),
            ChainCriterion chain => row
                .Entries.References.Where(reference => reference.Parameter == chain.Reference.Id)
                .Any(reference =>
                    _rows.TryGetValue(reference.Target, out var target)
                    && chain.Inner.Any(inner => inner.Type == target.Key.Type && Holds(inner.Criterion, target))
                ),
            _ => SearchOracleValues.Holds(criterion, row.Entries),
        };

    private static bool Has(Row row, SearchParameter parameter) =>
        (row.Entries.Presence & (1UL << parameter.PresenceBit)) != 0;
}

/// <param name="Sequence">Its place among all that was put: several may have one time.</param>
internal sealed record Row(
    ResourceKey Key,
    ResourceDocument Document,
    IndexEntries Entries,
    DateTimeOffset LastUpdated,
    long Sequence
)
{
    /// <summary>Versions are stamped with whole milliseconds.</summary>
    public DateRange Instant => new(LastUpdated.UtcTicks, LastUpdated.UtcTicks + TimeSpan.TicksPerMillisecond);
}
