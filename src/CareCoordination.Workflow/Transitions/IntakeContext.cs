using System.Collections.Immutable;
using System.Text.Json.Nodes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.CarePlans;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Transitions;

/// <summary>A plan after a discharge that is not over, with its members as read.</summary>
public sealed record OpenTransitionPlan(Snapshot Plan, PlanMembers Members);

/// <summary>What a decision about a message has to know. Pure data: the same context makes the same decision.</summary>
/// <param name="Encounter">What is told, with the references that hold here; null where no stay is.</param>
/// <param name="Patient">As a reference.</param>
public sealed record IntakeContext(
    TransitionNotice Notice,
    JsonObject? Encounter,
    string? Patient,
    CommandContext Command,
    CarePolicy Policy
)
{
    /// <summary>The stay as all that was told of it makes it, this message included; null where no stay is told of.</summary>
    public Stay? Stay { get; init; }

    /// <summary>The Encounter of the stay, where there is one already.</summary>
    public Snapshot? Known { get; init; }

    /// <summary>Where the stay is stored.</summary>
    public ResourceKey EncounterKey { get; init; }

    /// <summary>Other stays of the patient.</summary>
    public ImmutableArray<Snapshot> OtherStays { get; init; } = [];

    /// <summary>The plans after discharges of the patient that are not over.</summary>
    public ImmutableArray<OpenTransitionPlan> Plans { get; init; } = [];

    /// <summary>Which of the plan and the task that this stay may lead to is there already, in whatever status.</summary>
    public ImmutableHashSet<ResourceKey> Existing { get; init; } = [];

    /// <summary>True where this generation has led to a plan, and none of it is open.</summary>
    public bool HasEndedPlan =>
        Existing.Any(e => e.Type == ResourceTypes.CarePlan) && !Plans.Any(p => Existing.Contains(p.Plan.Key));

    /// <summary>The resources of the message as they are stored: new ones, and newer ones of the same sender.</summary>
    public ImmutableArray<ResourceWrite> Resources { get; init; } = [];

    /// <summary>How many messages tell of it that are kept one by one, this one included.</summary>
    public int Told { get; init; }

    /// <summary>Records of the stay that are superfluous from now on, without its key.</summary>
    public ImmutableArray<ResourceWrite> Retired { get; init; } = [];

    /// <summary>Diagnoses of the stay, as references.</summary>
    public ImmutableArray<string> Diagnoses { get; init; } = [];

    /// <summary>Results that the message calls not final, as references.</summary>
    public ImmutableArray<string> PendingResults { get; init; } = [];

    /// <summary>What the patient took before, as far as it is known here.</summary>
    public ImmutableArray<ToldMedication> HomeMedications { get; init; } = [];

    /// <summary>What the message says that was prescribed, as it is stored.</summary>
    public ImmutableArray<ToldMedication> DischargeMedications { get; init; } = [];

    /// <summary>Where the comparison of both is, with its version; 0 where there is none yet.</summary>
    public int MedicationListVersion { get; init; }

    /// <summary>Who manages the patient's care; null where nobody does.</summary>
    public string? Manager { get; init; }

    /// <summary>Who cares for the patient, as far as a plan begins.</summary>
    public TransitionPeople People { get; init; } = TransitionPeople.None;

    /// <summary>True where the patient is known to have died.</summary>
    public bool IsDead { get; init; }

    /// <summary>True where the risk of a readmission is high.</summary>
    public bool IsHighRisk { get; init; }

    /// <summary>The scores of the risk, as they are stored.</summary>
    public ImmutableArray<ResourceWrite> Risks { get; init; } = [];

    /// <summary>What was not taken in, and why; for the answer.</summary>
    public ImmutableArray<string> LeftOut { get; init; } = [];
}
