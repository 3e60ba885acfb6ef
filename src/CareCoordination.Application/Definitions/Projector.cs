using System.Collections.Frozen;
using System.Collections.Immutable;
using CareCoordination.Application.Settings;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Schema;
using CareCoordination.Storage;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Caseload;
using CareCoordination.Workflow.Goals;
using CareCoordination.Workflow.Rules;
using CareCoordination.Workflow.Tasks;
using CareCoordination.Workflow.Timers;

namespace CareCoordination.Application.Definitions;

/// <summary>
/// What the store keeps of a resource for worklists, caseloads, timers and access. Pure, and asked for every resource on its way into the
/// store. docs/adr/0008-work-rows.md
/// </summary>
public sealed class Projector(CareOptions care, AccessOptions access, FhirSchema schema)
{
    private readonly RelationProjector _relations = new(care.Default.Calendar, access.BreakGlass);
    private readonly ConsentProjector _consents = new(care.Default.Calendar, schema);

    private static readonly FrozenSet<string> Types = TimerRules
        .All.Select(r => r.ResourceType)
        .Concat([
            ResourceTypes.Task,
            ResourceTypes.EpisodeOfCare,
            ResourceTypes.CarePlan,
            ResourceTypes.RiskAssessment,
            ResourceTypes.Observation,
            ResourceTypes.Consent,
            .. ProjectedRelation.ResourceTypes,
        ])
        .ToFrozenSet(StringComparer.Ordinal);

    private readonly ImmutableArray<CarePolicy> _policies = [care.Default, .. care.Organizations.Values];

    /// <summary>Null for a type of which nothing is kept.</summary>
    public ProjectionRows? Of(ResourceKey key, ResourceDocument document) =>
        !Types.Contains(key.Type) ? null
        : key.Type == ResourceTypes.Observation ? Evidence(key, document)
        : new ProjectionRows
        {
            Work = key.Type == ResourceTypes.Task ? Work(TaskView.From(document)) : null,
            Fact = key.Type switch
            {
                ResourceTypes.EpisodeOfCare => Managed(EpisodeOfCareView.From(document)),
                ResourceTypes.CarePlan => Transition(CarePlanView.From(document)),
                ResourceTypes.RiskAssessment => Risk(RiskAssessmentView.From(document)),
                _ => null,
            },
            Relations = _relations.Of(key, document),
            Consents = key.Type == ResourceTypes.Consent ? _consents.Of(document) : [],
            Timer = TimerRules.NextAt(key.Type, document, _policies),
        };

    /// <summary>A task that is late already remembers that it is. docs/import.md</summary>
    public ResourceDocument LateBefore(ResourceDocument document, DateTimeOffset now) =>
        Workflow.Timers.LateBefore.Remember(document, _policies, now);

    public Party PartyOf(string reference) => Party.Of(reference, schema.IsResourceType);

    /// <summary>The number under which a status is kept; below 0 for one that is over.</summary>
    public static short NumberOf(string status) => (short)OpenWork.Statuses.IndexOf(status);

    private WorkItem? Work(TaskView task) =>
        OpenWork.Of(task) is { } work
            ? new WorkItem(
                work.Owner is { } owner ? PartyOf(owner)
                    : task.Owner.Exists ? new Party(null, "")
                    : null,
                PatientOf(work.Patient),
                NumberOf(work.Status),
                (short)work.Priority,
                work.Due is { } due ? LastEnd(due) : null
            )
            : null;

    /// <summary>
    /// Whose day it is can be told by reading others only: a task is not shown as overdue before its day is over for all
    /// organisations.
    /// </summary>
    private DateTimeOffset LastEnd(CareDate due) => _policies.Max(p => p.Calendar.EndOf(due));

    /// <summary>Only what counts now: a reading that was withdrawn has no row.</summary>
    private ProjectionRows Evidence(ResourceKey key, ResourceDocument document) =>
        Reading.Of(key, document) is { Counts: true } reading
            ? new ProjectionRows
            {
                Reading = new ProjectedReading(
                    PartyOf(reading.Patient),
                    reading.At,
                    [.. reading.Codes.Select(c => new ReadingCode(c.System, c.Code))]
                ),
            }
            : ProjectionRows.None;

    private PatientFact? Managed(EpisodeOfCareView episode) =>
        episode is { Status: EpisodeOfCareStatusCodes.Active, CareManager.Reference: { } manager }
        && PatientOf(episode.Patient.Reference) is { } patient
            ? new PatientFact(PatientFactKind.Managed, patient) { Manager = PartyOf(manager) }
            : null;

    /// <summary>An active episodic plan: one that is part of a longitudinal plan.</summary>
    private PatientFact? Transition(CarePlanView plan) =>
        plan.Status == RequestStatusCodes.Active
        && plan.PartOf.Any()
        && PatientOf(plan.Subject.Reference) is { } patient
            ? new PatientFact(PatientFactKind.Transition, patient)
            : null;

    private PatientFact? Risk(RiskAssessmentView assessment) =>
        AssessedRisk.Of(assessment) is { } risk && PatientOf(risk.Patient) is { } patient
            ? new PatientFact(PatientFactKind.Risk, patient)
            {
                At = risk.At is { } at ? care.Default.Calendar.EndOf(at) : null,
                Rank = (short)risk.Rank,
                Tier = risk.Tier,
            }
            : null;

    private ResourceKey? PatientOf(string? reference) =>
        reference is not null && PartyOf(reference).Key is { Type: ResourceTypes.Patient } patient ? patient : null;
}
