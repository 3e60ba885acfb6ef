using System.Collections.Immutable;
using CareCoordination.Application.Caseload;
using CareCoordination.Application.Reads;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Search;
using CareCoordination.Workflow.Caseload;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Transitions;

namespace CareCoordination.Application.Transitions;

/// <summary>Reads what a decision about a stay has to know of the patient and of what the stay has led to.</summary>
public sealed class TransitionReads(CareReads reads, PlanReads plans, CareManagers managers)
{
    private const int MostStays = 100;
    private const int MostMedications = 200;

    /// <summary>With what this stay has led to before, or may have.</summary>
    public async Task<IntakeContext> WithExistingAsync(IntakeContext context, CancellationToken cancellationToken)
    {
        if (context.Stay is not { } stay)
            return context;
        var existing = await reads.ReadAllAsync(
            TransitionPlans.KeysOf(context.Notice.Stay, stay.Generation).Select(k => k.ToString()),
            cancellationToken
        );
        var list = context.DischargeMedications.IsEmpty
            ? null
            : await reads.ReadAsync(
                $"{ResourceTypes.List}/{MedicationReconciliation.IdOf(context.Notice.Stay)}",
                cancellationToken
            );
        return context with { Existing = [.. existing.Select(e => e.Key)], MedicationListVersion = list?.Version ?? 0 };
    }

    /// <summary>With who cares for the patient, the plans that are open, and the other stays.</summary>
    public async Task<IntakeContext> WithCareAsync(
        IntakeContext context,
        Snapshot patient,
        CancellationToken cancellationToken
    )
    {
        var subject = Uri.EscapeDataString(patient.Key.ToString());
        var episodes = await reads.SearchAsync(
            ResourceTypes.EpisodeOfCare,
            $"patient={subject}&status=active,planned,waitlist,onhold",
            cancellationToken
        );
        var stays = await reads.FirstAsync(
            ResourceTypes.Encounter,
            $"patient={subject}&status=in-progress,onleave,finished&_sort=-date",
            MostStays,
            cancellationToken
        );
        return context with
        {
            People = context.People with { Episodes = episodes },
            Manager = Workflow.Writes.LifeEvents.ManagerOf(episodes),
            Plans = await OpenPlansAsync(subject, cancellationToken),
            OtherStays = [.. stays.Where(e => e.Key != context.EncounterKey)],
            HomeMedications = await HomeMedicationsAsync(context, subject, cancellationToken),
        };
    }

    /// <summary>
    /// With the patient's team and general practitioners, and with somebody to manage their care where nobody does: read where a plan may
    /// begin. Candidates are the care managers of the organisation that manages the patient; without one nobody is chosen, unless the
    /// rules say that any of them may be.
    /// </summary>
    public async Task<IntakeContext> WithPeopleAsync(
        IntakeContext context,
        Snapshot patient,
        CancellationToken cancellationToken
    )
    {
        if (context.Stay is not { IsFinished: true } || context.IsDead)
            return context;
        var view = PatientView.From(ResourceDocument.Parse(patient.Utf8Json).Value);
        var subject = Uri.EscapeDataString(patient.Key.ToString());
        var teams = await reads.SearchAsync(
            ResourceTypes.CareTeam,
            $"patient={subject}&status=active",
            cancellationToken
        );
        var assigned = context.Manager is null
            ? await ChooseAsync(context, patient, view.ManagingOrganization.Reference, cancellationToken)
            : null;
        return context with
        {
            Manager = context.Manager ?? assigned,
            People = context.People with
            {
                Team = teams.Select(t => (Snapshot?)t).FirstOrDefault(),
                Practitioners = [.. view.GeneralPractitioner.Select(g => g.Reference).OfType<string>().Where(IsHere)],
                Assigned = assigned,
            },
        };
    }

    private static bool IsHere(string reference) =>
        reference.Split('/')
            is [ResourceTypes.Practitioner or ResourceTypes.PractitionerRole or ResourceTypes.Organization, _];

