using System.Collections.Immutable;
using CareCoordination.Application.Definitions;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Search;
using CareCoordination.Fhir.Search.Indexing;
using CareCoordination.Storage;

namespace CareCoordination.Application.Audit;

/// <summary>What a search finds in the audit trail.</summary>
/// <param name="Next">The row at which the next page starts; null: there are no more.</param>
internal sealed record FoundRows(ImmutableArray<StoredResource> Rows, long? Next);

/// <summary>
/// Searches the audit trail as if its rows were stored AuditEvents: whom or what they name and when they were recorded is looked up, and
/// everything else that a search of AuditEvent may ask is asked of the rows that are left, as they would be indexed.
/// </summary>
/// <param name="rows">Rows of the trail, as the caller may see them.</param>
internal sealed class AuditFinder(IStoreReads rows, FhirDefinitions definitions)
{
    /// <summary>A page ends after so many rows that were looked at: the next link goes on.</summary>
    private const int MaxRows = 5_000;

    /// <summary>Beyond it nobody counts.</summary>
    private const int MaxCounted = 100_000;

    /// <summary>Told where a search asks for what rows refer to.</summary>
    public static readonly Issue NotIncluded = Issue.Warning(
        IssueCode.Incomplete,
        "What events of the audit trail refer to is not included: ask for it by its reference."
    );

    /// <summary>Why the trail is not searched so; null where it can be.</summary>
    public static Failure? Refuse(SearchQuery query)
    {
        if (query.Criteria.Any(c => c is LinkedCriterion or CompositeCriterion or CompartmentCriterion))
            return NotSupported(
                "The audit trail is searched by what its events say themselves: chains and _has cannot be answered."
            );
        return query.Sort is [] or [{ By: SortBy.LastUpdated }] or [{ Parameter.Code: "date" }]
            ? null
            : NotSupported("The audit trail is sorted by date or -date, or by _lastUpdated.");
    }

    /// <param name="count">How many are wanted.</param>
    /// <param name="start">The row at which the page starts; null: the first page.</param>
    public async Task<FoundRows> FindAsync(
        SearchQuery query,
        int count,
        long? start,
        CancellationToken cancellationToken
    )
    {
        var asked = await AskAsync(query, start, cancellationToken);
        var found = ImmutableArray.CreateBuilder<StoredResource>();
        for (var looked = 0; asked is not null; )
        {
            var page = await rows.AuditAsync(asked, cancellationToken);
            foreach (var row in page.Rows)
            {
                if (found.Count == count || looked++ == MaxRows)
                    return new(found.DrainToImmutable(), row.Sequence);
                var resource = AuditEvents.Of(row);
                if (Holds(query, resource))
                    found.Add(resource);
            }

            asked = asked.From(page.Next);
        }

        return new(found.DrainToImmutable(), null);
    }

    /// <summary>How many there are; null: more than anybody counts.</summary>
    public async Task<long?> CountAsync(SearchQuery query, CancellationToken cancellationToken)
    {
        var asked = await AskAsync(query, null, cancellationToken);
        var (count, looked) = (0L, 0);
        while (asked is not null)
        {
            var page = await rows.AuditAsync(asked, cancellationToken);
            looked += page.Rows.Length;
            if (looked > MaxCounted)
                return null;
            count += page.Rows.Count(row => Holds(query, AuditEvents.Of(row)));
            asked = asked.From(page.Next);
        }

        return count;
    }

    private bool Holds(SearchQuery query, StoredResource resource)
    {
        if (query.Criteria.IsEmpty)
            return true;
        var entries = definitions.Extractor.ExtractAll(resource.Key, ResourceDocument.Parse(resource.Utf8Json).Value);
        return CriteriaMatcher.Holds(
            query with
            {
                Criteria = [.. query.Criteria.Select(AsDate)],
            },
            resource.Key,
            entries
        );
    }

    /// <summary>A row is stored when it is recorded.</summary>
    private Criterion AsDate(Criterion criterion) =>
        criterion is LastUpdatedCriterion updated
            ? new DateCriterion(definitions.SearchParameters.Find(ResourceTypes.AuditEvent, "date")!, updated.Values)
            : criterion;

