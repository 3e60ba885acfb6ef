using System.Collections.Immutable;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Reads;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Search;

namespace CareCoordination.Application.Interactions;

/// <summary>
/// <c>EpisodeOfCare?manager=</c> asks for a caseload, and a person and their roles are one worker: it finds the episodes of all of them.
/// Parameters of R4 find what they name and nothing else.
/// </summary>
public sealed class ManagerSearch(CareWorkers workers, FhirDefinitions definitions)
{
    /// <summary>The same query where it asks for no manager, which costs nothing.</summary>
    public ValueTask<SearchQuery> WidenAsync(SearchQuery query, CancellationToken cancellationToken)
    {
        foreach (var criterion in query.Criteria)
        {
            if (AsksForManager(criterion))
                return new(WidenAllAsync(query, cancellationToken));
        }

        return new(query);
    }

    private async Task<SearchQuery> WidenAllAsync(SearchQuery query, CancellationToken cancellationToken)
    {
        var criteria = ImmutableArray.CreateBuilder<Criterion>(query.Criteria.Length);
        foreach (var criterion in query.Criteria)
            criteria.Add(await WidenAsync(criterion, cancellationToken));
        return query with { Criteria = criteria.ToImmutable() };
    }

    private static bool AsksForManager(Criterion criterion) =>
        criterion switch
        {
            ReferenceCriterion reference => reference.Parameter.Url == CareSearchParameters.Manager,
            LinkedCriterion linked => linked.Links.Any(link => AsksForManager(link.Criterion)),
            _ => false,
        };

    private async Task<Criterion> WidenAsync(Criterion criterion, CancellationToken cancellationToken)
    {
        if (!AsksForManager(criterion))
            return criterion;
        if (criterion is HasCriterion has)
            return has with { Inner = await WidenAsync(has.Inner, cancellationToken) };
        if (criterion is ChainCriterion chain)
        {
            var inner = ImmutableArray.CreateBuilder<ChainTarget>();
            foreach (var target in chain.Inner)
                inner.Add(target with { Criterion = await WidenAsync(target.Criterion, cancellationToken) });
            var parts = ImmutableArray.CreateBuilder<Criterion>();
            foreach (var part in chain.Parts)
                parts.Add(await WidenAsync(part, cancellationToken));
            return chain with { Inner = inner.ToImmutable(), Parts = parts.ToImmutable() };
        }

        var reference = (ReferenceCriterion)criterion;
        var values = ImmutableArray.CreateBuilder<ReferenceValue>();
        foreach (var value in reference.Values)
            values.Add(value with { Targets = await WidenAsync(value.Targets, cancellationToken) });
        return reference with { Values = values.ToImmutable() };
    }

    private async Task<ImmutableArray<ResourceKey>> WidenAsync(
        ImmutableArray<ResourceKey> targets,
        CancellationToken cancellationToken
    )
    {
        var people = targets
            .Where(t => t.Type is ResourceTypes.Practitioner or ResourceTypes.PractitionerRole)
            .Select(t => t.ToString());
        var names = await workers.NamesOfAsync(people, cancellationToken);
        return [.. targets.Concat(names.Select(n => definitions.PartyOf(n).Key).OfType<ResourceKey>()).Distinct()];
    }
}