    /// <summary>By the rule of <c>$assign-care-manager</c>; null where nobody can take the patient.</summary>
    private async Task<string?> ChooseAsync(
        IntakeContext context,
        Snapshot patient,
        string? organization,
        CancellationToken cancellationToken
    )
    {
        var day = new PolicyDay(context.Policy, context.Command.Now);
        if (organization is null && !day.Rules.Transitions.AssignsAnybody)
            return null;
        var ranked = CareManagerChoice.Rank(
            await managers.NeedAsync(patient, cancellationToken),
            await managers.AllAsync(organization, patient, day, cancellationToken),
            day.Today,
            day.Rules
        );
        return CareManagerChoice.Best(ranked).TryGet(out var best, out _) ? best.Candidate.PractitionerRole : null;
    }

    /// <summary>What is active and was not told of this stay; read only where something was prescribed.</summary>
    private async Task<ImmutableArray<ToldMedication>> HomeMedicationsAsync(
        IntakeContext context,
        string subject,
        CancellationToken cancellationToken
    )
    {
        if (context.DischargeMedications.IsEmpty)
            return [];
        var told = context.DischargeMedications.Select(m => m.Key).ToHashSet();
        var taken = new List<ToldMedication>();
        foreach (var type in (string[])[ResourceTypes.MedicationStatement, ResourceTypes.MedicationRequest])
        {
            foreach (
                var medication in await reads.FirstAsync(
                    type,
                    $"patient={subject}&status=active",
                    MostMedications,
                    cancellationToken
                )
            )
            {
                if (!told.Contains(medication.Key))
                    taken.Add(new ToldMedication(medication.Key, medication.Utf8Json));
            }
        }

        return [.. taken];
    }

    private async Task<ImmutableArray<OpenTransitionPlan>> OpenPlansAsync(
        string subject,
        CancellationToken cancellationToken
    )
    {
        var open = ImmutableArray.CreateBuilder<OpenTransitionPlan>();
        foreach (
            var plan in await reads.SearchAsync(
                ResourceTypes.CarePlan,
                $"subject={subject}&status=draft,active,on-hold&category={Uri.EscapeDataString(TransitionPlans.CategorySystem)}|{TransitionPlans.TransitionalCare},{Uri.EscapeDataString(TransitionPlans.CategorySystem)}|{TransitionPlans.FacilityFollow}",
                cancellationToken
            )
        )
            open.Add(
                new OpenTransitionPlan(
                    plan,
                    await plans.MembersAsync(
                        plan,
                        await reads.EndingMembersOfAsync(plan, cancellationToken),
                        cancellationToken
                    )
                )
            );
        return open.ToImmutable();
    }

    /// <summary>The Encounter with one of its numbers, by whoever it was stored; one of the patient before others.</summary>
    public async Task<Snapshot?> KnownStayAsync(
        TransitionNotice notice,
        string? patient,
        CancellationToken cancellationToken
    )
    {
        if (notice.Encounter is not { } told)
            return null;
        var numbers = EncounterView
            .From(told.Resource)
            .Identifier.Where(i => i is { System: not null, Value: not null })
            .Select(i => $"{QueryText.Escape(i.System!)}|{QueryText.Escape(i.Value!)}")
            .ToArray();
        if (await reads.ReadAsync($"{ResourceTypes.Encounter}/{notice.Stay}", cancellationToken) is { } own)
            return own;
        if (numbers.Length == 0)
            return null;
        var found = await reads.SearchAsync(
            ResourceTypes.Encounter,
            $"identifier={Uri.EscapeDataString(string.Join(',', numbers))}",
            cancellationToken
        );
        return found
            .OrderBy(e => Stays.View(e).Subject.Reference == patient ? 0 : 1)
            .Select(e => (Snapshot?)e)
            .FirstOrDefault();
    }
}
