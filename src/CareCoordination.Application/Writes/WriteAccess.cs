using System.Collections.Immutable;
using CareCoordination.Access.Relations;
using CareCoordination.Access.Scopes;
using CareCoordination.Application.Access;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Reads;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Search;
using CareCoordination.Fhir.Search.Indexing;
using CareCoordination.Storage;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Application.Writes;

/// <summary>
/// Whether a caller may write what they want to write: what is there already, and what would be there, are both theirs to change. For
/// writes of whichever door; a caller without limits is asked nothing.
/// </summary>
public sealed class WriteAccess(ReadGate gate, FhirDefinitions definitions, TimeProvider time)
{
    private readonly Dictionary<Asker, ImmutableArray<ResourceKey>> _parties = [];

    /// <summary>What this write makes, and the caller may: other parts of it may be about them.</summary>
    private readonly HashSet<ResourceKey> _made = [];

    /// <summary>
    /// The refusal of a deletion, or of a change of what is there; null where the caller may. What is there and not seen is answered as
    /// what is not there: nobody without a relation finds out which ids there are.
    /// </summary>
    public async ValueTask<Failure?> OfOldAsync(ResourceKey key, bool isDeletion, CancellationToken cancellationToken)
    {
        if (Visible(ScopeRights.Read) is not { } readable)
            return null;
        if (await gate.ReadAsync(key, readable, cancellationToken) is not { } seen)
            return Failure.NotFound(
                $"There is no {key} that you may change; what is new is sent by POST, and gets its id from this server."
            );
        var visible = Visible(isDeletion ? ScopeRights.Delete : ScopeRights.Update)!;
        return seen.IsDeleted || await gate.ReadAsync(key, visible, cancellationToken) is not null
            ? null
            : Refusal(key);
    }

    /// <summary>The refusal of what would be there; null where the caller may write it.</summary>
    /// <param name="isNew">Nothing is there.</param>
    public async ValueTask<Failure?> OfNewAsync(PutResource put, bool isNew, CancellationToken cancellationToken)
    {
        if (Visible(isNew ? ScopeRights.Create : ScopeRights.Update) is not { } visible)
            return null;
        if (await BreaksGlassAsync(put, isNew, cancellationToken))
            return Failure.From(
                403,
                IssueCode.Forbidden,
                "A glass is broken by POST [base]/Patient/[id]/$break-glass with a reason, and by nothing else."
            );
        if (
            Visible(ScopeRights.Read) is { } readable
            && await DisclosesUnseenAsync(put, isNew, readable, cancellationToken)
        )
            return Failure.From(
                403,
                IssueCode.Forbidden,
                "The task would disclose to its owner what you do not see, or what is not there: a task discloses what it is for, about, based on, and its inputs."
            );
        foreach (var sight in visible.Of(put.Key.Type).Sights)
        {
            if (!await ShowsAsync(sight, put, visible.Now, cancellationToken))
                continue;
            _made.Add(put.Key);
            return null;
        }

        return Refusal(put.Key);
    }

    /// <summary>
    /// The refusal of a command that would write about patients whom the caller does not see: what they name in its parameters is asked
    /// here, as what it is asked of was when it was read.
    /// </summary>
    public async ValueTask<Failure?> OfDecisionAsync(Decision decision, CancellationToken cancellationToken)
    {
        if (Visible(ScopeRights.Read) is not { } visible)
            return null;
        var patients = new HashSet<ResourceKey>();
        foreach (var write in decision.Writes)
            patients.UnionWith(await AboutAsync(write, cancellationToken));
        foreach (var patient in patients)
        {
            if (await gate.ReadAsync(patient, PatientSights.Of(patient, visible), cancellationToken) is null)
                return Failure.From(
                    403,
                    IssueCode.Forbidden,
                    $"You have no relation to {patient} that counts, or there is no such patient: docs/access.md says which relations count for your role."
                );
        }

        return null;
    }

    /// <summary>Whom a write is about; of a Group who joins or leaves it: its other members are not touched.</summary>
    private async ValueTask<IEnumerable<ResourceKey>> AboutAsync(
        ResourceWrite write,
        CancellationToken cancellationToken
    )
    {
        var about = PatientsIn(write.Key, write.Utf8Json);
        return
            write is { Key.Type: ResourceTypes.Group, DecidedFrom: > 0 }
            && await gate.ReadAsync(write.Key, cancellationToken) is { IsDeleted: false } before
            ? about.Except(PatientsIn(before.Key, before.Utf8Json))
            : about;
    }

    private IReadOnlyList<ResourceKey> PatientsIn(ResourceKey key, ReadOnlyMemory<byte> utf8Json) =>
        PatientsOf(key, definitions.Extractor.ExtractAll(key, ResourceDocument.Parse(utf8Json).Value));

    /// <summary>The task would let somebody in whom it does not let in now.</summary>
    private async ValueTask<bool> BreaksGlassAsync(PutResource put, bool isNew, CancellationToken cancellationToken)
    {
        var broken = (put.Projection?.Relations ?? []).Where(Breaks).ToList();
        if (broken.Count == 0 || isNew)
            return broken.Count > 0;
        var before = await gate.ReadAsync(put.Key, cancellationToken);
        var kept = before is { IsDeleted: false } task
            ? definitions.ProjectionOf(put.Key, ResourceDocument.Parse(task.Utf8Json).Value)
            : null;
        return broken.Except((kept?.Relations ?? []).Where(Breaks)).Any();

        static bool Breaks(ProjectedRelation relation) => relation.Kind == (short)RelationKind.BreakGlass;
    }

