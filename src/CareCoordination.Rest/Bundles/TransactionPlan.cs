using System.Collections.Immutable;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Interactions;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Writes;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Storage;

namespace CareCoordination.Rest.Bundles;

/// <summary>
/// What a transaction will do, decided as a whole from its entries and what was found, before anything is written.
/// </summary>
/// <param name="ChangeOf">Which change of the commit an entry asked for.</param>
internal sealed record TransactionPlan(
    WriteSet Writes,
    IReadOnlyDictionary<TransactionEntry, int> ChangeOf,
    IReadOnlyDictionary<TransactionEntry, StoredResource> Existing
)
{
    /// <summary>What is written of targets whose references are all resolved.</summary>
    public static TransactionPlan Of(
        ImmutableArray<TransactionTarget> targets,
        ImmutableArray<Precondition> references,
        StorePoint? asOf
    )
    {
        var changes = ImmutableArray.CreateBuilder<PlannedChange>(targets.Length);
        var demands = ImmutableArray.CreateBuilder<Demand>();
        var relied = references.ToBuilder();
        var changeOf = new Dictionary<TransactionEntry, int>(ReferenceEqualityComparer.Instance);
        var existing = new Dictionary<TransactionEntry, StoredResource>(ReferenceEqualityComparer.Instance);
        foreach (var target in targets.OrderBy(t => ProcessingOrder.Of(t.Entry.Submitted.Method)))
        {
            foreach (var precondition in target.Preconditions)
            {
                if (Explain(precondition, target.Entry.Submitted) is { } refusal)
                    demands.Add(new Demand(precondition, _ => refusal));
                else
                    relied.Add(precondition);
            }

            if (target.Unchanged is { } unchanged)
                relied.Add(unchanged);
            if (target.Existing is { } found)
            {
                existing[target.Entry] = found;
            }
            else if (target.Key is { } key)
            {
                changeOf[target.Entry] = changes.Count;
                changes.Add(
                    new PlannedChange(key, target.Resource, target.Current)
                    {
                        IsNew = target.IsNew,
                        Locate = target.Entry.Submitted.Locate,
                        Asked = target.Entry.Interaction,
                        Entry = target.Entry.Submitted.Index + 1,
                    }
                );
            }
        }

        var writes = new WriteSet
        {
            Changes = changes.ToImmutable(),
            Demands = demands.ToImmutable(),
            ReliedOn = relied.ToImmutable(),
            AsOf = asOf,
        };
        return new TransactionPlan(writes, changeOf, existing);
    }

    /// <summary>What the entry is answered with; null for reads, which are made after the commit.</summary>
    public FhirResponse? Answer(TransactionEntry entry, Written written)
    {
        if (ChangeOf.TryGetValue(entry, out var change))
            return FhirResponse.Of(written.Changes[change], written.IssuesOf(change));
        if (Existing.TryGetValue(entry, out var existing))
            return FhirResponse.Written(200, existing, []);
        return entry.Interaction is ConditionalDelete ? new FhirResponse { Status = 204, AnswersWrite = true } : null;
    }

    /// <summary>Why a condition that an entry itself states refuses the transaction; null for what this server relies on.</summary>
    private static Failure? Explain(Precondition condition, SubmittedEntry entry)
    {
        return condition switch
        {
            VersionIs version => entry.Locate(
                Failure.PreconditionFailed(
                    IssueCode.Conflict,
                    $"{version.Key} is not at version {version.Version}, which ifMatch asks for. Nothing was stored."
                )
            ),
            VersionIsAny any => entry.Locate(
                Failure.PreconditionFailed(
                    IssueCode.Conflict,
                    $"{any.Key} is at no version that ifMatch asks for. Nothing was stored."
                )
            ),
            NotPresent absent when entry.Conditions.IfNoneMatch is not null => entry.Locate(
                Failure.PreconditionFailed(
                    IssueCode.Conflict,
                    $"{absent.Key} exists already, and ifNoneMatch asks that it does not. Nothing was stored."
                )
            ),
            NotPresent absent => entry.Locate(
                Failure.Conflict($"{absent.Key} exists, but the criteria do not find it. Nothing was stored.")
            ),
            _ => null,
        };
    }
}
