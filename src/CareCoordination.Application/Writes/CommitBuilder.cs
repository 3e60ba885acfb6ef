using System.Collections.Immutable;
using CareCoordination.Application.Audit;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Storage;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Application.Writes;

/// <summary>Gathers the changes and conditions of one commit.</summary>
/// <param name="scope">What the session is about.</param>
internal sealed class CommitBuilder(FhirDefinitions definitions, AuditScope scope, Func<string> newId)
{
    private static readonly ContentCondition Lives = new(LivingPatient.Is);

    private readonly List<Change> _changes = [];
    private readonly List<Precondition> _preconditions = [];
    private readonly List<OutboxChange> _messages = [];
    private readonly List<JobChange> _jobs = [];
    private readonly List<AuditLine> _lines = [];
    private RememberedAnswer? _remembered;

    public void Add(Change change) => _changes.Add(change);

    /// <summary>A change that somebody asked for, and the line that tells of it.</summary>
    /// <param name="asked">What was asked for; null: the change follows from others.</param>
    public void Add(Change change, FhirInteraction? asked, int entry, Caller caller, DateTimeOffset now)
    {
        var interaction = asked?.Code ?? (change is DeleteResource ? "delete" : "update");
        _lines.Add(
            scope.NewLine(caller, interaction, now) with
            {
                Change = _changes.Count,
                Entry = entry == 0 ? caller.Origin?.Entry ?? 0 : entry,
                Query = asked?.SearchedBy,
                Patients = PatientsOf([change]),
            }
        );
        _changes.Add(change);
    }

    /// <summary>Records as they were elsewhere, and one line that tells of all.</summary>
    public void Add(ImmutableArray<Change> records, Caller caller, DateTimeOffset now)
    {
        if (records.IsEmpty)
            return;
        _changes.AddRange(records);
        _lines.Add(
            scope.NewLine(caller, scope.Asked?.Code ?? "import", now) with
            {
                Entities = [.. records.Select(r => r.Key.ToString())],
                Patients = PatientsOf(records),
                Status = 200,
            }
        );
    }

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
        Tell(decision, interaction, caller, by, now);
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
            Audit = [.. _lines],
        };

    /// <summary>That somebody did something, for whoever has to answer for it: with what a client sent, where it is about that.</summary>
    private void Tell(Decision decision, string interaction, Caller caller, Agent by, DateTimeOffset now)
    {
        var written = decision.Writes.Select(w => w.Key).ToHashSet();
        ImmutableArray<string> patients = PatientsOf(_changes.Where(c => written.Contains(c.Key)));
        var told = _lines.FindIndex(line => line.Change is { } place && written.Contains(_changes[place].Key));
        var line = told < 0 ? NewLine(decision, interaction, caller, now) : _lines[told];
        var own = _lines.Select(l => l.Change is { } place ? _changes[place].Key : default).ToHashSet();
        line = line with
        {
            Entities =
            [
                .. line.Entities,
                .. decision
                    .Writes.Where(w => !own.Contains(w.Key))
                    .Select(w => $"{w.Key}/_history/{w.DecidedFrom + 1}"),
            ],
            Patients = [.. line.Patients.Union(patients, StringComparer.Ordinal)],
            Activity = line.Activity ?? decision.Activity,
            By = by.IsUnknown ? line.By : by.Reference,
        };
        if (told < 0)
            _lines.Add(line);
        else
            _lines[told] = line;
    }

    private AuditLine NewLine(Decision decision, string interaction, Caller caller, DateTimeOffset now)
    {
        var isCommand = scope.Asked is { } asked && asked.Code.StartsWith('$');
        var target =
            isCommand && scope.Asked is { ResourceType: { } type, Id: { } id }
                ? new ResourceKey(type, id)
                : decision.Answer;
        return scope.NewLine(caller, isCommand ? scope.Asked!.Code : interaction, now) with
        {
            Type = target.Type,
            Id = target.Id,
            Status =
                decision.Begins is not null ? 202
                : decision.Writes.Any(w => w.Key == decision.Answer && w.DecidedFrom == 0) ? 201
                : 200,
        };
    }

    /// <summary>The compartments that the changes are in, and the patients themselves.</summary>
    private static ImmutableArray<string> PatientsOf(IEnumerable<Change> changes)
    {
        HashSet<string>? ids = null;
        foreach (var change in changes)
        {
            if (change.Key.Type == ResourceTypes.Patient)
                (ids ??= new(StringComparer.Ordinal)).Add(change.Key.Id);
            if (change is not PutResource put)
                continue;
            foreach (var patient in put.Index.Patients)
                (ids ??= new(StringComparer.Ordinal)).Add(patient.Id);
        }

        return ids is null ? [] : [.. ids];
    }

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