    /// <summary>The task would disclose to its owner what the caller does not see themselves, and it does not disclose now.</summary>
    private async ValueTask<bool> DisclosesUnseenAsync(
        PutResource put,
        bool isNew,
        Visibility visible,
        CancellationToken cancellationToken
    )
    {
        var disclosed = (put.Projection?.Relations ?? []).Where(Discloses).ToList();
        if (disclosed.Count == 0)
            return false;
        var before = isNew ? null : await gate.ReadAsync(put.Key, cancellationToken);
        var kept = before is { IsDeleted: false } task
            ? definitions.ProjectionOf(put.Key, ResourceDocument.Parse(task.Utf8Json).Value)
            : null;
        foreach (var added in disclosed.Except((kept?.Relations ?? []).Where(Discloses)))
        {
            if (
                added.Of is { } shown
                && !_made.Contains(shown)
                && await gate.ReadAsync(shown, visible, cancellationToken) is null
            )
                return true;
        }

        return false;

        static bool Discloses(ProjectedRelation relation) => relation.Kind == (short)RelationKind.Disclosed;
    }

    /// <summary>What cannot be told of a resource alone, as when it will have been stored, it is not known to meet.</summary>
    private static bool Meets(PutResource put, SearchQuery criteria) =>
        CriteriaMatcher.Unanswerable(criteria) is null && CriteriaMatcher.Holds(criteria, put.Key, put.Index);

    private async ValueTask<bool> ShowsAsync(
        Sight sight,
        PutResource put,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if ((put.Index.Labels & sight.Hidden) != 0)
            return false;
        var patients = PatientsOf(put.Key, put.Index);
        if (sight.IsOfNobody && patients.Count > 0)
            return false;
        if (!sight.Criteria.IsEmpty && !Meets(put, new SearchQuery(put.Key.Type, sight.Criteria)))
            return false;
        // What was disclosed is read, and changed by nobody whom it was disclosed to.
        if (sight.Disclosed is not null)
            return false;
        if (sight.Names is { } names && !await NamesAsync(names, put, now, cancellationToken))
            return false;
        if (sight.Names is not null && !await KeepsPatientsAsync(put, patients, cancellationToken))
            return false;
        if (sight.Patients.IsEmpty)
            return true;
        if (patients.Count == 0)
            return false;
        foreach (var patient in patients)
        {
            if (!await IsInRangesAsync(sight, patient, put, now, cancellationToken))
                return false;
        }

        return true;
    }

    private async ValueTask<bool> IsInRangesAsync(
        Sight sight,
        ResourceKey patient,
        PutResource put,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (_made.Contains(patient))
            return true;
        var seen = new Sight { Patients = sight.Patients, Consent = sight.Consent };
        var visible = new Visibility([new(ResourceTypes.Patient, new TypeVisibility([seen]))], now);
        return await gate.ReadAsync(patient, visible, cancellationToken) is not null
            || (patient == put.Key && await MakesRelationAsync(sight, put, now, cancellationToken));
    }

    /// <summary>A record that is new says itself whose patient it is of.</summary>
    private async ValueTask<bool> MakesRelationAsync(
        Sight sight,
        PutResource put,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        foreach (var range in sight.Patients)
        {
            if (range is not RelatedPatients { Relations: var relations })
                return false;
            var parties = await PartiesAsync(relations.Asker, now, cancellationToken);
            if (
                !(put.Projection?.Relations ?? []).Any(made =>
                    made.Of == put.Key && relations.Kinds.Contains(made.Kind) && parties.Contains(made.Party)
                )
            )
                return false;
        }

        return true;
    }

    private async ValueTask<bool> NamesAsync(
        Relations names,
        PutResource put,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var parties = await PartiesAsync(names.Asker, now, cancellationToken);
        return (put.Projection?.Relations ?? []).Any(named =>
            named.Kind == (short)RelationKind.Named && parties.Contains(named.Party)
        );
    }

    /// <summary>
    /// A task of one's own may be about anybody, but is not made to be about somebody else whom one does not see: who owns a task about a
    /// patient has to do with the patient.
    /// </summary>
    private async ValueTask<bool> KeepsPatientsAsync(
        PutResource put,
        IReadOnlyList<ResourceKey> patients,
        CancellationToken cancellationToken
    )
    {
        if (patients.Count == 0)
            return true;
        var before = await gate.ReadAsync(put.Key, cancellationToken);
        var kept = before is { IsDeleted: false } task
            ? PatientsOf(
                put.Key,
                definitions.Extractor.ExtractAll(put.Key, ResourceDocument.Parse(task.Utf8Json).Value)
            )
            : [];
        foreach (var patient in patients.Except(kept))
        {
            if (
                Visible(ScopeRights.Read) is { } visible
                && await gate.ReadAsync(patient, PatientSights.Of(patient, visible), cancellationToken) is null
            )
                return false;
        }

        return true;
    }

    /// <summary>Also those of whom the database has not heard yet.</summary>
    private async ValueTask<ImmutableArray<ResourceKey>> PartiesAsync(
        Asker asker,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (!_parties.TryGetValue(asker, out var parties))
            _parties[asker] = parties = [.. asker.Parties, .. await gate.PartiesAsync(asker, now, cancellationToken)];
        return parties;
    }

    private static IReadOnlyList<ResourceKey> PatientsOf(ResourceKey key, IndexEntries index) =>
        key.Type == ResourceTypes.Patient ? [key] : index.Patients;

    private Visibility? Visible(ScopeRights right) => gate.Rights.Visible(right)?.At(time.GetUtcNow());

    private static Failure Refusal(ResourceKey key) =>
        Failure.From(
            403,
            IssueCode.Forbidden,
            $"You may not write this {key.Type}: your role, your scopes and your relation to the patient have to allow what is there and what would be there. docs/access.md says what each role may do."
        );
}
