using System.Collections.Immutable;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.CarePlans;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Rules;
using CareCoordination.Workflow.Writes;

namespace CareCoordination.Application.Writes;

/// <summary>
/// Reads what has to be known of plans that plain writes make active. That the patient lives is left to the transaction, which reads
/// their record with what it writes: it is read here only where the plan was decided on and could not be stored.
/// </summary>
public sealed class ArrivingPlanReads(CareReads reads, PlanReads plans, CarePolicies policies, ReadGate gate)
{
    public async Task<ImmutableArray<ArrivingPlan>> OfAsync(
        ImmutableArray<RestWrite> writes,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var arriving = ImmutableArray.CreateBuilder<ArrivingPlan>();
        foreach (var write in writes.Where(ArrivingPlans.Is))
            arriving.Add(await OneAsync(write, writes, now, cancellationToken));
        return arriving.ToImmutable();
    }

    private async Task<ArrivingPlan> OneAsync(
        RestWrite write,
        ImmutableArray<RestWrite> writes,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var plan = Written(write);
        var policy = await policies.OfAsync(plan, cancellationToken);
        var rules = policy.RulesAt(now);
        var context = await plans.RecordsAsync(plan, consent: null, rules, cancellationToken);
        var withPatient = writes.FirstOrDefault(w => IsPatientOf(w, write));
        var isBeginning = ArrivingPlans.IsBeginning(write);
        var others = writes
            .Where(w => w is { IsDeletion: false, Key.Type: ResourceTypes.CarePlan } && w.Key != write.Key)
            .ToArray();
        return new ArrivingPlan(
            write,
            context with
            {
                Patient =
                    withPatient is not null ? await PatientAsync(withPatient, cancellationToken)
                    : gate.IsInTransaction ? await plans.PatientAsync(plan, cancellationToken)
                    : null,
                OtherActive =
                [
                    .. context.OtherActive.Where(o => writes.All(w => w.Key != o.Key)),
                    .. others.Where(o => IsOfSamePatient(o, write)).Select(Written),
                ],
            },
            isBeginning ? await MembersAsync(plan, writes, cancellationToken) : [],
            rules,
            new CommandContext(ServerAgent.Unknown, now, policy.Today(now)),
            isBeginning
        )
        {
            IsWithPatient = withPatient is not null,
            Stored = context.Stored,
        };
    }

    /// <summary>
    /// The patient as the commit leaves them. A record of somebody who has died comes with its plans as they were: then both are new
    /// in one commit.
    /// </summary>
    private async Task<Snapshot?> PatientAsync(RestWrite written, CancellationToken cancellationToken) =>
        written.IsNew
        || LivingPatient.Is(written.After.Utf8)
        || await reads.ReadAsync(written.Key.ToString(), cancellationToken) is null
            ? null
            : Written(written);

    private static bool IsPatientOf(RestWrite write, RestWrite plan) =>
        write.Key.Type == ResourceTypes.Patient
        && write.Key.ToString() == CarePlanView.From(plan.After).Subject.Reference;

    private static bool IsOfSamePatient(RestWrite one, RestWrite other) =>
        CarePlanView.From(one.After).Subject.Reference == CarePlanView.From(other.After).Subject.Reference;

    private async Task<ImmutableArray<Snapshot>> MembersAsync(
        Snapshot plan,
        ImmutableArray<RestWrite> writes,
        CancellationToken cancellationToken
    )
    {
        var written = writes.Select(w => w.Key).ToHashSet();
        var members = await reads.MembersOfAsync(plan, written, cancellationToken);
        return [.. members.Where(m => !written.Contains(m.Key))];
    }

    private static Snapshot Written(RestWrite write) => new(write.Key, write.Version, write.After.Utf8);
}
