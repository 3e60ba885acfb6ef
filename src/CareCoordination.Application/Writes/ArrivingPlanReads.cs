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

/// <summary>Reads what has to be known of plans that plain writes make active.</summary>
public sealed class ArrivingPlanReads(CareReads reads, PlanReads plans, CarePolicies policies)
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
        var context = await plans.EntryAsync(plan, consent: null, rules, cancellationToken);
        var isBeginning = ArrivingPlans.IsBeginning(write);
        var others = writes
            .Where(w => w is { IsDeletion: false, Key.Type: ResourceTypes.CarePlan } && w.Key != write.Key)
            .ToArray();
        return new ArrivingPlan(
            write,
            context with
            {
                Patient = PatientOf(write, writes, context.Patient),
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
            Stored = context.Stored,
        };
    }

    /// <summary>
    /// The patient as the commit leaves them. A record of somebody who has died comes with its plans as they were: then both are new
    /// in one commit.
    /// </summary>
    private static Snapshot? PatientOf(RestWrite plan, ImmutableArray<RestWrite> writes, Snapshot? stored)
    {
        var subject = CarePlanView.From(plan.After).Subject.Reference;
        foreach (var write in writes)
        {
            if (write.Key.Type == ResourceTypes.Patient && write.Key.ToString() == subject)
                return write.Version == 0 ? null : Written(write);
        }

        return stored;
    }

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
