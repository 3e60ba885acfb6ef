using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage.Rows;

namespace CareCoordination.Storage.Commits;

/// <summary>
/// Turns <see cref="ProjectionRows"/> into rows. They come from rules that may change, so what was kept before cannot be found out from
/// the bytes of before: all of a resource go, and the new ones come.
/// </summary>
internal static class ProjectionWriter
{
    private const int MaxTierLength = Tables.FhirTables.MaxTierLength;

    /// <summary>The resources that the rows refer to.</summary>
    public static IEnumerable<ResourceKey> References(ProjectionRows? kept)
    {
        if (kept?.Work?.Owner?.Key is { } owner)
            yield return owner;
        if (kept?.Work?.Patient is { } patient)
            yield return patient;
        if (kept?.Reading?.Subject.Key is { } subject)
            yield return subject;
        if (kept?.Fact is not { } fact)
            yield break;
        yield return fact.Patient;
        if (fact.Manager?.Key is { } manager)
            yield return manager;
    }

    public static void Stage(StagedRows rows, HeadState head, Func<ResourceKey, long> keyOf)
    {
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
    }

    /// <summary>Of an Observation nothing is kept but readings, and of nothing else are they.</summary>
    private static void Remove(StagedRows rows, HeadState head)
    {
        if (head.ResourceKey.Type == ProjectedReading.ResourceType)
        {
            rows.RemovedReadings.Add(head.Key);
            return;
        }

        foreach (var removed in rows.RemovedProjections)
            removed.Add(head.Key);
    }

    private static void Add(RowBuffer rows, ProjectedReading reading, HeadState head, Func<ResourceKey, long> keyOf)
    {
        var subject = PartyNumbers.Of(reading.Subject, keyOf);
        foreach (var code in reading.Codes.Select(PartyNumbers.Of).Distinct())
            rows.Add(subject).Add(code).Add(reading.At.UtcTicks).Add(head.Key);
    }
}
