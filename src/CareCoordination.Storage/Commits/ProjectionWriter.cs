using System.Collections.Frozen;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage.Rows;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Commits;

/// <summary>
/// Turns <see cref="ProjectionRows"/> into rows. They come from rules that may change, so what was kept before cannot be found out from
/// the bytes of before: all of a resource go, and the new ones come.
/// </summary>
internal static class ProjectionWriter
{
    private const int MaxTierLength = FhirTables.MaxTierLength;
    private const string ConsentType = "Consent";

    /// <summary>Types of which nothing is kept but who has to do with whom.</summary>
    private static readonly FrozenSet<string> OnlyRelations =
    [
        "Patient",
        "CareTeam",
        "PractitionerRole",
        "RelatedPerson",
        "Person",
    ];

    private static readonly FrozenSet<string> RelationTypes = ProjectedRelation.ResourceTypes.ToFrozenSet(
        StringComparer.Ordinal
    );

    /// <summary>The resources that the rows refer to.</summary>
    public static IEnumerable<ResourceKey> References(ProjectionRows? kept)
    {
        if (kept?.Work?.Owner?.Key is { } owner)
            yield return owner;
        if (kept?.Work?.Patient is { } patient)
            yield return patient;
        if (kept?.Reading?.Subject.Key is { } subject)
            yield return subject;
        foreach (var relation in kept?.Relations ?? [])
        {
            yield return relation.Party;
            if (relation.Of is { } of)
                yield return of;
        }

        foreach (var consent in kept?.Consents ?? [])
        {
            yield return consent.Patient;
            if (consent.Party is { } party)
                yield return party;
        }

        if (kept?.Fact is not { } fact)
            yield break;
        yield return fact.Patient;
        if (fact.Manager?.Key is { } manager)
            yield return manager;
    }

    /// <summary>True where staging the rows may change who acts as whom.</summary>
    public static bool ChangesActing(HeadState head) =>
        ProjectedRelation.ActingTypes.Contains(head.ResourceKey.Type)
        && (head.MayHaveProjection || head.Projection is { Relations.IsEmpty: false });

    public static void Stage(StagedRows rows, HeadState head, GroupHeads heads)
    {
        Func<ResourceKey, long> keyOf = heads.KeyOf;
        if (head.MayHaveProjection)
            Remove(rows, head);
        var kept = head.Projection;
        head.MayHaveProjection = kept is not null && kept != ProjectionRows.None;
        if (kept?.Work is { } work)
            rows.WorkItems.Add(head.Key)
                .Add(head.ResourceKey.Id)
                .Add(PartyNumbers.Of(work.Owner, keyOf))
                .Add(work.Patient is { } patient ? keyOf(patient) : 0L)
                .Add(work.Status)
                .Add(work.Priority)
                .Add((work.Due ?? DateTimeOffset.MaxValue).UtcTicks);
        if (kept?.Fact is { } fact)
            rows.PatientFacts.Add(head.Key)
                .Add((short)fact.Kind)
                .Add(keyOf(fact.Patient))
                .Add(PartyNumbers.Of(fact.Manager, keyOf))
                .Add(fact.At?.UtcTicks ?? head.LastUpdated)
                .Add(fact.Rank)
                .Add(IndexText.Cut(fact.Tier, MaxTierLength));
        if (kept?.Timer is { } timer)
            rows.Timers.Add(head.Key).Add(timer.UtcTicks);
        if (kept?.Reading is { } reading)
            Add(rows.Readings, reading, head, keyOf);
        foreach (var relation in kept?.Relations.Distinct() ?? [])
            rows.Relations.Add(keyOf(relation.Party))
                .Add(relation.Kind)
                .Add(relation.Of is { } of ? keyOf(of) : 0L)
                .Add(relation.Start.UtcTicks)
                .Add(relation.End.UtcTicks)
                .Add(head.Key);
        for (var i = 0; i < (kept?.Consents.Length ?? 0); i++)
            Add(rows.ConsentRules, kept!.Consents[i], (short)i, head, heads);
    }

    private static void Add(RowBuffer rows, ProjectedConsent consent, short place, HeadState head, GroupHeads heads) =>
        rows.Add(heads.KeyOf(consent.Patient))
            .Add(head.Key)
            .Add(place)
            .Add((short)(consent.IsException ? 1 : 0))
            .Add(consent.Party is { } party ? heads.KeyOf(party) : 0L)
            .Add(consent.Purpose)
            .Add(consent.ResourceType is { } type ? heads.TypeIdOf(type) : (short)0)
            .Add(consent.Labels)
            .Add(consent.Start.UtcTicks)
            .Add(consent.End.UtcTicks);

    /// <summary>Of an Observation nothing is kept but readings, and of nothing else are they.</summary>
    private static void Remove(StagedRows rows, HeadState head)
    {
        if (head.ResourceKey.Type == ProjectedReading.ResourceType)
        {
            rows.RemovedReadings.Add(head.Key);
            return;
        }

        if (!OnlyRelations.Contains(head.ResourceKey.Type))
            foreach (var removed in rows.RemovedProjections)
                removed.Add(head.Key);
        if (RelationTypes.Contains(head.ResourceKey.Type))
            rows.RemovedRelations.Add(head.Key);
        if (head.ResourceKey.Type == ConsentType)
            rows.RemovedConsentRules.Add(head.Key);
    }

    private static void Add(RowBuffer rows, ProjectedReading reading, HeadState head, Func<ResourceKey, long> keyOf)
    {
        var subject = PartyNumbers.Of(reading.Subject, keyOf);
        foreach (var code in reading.Codes.Select(PartyNumbers.Of).Distinct())
            rows.Add(subject).Add(code).Add(reading.At.UtcTicks).Add(head.Key);
    }
}
