using System.Collections.Immutable;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Interactions;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage;
using CareCoordination.Storage.Deliveries;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Application.Writes;

/// <summary>A decision on its way to the store.</summary>
public sealed class WorkflowCommit
{
    private readonly FhirDefinitions _definitions;
    private readonly List<Change> _changes = [];
    private readonly List<Precondition> _preconditions = [];
    private readonly List<DeliveryChange> _deliveries = [];

    private WorkflowCommit(FhirDefinitions definitions) => _definitions = definitions;

    /// <summary>What would be stored is not valid, as where a parameter refers to a resource of the wrong type.</summary>
    public Failure? Refusal { get; private set; }

    public bool IsEmpty => _changes.Count == 0;

    public static WorkflowCommit Of(Decision decision, FhirDefinitions definitions)
    {
        var commit = new WorkflowCommit(definitions);
        foreach (var write in decision.Writes)
        {
            var document = commit.Add(write);
            var issues = definitions.Validate(document);
            if (issues.Any(i => i.IsError))
                commit.Refusal = new Failure(422, [.. issues.Where(i => i.IsError)]);
        }

        foreach (var relied in decision.ReliedOn)
            commit._preconditions.Add(new VersionIs(relied.Key, relied.Version));
        foreach (var finds in decision.Finds)
        {
            if (
                definitions
                    .ParseSearch(finds.ResourceType, QueryParameters.Parse(finds.Query), false, "")
                    .TryGet(out var search, out _)
            )
                commit._preconditions.Add(new SearchFinds(search.Query, finds.Only));
        }

        return commit;
    }

    /// <summary>Adds who did it, that it was done, and the messages to partners that follow.</summary>
    public void Tell(
        Decision decision,
        string interaction,
        Agent by,
        Reason? reason,
        DateTimeOffset now,
        Func<string> newId
    )
    {
        foreach (var write in decision.WithProvenance(by, reason, now, newId()).Writes.Except(decision.Writes))
            Add(write);
        Add(AuditRecord.Of(decision, interaction, by, now, newId()));
        foreach (var outgoing in decision.Outgoing)
            Send(outgoing, newId);
    }

    public void Send(Outgoing outgoing, Func<string> newId) =>
        _deliveries.Add(
            new EnqueueDelivery(newId(), outgoing.Partner, outgoing.Task, outgoing.Request, KindOf(outgoing.Kind))
        );

    /// <summary>Adds what became of messages.</summary>
    public void Add(params IEnumerable<DeliveryChange> changes) => _deliveries.AddRange(changes);

    /// <summary>Adds the answer that a replay is to be given.</summary>
    public void Remember(IdempotencyKey key, Decision decision, DateTimeOffset now)
    {
        var version = decision
            .Writes.Where(w => w.Key == decision.Answer)
            .Select(w => w.DecidedFrom + 1)
            .FirstOrDefault()
            is var written
                and > 0
            ? written
            : decision.ReliedOn.First(r => r.Key == decision.Answer).Version;
        _changes.Add(Put(key.Record, key.ToRecord(decision.Answer, version, now), out _));
        _preconditions.Add(new NotPresent(key.Record));
    }

    public Commit ToCommit() => new([.. _changes], [.. _preconditions]) { Deliveries = Deliveries };

    public ImmutableArray<DeliveryChange> Deliveries => [.. _deliveries];

    /// <summary>Adds a record of the server's own, of which there can be one.</summary>
    public void Keep(ResourceWrite record) => Add(record);

    public IReadOnlyList<Change> Changes => _changes;

    public IReadOnlyList<Precondition> Preconditions => _preconditions;

    private static DeliveryKind KindOf(OutgoingKind kind) =>
        kind switch
        {
            OutgoingKind.Send => DeliveryKind.Send,
            OutgoingKind.Update => DeliveryKind.Update,
            _ => DeliveryKind.Cancel,
        };

    private ResourceDocument Add(ResourceWrite write)
    {
        _changes.Add(Put(write.Key, write.Utf8Json, out var document));
        _preconditions.Add(new VersionIs(write.Key, write.DecidedFrom));
        return document;
    }

    private PutResource Put(ResourceKey key, ReadOnlyMemory<byte> utf8Json, out ResourceDocument document)
    {
        document = ResourceDocument.Parse(utf8Json).Value;
        return _definitions.Put(key, document);
    }
}
