using System.Collections.Immutable;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.CarePlans;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Application.Reads;

/// <summary>Reads what a plan that becomes active has to know.</summary>
public sealed class PlanReads(CareReads reads)
{
    /// <summary>The members of a plan, and what the patient's other plans name that are not over.</summary>
    /// <param name="members">As they were read.</param>
    public async Task<PlanMembers> MembersAsync(
        Snapshot plan,
        ImmutableArray<Snapshot> members,
        CancellationToken cancellationToken
    ) =>
        new(members)
        {
            OtherPlans =
                members.IsEmpty || new CarePlanDraft(plan).Subject is not { } subject
                    ? []
                    : (
                        await reads.SearchAsync(
                            ResourceTypes.CarePlan,
                            $"subject={Uri.EscapeDataString(subject)}&status=draft,active,on-hold",
                            cancellationToken
                        )
                    ).Where(o => o.Key != plan.Key),
        };

    /// <summary>The patient, and of the patient what the plan and the rules ask for, and no more.</summary>
    /// <param name="consent">Null: any of the patient.</param>
    public async Task<ActivationContext> EntryAsync(
        Snapshot plan,
        string? consent,
        CareRules rules,
        CancellationToken cancellationToken
    ) =>
        await RecordsAsync(plan, consent, rules, cancellationToken) with
        {
            Patient = await PatientAsync(plan, cancellationToken),
        };

    public async Task<Snapshot?> PatientAsync(Snapshot plan, CancellationToken cancellationToken) =>
        new CarePlanDraft(plan).Subject is { } subject ? await reads.ReadAsync(subject, cancellationToken) : null;

    /// <summary>As <see cref="EntryAsync"/>, without the patient.</summary>
    public async Task<ActivationContext> RecordsAsync(
        Snapshot plan,
        string? consent,
        CareRules rules,
        CancellationToken cancellationToken
    )
    {
        var draft = new CarePlanDraft(plan);
        if (draft.Subject is not { } subject)
            return new ActivationContext([], []);
        var patient = Uri.EscapeDataString(subject);
        ImmutableArray<Snapshot> consents =
            !PlanEntry.NeedsConsent(draft, rules) ? []
            : consent is null
                ? await reads.SearchAsync(ResourceTypes.Consent, $"patient={patient}&status=active", cancellationToken)
            : await reads.ReadAllAsync([consent], cancellationToken);
        ImmutableArray<Snapshot> others =
            draft.Edit.InstantiatesCanonical.Count == 0
                ? []
                : await reads.SearchAsync(
                    ResourceTypes.CarePlan,
                    $"subject={patient}&status=active",
                    cancellationToken
                );
        return new ActivationContext(consents, [.. others.Where(o => o.Key != plan.Key)]) { Stored = others };
    }
}
