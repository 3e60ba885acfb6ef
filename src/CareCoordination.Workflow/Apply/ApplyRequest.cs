using System.Collections.Immutable;
using CareCoordination.Fhir.Budgets;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Workflow.Apply;

/// <summary>
/// What <c>$apply</c> is asked: for whom, by whom, from when, and how to find what a definition names.
/// https://hl7.org/fhir/R4/plandefinition-operation-apply.html
/// </summary>
/// <param name="Subject">For whom.</param>
/// <param name="SubjectResource">The resource of the subject: the focus of every expression, and <c>%subject</c>.</param>
/// <param name="Start">From when the plan runs: timings and offsets count from it.</param>
/// <param name="Calendar">The calendar of the organisation that does the work.</param>
/// <param name="Resolve">Finds the PlanDefinition or ActivityDefinition of a canonical URL; null where there is none.</param>
/// <param name="NewId">Gives the ids of new resources.</param>
public sealed record ApplyRequest(
    ResourceKey Subject,
    ResourceDocument SubjectResource,
    Agent By,
    DateTimeOffset Now,
    DateTimeOffset Start,
    BusinessCalendar Calendar,
    Func<string, ResourceDocument?> Resolve,
    Func<string> NewId
)
{
    /// <summary>What the expressions of the definitions may cost together.</summary>
    public required WorkBudget Budget { get; init; }

    public string? Encounter { get; init; }

    public string? Practitioner { get; init; }

    public string? Organization { get; init; }

    /// <summary>Owns the tasks whose participant is no other.</summary>
    public string? CareManager { get; init; }

    /// <summary>The longitudinal plan that this episodic one is part of.</summary>
    public string? ParentPlan { get; init; }

    /// <summary>True: resources are stored. False: they are contained in the plan, which is not stored either.</summary>
    public bool Persist { get; init; } = true;

    /// <summary>
    /// True: tasks and requests are the activities. False: one RequestGroup is, with its options, as R4 has it; many systems cannot
    /// work with one.
    /// </summary>
    public bool Flatten { get; init; } = true;

    /// <summary>Who fills a role, by the code of <c>participant.role</c>.</summary>
    public ImmutableDictionary<string, string> Owners { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Further resources for expressions, by name: <c>encounter</c> is <c>%encounter</c>.</summary>
    public ImmutableDictionary<string, ResourceDocument> Variables { get; init; } =
        ImmutableDictionary<string, ResourceDocument>.Empty;

    /// <summary>Further values for expressions, by name: <c>setting</c> is <c>%setting</c>.</summary>
    public ImmutableDictionary<string, Element> Concepts { get; init; } = ImmutableDictionary<string, Element>.Empty;
}

/// <summary>What <c>$apply</c> makes.</summary>
/// <param name="Decision">What to store; empty where nothing is to be.</param>
/// <param name="Answer">The resource that is answered, as JSON.</param>
public sealed record Applied(Decision Decision, ReadOnlyMemory<byte> Answer);
