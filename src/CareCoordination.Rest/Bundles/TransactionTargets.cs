using System.Collections.Immutable;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Interactions;
using CareCoordination.Application.Writes;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage;

namespace CareCoordination.Rest.Bundles;

/// <summary>Which resource an entry writes.</summary>
/// <param name="Key">Null where a conditional delete found nothing.</param>
/// <param name="Existing">What a conditional create found, so that nothing is to be written.</param>
internal sealed record TransactionTarget(
    TransactionEntry Entry,
    ResourceKey? Key,
    StoredResource? Existing,
    ImmutableArray<Precondition> Preconditions
)
{
    /// <summary>What is to be stored, references not yet resolved; null for a deletion.</summary>
    public IncomingResource? Resource { get; init; } = Entry?.Resource;

    /// <summary>What was read of a resource whose status is guarded; null where there is none, or the entry is refused anyway.</summary>
    public StoredResource? Current { get; init; }

    /// <summary>This server gives the id: nothing that is stored can be about the resource.</summary>
    public bool IsNew { get; init; }

    /// <summary>The version that the resource will have, where that is known; null where it is not.</summary>
    public int? KnownVersion =>
        Existing is { } existing ? existing.Version
        : Entry.Interaction is Create ? 1
        : null;

    /// <summary>Holds as long as what was read is current: no demand of the entry, but of this server.</summary>
    public VersionIs? Unchanged { get; init; }
}

/// <summary>Decides the identity of everything a transaction writes.</summary>
internal static class TransactionTargets
{
    /// <summary>One target for each writing entry. Two entries that write the same resource refuse the transaction.</summary>
    public static Result<ImmutableArray<TransactionTarget>> Identify(
        Transaction transaction,
        TransactionFindings findings,
        FhirDefinitions definitions,
        Func<string> newId
    )
    {
        var targets = ImmutableArray.CreateBuilder<TransactionTarget>(transaction.Entries.Length);
        var writers = new Dictionary<ResourceKey, TransactionEntry>();
        var makers = new Dictionary<string, TransactionEntry>(StringComparer.Ordinal);
        foreach (var entry in transaction.Entries)
        {
            if (!Target(entry, findings, definitions, newId).TryGet(out var target, out var failure))
                return entry.Submitted.Locate(failure);
            if (target.Entry is null)
                continue;
            if (target.Key is { } key && !writers.TryAdd(key, entry))
                return SameResource(entry, writers[key]);
            if (IsMadeByCriteria(target, findings) && !makers.TryAdd(Canonical(entry.Criteria!), entry))
                return SameResource(entry, makers[Canonical(entry.Criteria!)]);
            targets.Add(target);
        }

        return targets.ToImmutable();
    }

    /// <summary>
    /// The result would depend on which of the two comes first. https://hl7.org/fhir/R4/http.html#trules
    /// </summary>
    public static Failure SameResource(TransactionEntry entry, TransactionEntry other) =>
        entry.Submitted.Locate(
            Failure.Invalid(
                IssueCode.Invariant,
                $"This entry and {other.Submitted.Expression} mean the same resource; send one of them, and refer to it from all places by its fullUrl."
            )
        );

    public static Failure SameResource(TransactionEntry entry, TransactionTarget other) =>
        SameResource(entry, other.Entry);

    private static bool IsMadeByCriteria(TransactionTarget target, TransactionFindings findings) =>
        target.Entry.Interaction is Create or ConditionalUpdate
        && target.Entry.Criteria is { } criteria
        && findings.Of(criteria).Matches.IsEmpty;

    /// <summary>The criteria in one order.</summary>
    private static string Canonical(SearchQuery criteria) =>
        $"{criteria.ResourceType}?{string.Join('&', criteria.ToString().Split('&').Order(StringComparer.Ordinal))}";

    private static readonly TransactionTarget NoTarget = new(null!, null, null, []);

