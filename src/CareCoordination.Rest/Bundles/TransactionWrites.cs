using System.Collections.Immutable;
using CareCoordination.Application.Definitions;
using CareCoordination.Fhir.Budgets;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search;
using CareCoordination.Fhir.Search.Indexing;

namespace CareCoordination.Rest.Bundles;

/// <summary>
/// The resources that a transaction stores, as searches would find them once it has. References to other entries are resolved.
/// </summary>
internal sealed class TransactionWrites(
    ImmutableArray<TransactionTarget> targets,
    FhirDefinitions definitions,
    WorkBudget budget
)
{
    private readonly ILookup<string, TransactionTarget> _byType = targets
        .Where(t => t.Key is not null && t.Existing is null)
        .ToLookup(t => t.Key!.Value.Type, StringComparer.Ordinal);

    private readonly Dictionary<string, TypeWrites> _read = new(StringComparer.Ordinal);

    /// <summary>
    /// Which of the stored resources meet the criteria; 400 where that cannot be told from them alone.
    /// </summary>
    /// <param name="query">Of <paramref name="asking"/>.</param>
    /// <param name="among">The resources that count.</param>
    public Result<ImmutableArray<TransactionTarget>> Find(
        SearchQuery query,
        TransactionEntry? asking,
        Func<TransactionTarget, bool> among
    )
    {
        if (TouchesChain(query, asking) && CriteriaMatcher.Unanswerable(query) is { } chained)
            return chained;
        if (!_byType.Contains(query.ResourceType))
            return ImmutableArray<TransactionTarget>.Empty;
        var candidates = Read(query.ResourceType).Candidates(query);
        if (budget.Spend(Work.Steps, candidates.Count) is { } exceeded)
            return exceeded;
        var found = ImmutableArray.CreateBuilder<TransactionTarget>();
        foreach (var (target, entries, isOpen) in candidates)
        {
            if (ReferenceEquals(target.Entry, asking) || !among(target))
                continue;
            if (CriteriaMatcher.Unanswerable(query) is { } unanswerable)
                return unanswerable;
            if (isOpen && query.Criteria.Any(c => c is ReferenceCriterion or MissingCriterion))
                return Failure.Invalid(
                    IssueCode.NotSupported,
                    $"{target.Entry.Submitted.Expression} has conditional references, which are resolved last: criteria on references cannot be answered of it."
                );
            if (CriteriaMatcher.Holds(query, target.Key!.Value, entries))
                found.Add(target);
        }

        return found.ToImmutable();
    }

    /// <summary>Where a chain leads, passes or starts, something is written or deleted by another entry.</summary>
    private bool TouchesChain(SearchQuery query, TransactionEntry? asking) =>
        query
            .Criteria.OfType<LinkedCriterion>()
            .SelectMany(c => c.Types.Append(query.ResourceType))
            .Any(type => _byType[type].Any(t => !ReferenceEquals(t.Entry, asking)));

    private TypeWrites Read(string type)
    {
        if (_read.TryGetValue(type, out var read))
            return read;
        var candidates = _byType[type]
            .Where(t => t.Resource is not null)
            .Select(t => new Candidate(
                t,
                EntriesOf(t.Key!.Value, t.Resource!.Document),
                ReferenceRewriter.LocalReferences(t.Resource.Document).Any(r => r.StringUtf8.Contains((byte)'?'))
            ));
        return _read[type] = new TypeWrites([.. candidates]);
    }

    /// <summary>Nothing finds a resource that has too many values: it is refused when it is to be stored.</summary>
    private IndexEntries EntriesOf(ResourceKey key, ResourceDocument document) =>
        definitions.Extractor.Extract(key, document).TryGet(out var entries, out _) ? entries : new IndexEntries();
}

/// <summary>A resource to be stored, and what searches find it by.</summary>
/// <param name="IsOpen">It has conditional references still.</param>
internal sealed record Candidate(TransactionTarget Target, IndexEntries Entries, bool IsOpen);

/// <summary>The resources of one type, by their tokens: criteria mostly name an identifier, and entries are many.</summary>
internal sealed class TypeWrites
{
    private readonly ImmutableArray<Candidate> _all;
    private readonly Dictionary<HashKey, List<Candidate>> _byToken = [];

    public TypeWrites(ImmutableArray<Candidate> all)
    {
        _all = all;
        foreach (var candidate in all)
        {
            foreach (var code in candidate.Entries.Tokens.Select(t => t.Code).Distinct())
            {
                if (!_byToken.TryGetValue(code, out var list))
                    _byToken[code] = list = [];
                list.Add(candidate);
            }
        }
    }

    /// <summary>All that may meet the criteria.</summary>
    public IReadOnlyCollection<Candidate> Candidates(SearchQuery query)
    {
        foreach (var criterion in query.Criteria)
        {
            if (criterion is not TokenCriterion { Not: false, Values: [var only] } token)
                continue;
            return
            [
                .. Fhir
                    .Search.Types.TokenParameter.Lookups(token.Parameter, only)
                    .SelectMany(lookup => _byToken.GetValueOrDefault(lookup.Code, []))
                    .Distinct(),
            ];
        }

        return _all;
    }
}
