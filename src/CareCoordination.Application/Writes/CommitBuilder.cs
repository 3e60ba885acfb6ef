using CareCoordination.Application.Definitions;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Application.Writes;

/// <summary>Gathers the changes and conditions of one commit.</summary>
internal sealed class CommitBuilder(FhirDefinitions definitions, Func<string> newId)
{
    private static readonly ContentCondition Lives = new(LivingPatient.Is);

    private readonly List<Change> _changes = [];
    private readonly List<Precondition> _preconditions = [];
    private readonly List<OutboxChange> _messages = [];
    private readonly List<JobChange> _jobs = [];
    private RememberedAnswer? _remembered;

    public void Add(Change change) => _changes.Add(change);

    public void Add(Precondition precondition) => _preconditions.Add(precondition);

    public void Add(IEnumerable<Precondition> preconditions) => _preconditions.AddRange(preconditions);

    public void Add(IEnumerable<OutboxChange> changes) => _messages.AddRange(changes);

    public void Add(IEnumerable<JobChange> changes) => _jobs.AddRange(changes);

    /// <summary>
    /// What a decision writes and relies on. 422 where something that would be stored is not valid, as where a parameter refers to a
    /// resource of the wrong type.
    /// </summary>
    public Failure? Decided(Decision decision)
    {
        foreach (var write in decision.Writes)
        {
            var document = ResourceDocument.Parse(write.Utf8Json).Value;
            var issues = definitions.Validate(document);
            if (issues.Any(i => i.IsError))
                return new Failure(422, [.. issues.Where(i => i.IsError)]);
            if (!definitions.Put(write.Key, document).TryGet(out var put, out var failure))
                return failure;
            Add(write, put);
        }

        _preconditions.AddRange(decision.ReliedOn.Select(r => new VersionIs(r.Key, r.Version)));
        _preconditions.AddRange(decision.Finds.Select(Finds));
        foreach (var patient in decision.Living)
        {
            if (
                LiteralReference.Parse(patient, definitions.Schema.IsResourceType) is
                { Kind: ReferenceKind.Relative } here
            )
                Add(new ContentIs(here.Key, Lives));
        }

        return null;
    }

    /// <summary>Who did it, and that it was done.</summary>
    public void Record(
        Decision decision,
        string interaction,
        Caller caller,
        Agent by,
        Reason? reason,
        DateTimeOffset now
    )
    {
        foreach (var write in decision.WithProvenance(by, reason, now, newId()).Writes.Except(decision.Writes))
            Record(write);
        Record(AuditRecord.Of(decision, interaction, caller, by, now, newId()));
    }

    /// <summary>A message to a partner.</summary>
    public void Send(Outgoing outgoing) =>
        _messages.Add(
            new EnqueueMessage(newId(), Outgoing.Topic, outgoing.Partner, outgoing.Task, KindOf(outgoing.Kind))
            {
                About = outgoing.Request,
            }
        );

    /// <summary>Work that goes on after the request, under the id of the resource that is its answer.</summary>
    public void Begin(JobOrder order, ResourceKey answer, DateTimeOffset now) =>
        _jobs.Add(new KeepJob(new Job(answer.Id, order.Kind, order.Total, now) { Arguments = order.Arguments }));

    /// <summary>The answer that a replay is to be given.</summary>
    public void Remember(PromisedAnswer remembered, DateTimeOffset now, TimeSpan lifetime)
    {
        var (key, decision) = remembered;
        var version = decision
            .Writes.Where(w => w.Key == decision.Answer)
            .Select(w => w.DecidedFrom + 1)
            .FirstOrDefault()
            is var written
                and > 0
            ? written
            : decision.ReliedOn.First(r => r.Key == decision.Answer).Version;
        _remembered = key.Remember(decision.Answer, version, now, lifetime);
        _preconditions.Add(new NotRemembered(key.Hash));
    }

    public Commit ToCommit(StorePoint? asOf) =>
        new([.. _changes], [.. _preconditions])
        {
            AsOf = asOf,
            Outbox = [.. _messages],
            Remembered = _remembered,
            Jobs = [.. _jobs],
        };

    private void Record(ResourceWrite record) =>
        Add(record, definitions.PutRecord(record.Key, ResourceDocument.Parse(record.Utf8Json).Value));

    private void Add(ResourceWrite write, PutResource put)
    {
        _changes.Add(put);
        _preconditions.Add(new VersionIs(write.Key, write.DecidedFrom));
    }

    /// <summary>The queries of decisions are of this server: one that cannot be read is a mistake here, and nobody else's.</summary>
    private SearchFinds Finds(StillFinds finds) =>
        definitions
            .ParseSearch(finds.ResourceType, QueryParameters.Parse(finds.Query), isLenient: false, "")
            .TryGet(out var search, out var failure)
            ? new SearchFinds(search.Query, finds.Only)
            : throw new InvalidOperationException(
                $"A decision relies on a search of {finds.ResourceType} that cannot be made: {failure.Issues[0].Code}."
            );

    private static MessageKind KindOf(OutgoingKind kind) =>
        kind switch
        {
            OutgoingKind.Send => MessageKind.Send,
            OutgoingKind.Update => MessageKind.Update,
            _ => MessageKind.Cancel,
        };
}