    private static Result<TransactionTarget> Target(
        TransactionEntry entry,
        TransactionFindings findings,
        FhirDefinitions definitions,
        Func<string> newId
    ) =>
        entry.Interaction switch
        {
            Create { UnlessFound: null } create => new TransactionTarget(
                entry,
                new ResourceKey(create.Resource.Type, newId()),
                null,
                []
            )
            {
                IsNew = true,
            },
            Create { UnlessFound: { } criteria } create => findings.Of(criteria) switch
            {
                { Matches: [] } none => new TransactionTarget(
                    entry,
                    new ResourceKey(create.Resource.Type, newId()),
                    null,
                    [new SearchFinds(none.Asked, null)]
                )
                {
                    IsNew = true,
                },
                { Matches: [var only] } one => new TransactionTarget(
                    entry,
                    only.Key,
                    only,
                    [new SearchFinds(one.Asked, only.Key)]
                ),
                _ => Criteria.MultipleMatches("ifNoneExist"),
            },
            Update update => Target(entry, update, findings),
            ConditionalUpdate update => Target(entry, update, findings.Of(update.Query), newId),
            Patch { Key: { } key } patch => Target(entry, patch, findings.Of(key), [], definitions),
            Patch { Criteria: { } criteria } patch => findings.Of(criteria) switch
            {
                { Matches: [] } => Target(entry, patch, null, [], definitions),
                { Matches: [var only] } one => Target(
                    entry,
                    patch,
                    only,
                    [new SearchFinds(one.Asked, only.Key)],
                    definitions
                ),
                _ => Criteria.MultipleMatches("the conditional patch"),
            },
            Delete delete => Target(entry, delete, findings),
            ConditionalDelete delete => Target(entry, delete, findings.Of(delete.Query)),
            _ => NoTarget,
        };

    private static Result<TransactionTarget> Target(TransactionEntry entry, ConditionalDelete delete, Finding found)
    {
        if (found.Matches.Length > 1)
            return Criteria.MultipleMatches("the conditional delete");
        StoredResource? current = found.Matches.IsEmpty ? null : found.Matches[0];
        if (delete.Refusal(current) is { } stale)
            return stale;
        ImmutableArray<Precondition> relied = [new SearchFinds(found.Asked, current?.Key)];
        return current is { } only
            ? new TransactionTarget(entry, only.Key, null, relied)
            {
                Current = only,
                Unchanged = StatusCheck.Unchanged(only.Key, only),
            }
            : new TransactionTarget(entry, null, null, relied);
    }

    private static Result<TransactionTarget> Target(TransactionEntry entry, Delete delete, TransactionFindings findings)
    {
        var target = new TransactionTarget(
            entry,
            delete.Key,
            null,
            delete.RequiredVersion is { } required ? [required.Of(delete.Key)] : []
        );
        if (!StatusCheck.AppliesToDeletionOf(delete.Key.Type))
            return target;
        var current = findings.Of(delete.Key);
        return target with { Current = current, Unchanged = StatusCheck.Unchanged(delete.Key, current) };
    }

    private static Result<TransactionTarget> Target(TransactionEntry entry, Update update, TransactionFindings findings)
    {
        ImmutableArray<Precondition> preconditions =
            update.RequiredVersion is { } stated ? [stated.Of(update.Key)]
            : update.IfAbsent ? [new NotPresent(update.Key)]
            : [];
        if (!StatusCheck.AppliesToUpdateOf(update.Key.Type) || update.IfAbsent)
            return new TransactionTarget(entry, update.Key, null, preconditions);
        var current = findings.Of(update.Key);
        var unchanged = StatusCheck.Unchanged(update.Key, current);
        // What the client's own condition refuses needs no other reason.
        var isRefused = update.RequiredVersion is { } required && !required.Holds(current);
        return new TransactionTarget(entry, update.Key, null, preconditions)
        {
            Current = isRefused ? null : current,
            Unchanged = unchanged,
        };
    }

    private static Result<TransactionTarget> Target(
        TransactionEntry entry,
        ConditionalUpdate update,
        Finding finding,
        Func<string> newId
    )
    {
        var matches = finding.Matches;
        if (!update.Choose(matches, newId).TryGet(out var key, out var failure))
            return failure;
        ResourceKey? found = matches.IsEmpty ? null : matches[0].Key;
        var preconditions = ImmutableArray.Create<Precondition>(new SearchFinds(finding.Asked, found));
        if (update.RequiredVersion is { } version)
            preconditions = preconditions.Add(version.Of(key));
        else if (found is null)
            preconditions = preconditions.Add(new NotPresent(key));
        if (found is null || !StatusCheck.AppliesToUpdateOf(key.Type))
            return new TransactionTarget(entry, key, null, preconditions)
            {
                IsNew = found is null && update.Resource.Id is null,
            };
        return new TransactionTarget(entry, key, null, preconditions)
        {
            Current = matches[0],
            Unchanged = StatusCheck.Unchanged(key, matches[0]),
        };
    }

    private static Result<TransactionTarget> Target(
        TransactionEntry entry,
        Patch patch,
        StoredResource? current,
        ImmutableArray<Precondition> preconditions,
        FhirDefinitions definitions
    ) =>
        patch.Apply(current, isEntry: true, definitions).TryGet(out var resource, out var failure)
            ? new TransactionTarget(entry, current!.Value.Key, null, preconditions)
            {
                Resource = resource,
                Current = current,
                Unchanged = StatusCheck.Unchanged(current.Value.Key, current),
            }
            : failure;
}
