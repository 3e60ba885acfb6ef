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

    /// <summary>A change that somebody asked for, and the line that tells of it: all changes of an operation have one.</summary>
    /// <param name="asked">What was asked for; null: the change follows from others.</param>
    /// <param name="entry">Of a transaction, from 1; 0: none.</param>
    public void Add(Change change, FhirInteraction? asked, int entry, Caller caller, DateTimeOffset now)
    {
        var place = _changes.Count;
        _changes.Add(change);
        var patients = PatientsOf([change]);
        if (IsOperation(asked))
        {
            var told = OperationLine(asked!, caller, now);
            _lines[told] = _lines[told] with
            {
                Writes = _lines[told].Writes.Add(place),
                Patients = [.. _lines[told].Patients.Union(patients, StringComparer.Ordinal)],
            };
            return;
        }

        var interaction = asked?.Code ?? (change is DeleteResource ? "delete" : "update");
        var line = scope.NewLine(caller, interaction, now);
        _lines.Add(
            line with
            {
                Change = place,
                Entry = entry == 0 ? line.Entry : entry,
                Query = asked?.SearchedBy,
                Patients = patients,
            }
        );
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

    /// <summary>That somebody else has received something.</summary>
    public void Add(Sent sent, Caller caller, DateTimeOffset now) =>
        _lines.Add(
            scope.NewLine(caller, "send", now) with
            {
                Type = sent.Subject.Type,
                Id = sent.Subject.Id,
                Entities = sent.About is { } about ? [about.ToString()] : [],
                Patients = sent.Patients,
                Status = 200,
            }
        );

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

    /// <summary>
    /// That somebody did something, for whoever has to answer for it: in the line of the operation, or of the change that it is about.
    /// </summary>
    private void Tell(Decision decision, string interaction, Caller caller, Agent by, DateTimeOffset now)
    {
        var written = decision.Writes.Select(w => w.Key).ToHashSet();
        var told = IsOperation(scope.Asked)
            ? OperationLine(scope.Asked!, caller, now, decision)
            : _lines.FindIndex(line => line.Change is { } place && written.Contains(_changes[place].Key));
        if (told < 0)
        {
            told = _lines.Count;
            _lines.Add(
                scope.NewLine(caller, interaction, now) with
                {
                    Type = decision.Answer.Type,
                    Id = decision.Answer.Id,
                    Status = StatusOf(decision),
                }
            );
        }

        var line = _lines[told];
        var own = _lines.SelectMany(PlacesOf).Select(place => _changes[place].Key).ToHashSet();
        var patients = PatientsOf(_changes.Where(c => written.Contains(c.Key)));
        _lines[told] = line with
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
    }

    /// <summary>The place of the one line that an operation has, which is made where there is none yet.</summary>
    /// <param name="decision">What was decided; null: changes are written as they were sent.</param>
    private int OperationLine(FhirInteraction asked, Caller caller, DateTimeOffset now, Decision? decision = null)
    {
        var told = _lines.FindIndex(line => line.Interaction == asked.Code && line.Change is null);
        if (told >= 0)
            return told;
        var isOfOne = asked is { ResourceType: not null, Id: not null };
        _lines.Add(
            scope.NewLine(caller, asked.Code, now) with
            {
                Type = isOfOne ? asked.ResourceType : decision?.Answer.Type ?? asked.ResourceType,
                Id = isOfOne ? asked.Id : decision?.Answer.Id,
                Query = asked.SearchedBy,
                Status = decision is null ? 200 : StatusOf(decision),
            }
        );
        return _lines.Count - 1;
    }

    private static bool IsOperation(FhirInteraction? asked) => asked?.Code.StartsWith('$') is true;

    /// <summary>The changes that a line is about.</summary>
    private static IEnumerable<int> PlacesOf(AuditLine line) =>
        line.Change is { } place ? line.Writes.Add(place) : line.Writes;

    private static int StatusOf(Decision decision) =>
        decision.Begins is not null ? 202
        : decision.Writes.Any(w => w.Key == decision.Answer && w.DecidedFrom == 0) ? 201
        : 200;

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
