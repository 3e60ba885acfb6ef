using System.Collections.Immutable;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Interactions;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage;

namespace CareCoordination.Rest.Bundles;

/// <summary>
/// Decides a transaction as a whole, before anything is written, in the order of R4 whatever the order of its entries: deletions,
/// creations, updates and patches, reads, conditional references. Criteria are answered on the state that the transaction has made by
/// then: from what is stored, without what it changes, and from what it stores. https://hl7.org/fhir/R4/http.html#trules
/// </summary>
internal sealed class TransactionPlanner(
    Transaction transaction,
    IStoreReads reads,
    FhirDefinitions definitions,
    Func<string> newId
)
{
    private readonly TransactionFindings _findings = new(reads);

    /// <summary>The plan, or the first reason why there is none.</summary>
    public async Task<Result<TransactionPlan>> PlanAsync(CancellationToken cancellationToken)
    {
        await ReadAsync(cancellationToken);
        var identified = TransactionTargets.Identify(transaction, _findings, definitions, newId);
        if (!identified.TryGet(out var targets, out var failure))
            return failure;
        if (!TransactionAddresses.Of(targets, transaction.BaseUrl, definitions).TryGet(out var addresses, out failure))
            return failure;
        if (Placeholder(addresses) is { } placeholder)
            return placeholder;
        if (!Resolve(targets, addresses).TryGet(out targets, out failure))
            return failure;
        var writes = new TransactionWrites(targets, definitions, transaction.Budget);
        if (Overlap(targets, writes) is { } overlap)
            return overlap;
        if (TransactionReads.Check(transaction, targets, _findings) is { } unreadable)
            return unreadable;
        if (!(await ReferencesAsync(targets, writes, cancellationToken)).TryGet(out var found, out failure))
            return failure;
        return TransactionPlan.Of(found.Resolve(targets, definitions), found.ReliedOn, _findings.AsOf);
    }

    /// <summary>Deletions are decided first: what they delete the criteria of other entries do not find.</summary>
    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        await _findings.ReadAsync(transaction, cancellationToken);
        var deletions = transaction.Entries.Select(e => e.Interaction).OfType<ConditionalDelete>().ToList();
        await _findings.FindAsync(deletions.Select(d => d.Query), [], cancellationToken);
        var deleted = transaction
            .Entries.Select(e => e.Interaction)
            .OfType<Delete>()
            .Select(d => d.Key)
            .Concat(deletions.SelectMany(d => _findings.Of(d.Query).Matches).Select(m => m.Key))
            .ToHashSet();
        var others = transaction.Entries.Where(e => e.Interaction is not ConditionalDelete).Select(e => e.Criteria);
        await _findings.FindAsync(others.OfType<SearchQuery>(), deleted, cancellationToken);
    }

    private Failure? Placeholder(TransactionAddresses addresses)
    {
        foreach (var entry in transaction.Entries)
        {
            if (entry.Query is { } query && addresses.Check(query) is { } failure)
                return entry.Submitted.Locate(failure);
        }

        foreach (var reference in transaction.References.All)
        {
            if (addresses.Check(reference.Query) is { } failure)
                return reference.Refuse(failure);
        }

        return null;
    }

    private static Result<ImmutableArray<TransactionTarget>> Resolve(
        ImmutableArray<TransactionTarget> targets,
        TransactionAddresses addresses
    )
    {
        var resolved = targets.ToBuilder();
        for (var i = 0; i < resolved.Count; i++)
        {
            var target = resolved[i];
            if (target.Resource is not { } resource)
                continue;
            if (!addresses.Resolve(target.Entry, resource).TryGet(out resource, out var failure))
                return failure;
            // What a patch brings is known too late to be searched for.
            if (target.Entry.Interaction is Patch && Conditional(resource.Document) is { } reference)
                return target.Entry.Submitted.Locate(
                    Failure.Invalid(
                        IssueCode.NotSupported,
                        "A patch takes no conditional references: send the id.",
                        reference.Location
                    )
                );
            resolved[i] = target with { Resource = resource };
        }

        return resolved.ToImmutable();
    }

    private static JsonValue? Conditional(ResourceDocument document)
    {
        foreach (var reference in ReferenceRewriter.LocalReferences(document))
        {
            if (reference.StringUtf8.Contains((byte)'?'))
                return reference;
        }

        return null;
    }

    /// <summary>
    /// Criteria that find what another entry stores in the same step, or what an earlier step creates, mean the same resource as that
    /// entry: which of the two decides would depend on their order.
    /// </summary>
    private static Failure? Overlap(ImmutableArray<TransactionTarget> targets, TransactionWrites writes)
    {
        foreach (var target in targets)
        {
            if (target.Entry is not { Criteria: { } criteria, Interaction: not ConditionalDelete } entry)
                continue;
            var found =
                entry.Interaction is Create
                    ? writes.Find(criteria, entry, t => t.Entry.Interaction is Create)
                    : writes.Find(criteria, entry, _ => true);
            if (!found.TryGet(out var same, out var failure))
                return entry.Submitted.Locate(failure);
            if (!same.IsEmpty)
                return TransactionTargets.SameResource(entry, same[0]);
        }

        return null;
    }

    private async Task<Result<FoundReferences>> ReferencesAsync(
        ImmutableArray<TransactionTarget> targets,
        TransactionWrites writes,
        CancellationToken cancellationToken
    )
    {
        var changed = targets.Where(t => t.Existing is null).Select(t => t.Key).OfType<ResourceKey>().ToHashSet();
        var references = transaction.References.All;
        await _findings.FindAsync(references.Select(r => r.Query), changed, cancellationToken);
        var addresses = new Dictionary<string, string>(StringComparer.Ordinal);
        var relied = ImmutableArray.CreateBuilder<Precondition>(references.Count);
        foreach (var reference in references)
        {
            if (!writes.Find(reference.Query, null, _ => true).TryGet(out var written, out var failure))
                return reference.Refuse(failure);
            var stored = _findings.Of(reference.Query);
            if (stored.Matches.Length + written.Length != 1)
                return reference.Unresolved(stored.Matches.Length + written.Length);
            ResourceKey? kept = stored.Matches.IsEmpty ? null : stored.Matches[0].Key;
            addresses[reference.Text] = (kept ?? written[0].Key!.Value).ToString();
            relied.Add(new SearchFinds(stored.Asked, kept));
        }

        return new FoundReferences(addresses, relied.ToImmutable());
    }
}

/// <summary>What conditional references find.</summary>
/// <param name="ReliedOn">That they find it.</param>
internal sealed record FoundReferences(
    IReadOnlyDictionary<string, string> Addresses,
    ImmutableArray<Precondition> ReliedOn
)
{
    public ImmutableArray<TransactionTarget> Resolve(
        ImmutableArray<TransactionTarget> targets,
        FhirDefinitions definitions
    ) => Addresses.Count == 0 ? targets : [.. targets.Select(t => Resolve(t, definitions))];

    private TransactionTarget Resolve(TransactionTarget target, FhirDefinitions definitions) =>
        target.Resource is { } resource
            ? target with
            {
                Resource = resource with
                {
                    Document = ReferenceRewriter.Rewrite(resource.Document, definitions.Schema, Addresses),
                },
            }
            : target;
}