    /// <summary>Null where no row can be meant.</summary>
    private async Task<AuditQuery?> AskAsync(SearchQuery query, long? start, CancellationToken cancellationToken)
    {
        var asked = new AuditQuery { IsDescending = query.Sort is not [{ Descending: false }] };
        foreach (var criterion in query.Criteria)
        {
            asked = criterion switch
            {
                DateCriterion { Parameter.Code: "date" } date => await WithinAsync(
                    asked,
                    date.Values,
                    cancellationToken
                ),
                LastUpdatedCriterion updated => await WithinAsync(asked, updated.Values, cancellationToken),
                IdCriterion ids => Among(asked, ids),
                ReferenceCriterion reference when LooksUp(reference, asked) => asked with
                {
                    References = [.. reference.Values.SelectMany(ReferencesOf)],
                },
                _ => asked,
            };
        }

        if (start is { } row)
            asked = asked.IsDescending ? asked with { Last = Math.Min(asked.Last, row) } : asked with { First = row };
        return asked.First > asked.Last ? null : asked;
    }

    /// <summary>
    /// Rows are looked up by one parameter, by a person only where no resource is asked for. By this server itself, or by an organization, as
    /// who acted they are not looked up.
    /// </summary>
    private static bool LooksUp(ReferenceCriterion reference, AuditQuery asked) =>
        reference.Parameter.Code is "entity" or "patient"
        || (
            reference.Parameter.Code == "agent"
            && asked.References.IsEmpty
            && !reference.Values.Any(v =>
                v.Targets.Any(t => t.Type is ResourceTypes.Device or ResourceTypes.Organization)
            )
        );

    private IEnumerable<string> ReferencesOf(ReferenceValue value) =>
        value.Url is { } url
            ? LiteralReference.Parse(url, definitions.Schema.IsResourceType) is { HasKey: true } literal
                ? [literal.Key.ToString()]
                : [url]
            : value.Targets.Select(t => t.ToString());

    private static AuditQuery Among(AuditQuery asked, IdCriterion ids)
    {
        var sequences = ids
            .Ids.Select(id => AuditEvents.SequenceOf(new ResourceKey(ResourceTypes.AuditEvent, id)))
            .OfType<long>()
            .ToList();
        return sequences.Count == 0
            ? asked with
            {
                Last = 0,
            }
            : asked with
            {
                First = Math.Max(asked.First, sequences.Min()),
                Last = Math.Min(asked.Last, sequences.Max()),
            };
    }

    /// <summary>The part of the trail that can be meant by times.</summary>
    private async Task<AuditQuery> WithinAsync(
        AuditQuery asked,
        ImmutableArray<DateValue> values,
        CancellationToken cancellationToken
    )
    {
        var start = values.Min(v => StartOf(v));
        var end = values.Max(v => EndOf(v));
        if (start > DateRange.MinTicks)
            asked = asked with { First = Math.Max(asked.First, await SinceAsync(start, cancellationToken)) };
        if (end < DateRange.MaxTicks)
            asked = asked with { Last = Math.Min(asked.Last, await SinceAsync(end, cancellationToken) - 1) };
        return asked;
    }

    private Task<long> SinceAsync(long ticks, CancellationToken cancellationToken) =>
        rows.AuditSinceAsync(new DateTimeOffset(ticks, TimeSpan.Zero), cancellationToken);

    private static long StartOf(DateValue value) =>
        value.Prefix switch
        {
            SearchPrefix.Ne or SearchPrefix.Lt or SearchPrefix.Le or SearchPrefix.Eb => DateRange.MinTicks,
            _ => value.Range.Start,
        };

    private static long EndOf(DateValue value) =>
        value.Prefix switch
        {
            SearchPrefix.Ne or SearchPrefix.Gt or SearchPrefix.Ge or SearchPrefix.Sa => DateRange.MaxTicks,
            _ => value.Range.End,
        };

    private static Failure NotSupported(string sentence) => Failure.Invalid(IssueCode.NotSupported, sentence);
}
