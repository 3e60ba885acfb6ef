using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.CarePlans;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Rules;
using CareCoordination.Workflow.Tasks;

namespace CareCoordination.Workflow.Transitions;

/// <summary>
/// What a message about a stay is made into, as one commit: the stay as all messages make it, its resources, and the plan that follows
/// from it. Nothing of it depends on which message came first.
/// </summary>
public static class TransitionDecision
{
    /// <summary>Why what came cannot be taken in by itself: it is kept for somebody to look at.</summary>
    public static Decision Park(TransitionNotice notice, string why, CommandContext command)
    {
        var record = IntakeRecord.Make(notice, told: null, command);
        IntakeRecord.Park(record, why);
        var decision = Drafts.Write(IntakeRecord.Code, record);
        return decision with { Writes = [.. decision.Writes, .. Received(notice)] };
    }

    /// <summary>What a merge of records changes, with its record.</summary>
    /// <param name="survivor">As a reference.</param>
    public static Decision Merge(
        TransitionNotice notice,
        string survivor,
        ImmutableArray<ResourceWrite> changed,
        CommandContext command
    )
    {
        var record = IntakeRecord.Make(notice, told: null, command);
        record.For = survivor;
        foreach (var write in changed)
            IntakeRecord.Made(record, "changed", write.Key.ToString());
        var decision = Drafts.Write(IntakeRecord.Code, record);
        return decision with { Writes = [.. decision.Writes, .. Received(notice), .. changed] };
    }

    /// <summary>422 for a discharge that is still to come; what somebody has to look at is parked.</summary>
    public static Result<Decision> Decide(IntakeContext context)
    {
        var record = IntakeRecord.Make(context.Notice, context.Encounter, context.Command);
        if (context.Patient is { } patient)
            record.For = patient;
        if (context.Stay is not { } stay)
            return Finish(context, record, [], [], []);
        var content = (JsonObject)stay.Encounter.DeepClone();
        content["id"] = context.EncounterKey.Id;
        var encounter = EncounterOf(stay, context.EncounterKey);
        var view = EncounterView.From(encounter);
        if (TooEarly(view, context) is { } failure)
            return failure;
        DischargeRoute? route = null;
        if (stay.IsFinished && !Route(view).TryGet(out route, out var unknown))
            return Park(context.Notice, unknown.Issues[0].Diagnostics, context.Command);
        record.Edit.Focus = References.To(context.EncounterKey.ToString());
        var drafts = new List<ResourceDraft>();
        var decisions = new List<Decision>();
        Follow(stay, view, route, context, drafts, decisions, record);
        return Finish(context, record, EncounterWrite(content, context), drafts, decisions);
    }

    /// <summary>What a stay that was written without a message means for plans; null where nothing follows.</summary>
    public static Decision? Follow(IntakeContext context)
    {
        var stay = context.Stay!;
        var view = EncounterView.From(EncounterOf(stay, context.EncounterKey));
        DischargeRoute? route = null;
        if (TooEarly(view, context) is not null || (stay.IsFinished && !Route(view).TryGet(out route, out _)))
            return null;
        var drafts = new List<ResourceDraft>();
        var decisions = new List<Decision>();
        Follow(stay, view, route, context, drafts, decisions, new TaskDraft(context.Notice.Stay));
        if (drafts.Count > 0)
            decisions.Add(Drafts.Write("update", drafts[0], drafts.Skip(1)));
        if (decisions.TrueForAll(d => d.IsEmpty))
            return null;
        var writes = decisions.SelectMany(d => d.Writes);
        return With(
            new Decision(context.EncounterKey, Begins(context, drafts) ? [.. writes, Episode(context)] : [.. writes])
            {
                Activity = "update",
            },
            decisions
        );
    }

    private static bool Begins(IntakeContext context, List<ResourceDraft> drafts) =>
        !context.HasEpisode && drafts.Any(d => d is CarePlanDraft { IsNew: true });

    /// <summary>With what the others rely on and tell.</summary>
    private static Decision With(Decision decision, List<Decision> others) =>
        decision with
        {
            ReliedOn = [.. decision.ReliedOn, .. others.SelectMany(o => o.ReliedOn)],
            Outgoing = [.. decision.Outgoing, .. others.SelectMany(o => o.Outgoing)],
            Finds = [.. decision.Finds, .. others.SelectMany(o => o.Finds)],
        };

    /// <summary>The Encounter of a stay, under the id that it has here.</summary>
    public static ResourceDocument EncounterOf(Stay stay, ResourceKey key)
    {
        var content = (JsonObject)stay.Encounter.DeepClone();
        content["id"] = key.Id;
        return IntakeRecord.Document(content);
    }

    private static Failure? TooEarly(EncounterView encounter, IntakeContext context)
    {
        var most = TimeSpan.FromMinutes(RulesOf(context).MostMinutesAhead);
        return
            CareDate.Of(encounter.Period.End) is { } end
            && end.StartIn(context.Policy.TimeZone) > context.Command.Now + most
            ? Failure.Unprocessable(
                IssueCode.Value,
                "The stay ends in the future: a discharge is told when it has happened. Look at the clock and the time zone of the sender.",
                "Encounter.period.end"
            )
            : null;
    }

    /// <summary>Where nothing says where to, home is what most discharges lead to.</summary>
    private static Result<DischargeRoute?> Route(EncounterView encounter)
    {
        var disposition = encounter.Hospitalization.DischargeDisposition;
        if (!disposition.Exists)
            return (DischargeRoute?)DischargeRoute.Community;
        return Dispositions.RouteOf(disposition) is { } route
            ? (DischargeRoute?)route
            : Failure.Unprocessable(
                IssueCode.Value,
                "Encounter.hospitalization.dischargeDisposition has no code that is known: nobody can say what follows from the discharge.",
                "Encounter.hospitalization.dischargeDisposition"
            );
    }

    /// <summary>What the state of the stay means for plans: of this stay, and of those before it.</summary>
    private static void Follow(
        Stay stay,
        EncounterView encounter,
        DischargeRoute? route,
        IntakeContext context,
        List<ResourceDraft> drafts,
        List<Decision> decisions,
        TaskDraft record
    )
    {
        var calendar = context.Policy.Calendar;
        var isInpatient = Stays.IsInpatient(encounter);
        var own = IdsOf(context.Notice.Stay, stay.Generation);
        DateOnly? discharged =
            stay.IsFinished && CareDate.Of(encounter.Period.End) is { } end ? calendar.DayOf(end) : null;
        var wants =
            route is DischargeRoute.Community or DischargeRoute.AgainstAdvice or DischargeRoute.Facility
            && isInpatient
            && discharged is not null
            && !context.IsDead;
        var replaced = new List<string>();
        // The care of whoever has died ends by what follows from the death.
        foreach (var open in context.IsDead ? [] : context.Plans)
        {
            var plan = new CarePlanDraft(open.Plan);
            if (own.Contains(open.Plan.Key.Id))
            {
                var isCurrent = open.Plan.Key.Id == own[^1];
                if (!wants || !isCurrent)
                    Revoke(open, WhyOver(stay, route), context, decisions);
                continue;
            }

            if (isInpatient)
                Interrupt(open, plan, stay, encounter, wants, context, drafts, decisions, replaced);
        }

        if (!wants)
        {
            if (route is DischargeRoute.Hospice or DischargeRoute.Died && stay.IsFinished)
                Last(route.Value, stay, discharged ?? context.Command.Today, context, drafts);
            return;
        }

        Begin(stay, encounter, route!.Value, discharged!.Value, replaced, context, drafts, record);
    }

    /// <summary>The plans of the stay by generation, the last the one that holds.</summary>
    private static string[] IdsOf(string stay, int generation) =>
        [.. Enumerable.Range(0, generation + 1).Select(g => TransitionPlans.IdOf(stay, g, "plan"))];

    private static string WhyOver(Stay stay, DischargeRoute? route) =>
        stay.Status == EncounterStatusCodes.Cancelled ? "The stay was cancelled."
        : !stay.IsFinished ? "The discharge was taken back."
        : route == DischargeRoute.Died ? "The patient has died."
        : "The discharge led elsewhere.";

    /// <summary>A patient who is in hospital again rests the plan of the stay before; one who is discharged again begins anew.</summary>
    private static void Interrupt(
        OpenTransitionPlan open,
        CarePlanDraft plan,
        Stay stay,
        EncounterView encounter,
        bool wants,
        IntakeContext context,
        List<ResourceDraft> drafts,
        List<Decision> decisions,
        List<string> replaced
    )
    {
        var here = context.EncounterKey.ToString();
        var isHeldByThis =
            plan.Status == RequestStatusCodes.OnHold && plan.Edit.SupportingInfo.Targets().Contains(here);
        var isLater =
            plan.Edit.Period.Start is { } since
            && CareDate.Of(encounter.Period.Start) is { } start
            && context.Policy.Calendar.DayOf(start) >= DateOnly.FromDateTime(since.Local);
        if (stay.IsFinished && wants && isLater)
        {
            Revoke(open, "Readmitted: the plan after the later discharge takes its place.", context, decisions);
            replaced.Add(plan.Reference);
        }
        else if (stay.Status == EncounterStatusCodes.InProgress && isLater && plan.Status == RequestStatusCodes.Active)
            Hold(open, plan, here, context, drafts);
        else if (isHeldByThis && stay.Status != EncounterStatusCodes.InProgress)
            Resume(open, plan, here, context, drafts);
    }

    private static void Hold(
        OpenTransitionPlan open,
        CarePlanDraft plan,
        string encounter,
        IntakeContext context,
        List<ResourceDraft> drafts
    )
    {
        var command = context.Command with { Reason = new Reason("Readmitted") };
        PlanSteps.PutOnHold(open.Members.Own, plan.Reference, command);
        plan.Status = RequestStatusCodes.OnHold;
        plan.Edit.SupportingInfo.Add(References.To(encounter));
        plan.AddNote("On hold: the patient is in hospital again.", command);
        drafts.Add(plan);
        drafts.AddRange(open.Members.Drafts);
    }

    private static void Resume(
        OpenTransitionPlan open,
        CarePlanDraft plan,
        string encounter,
        IntakeContext context,
        List<ResourceDraft> drafts
    )
    {
        PlanSteps.TakeUp(open.Members, plan.Reference, context.Command);
        plan.Status = RequestStatusCodes.Active;
        plan.Edit.SupportingInfo.RemoveAll(r => r.Reference == encounter);
        plan.AddNote("Resumed: the patient is in hospital no more.", context.Command);
        drafts.Add(plan);
        drafts.AddRange(open.Members.Drafts);
    }

    private static void Revoke(OpenTransitionPlan open, string why, IntakeContext context, List<Decision> decisions)
    {
        var command = context.Command with { Reason = new Reason(why) };
        if (EndPlan.Revoke(open.Plan, open.Members, command).TryGet(out var revoked, out _))
            decisions.Add(revoked);
    }

    /// <summary>The plan of this discharge: made, or moved where the discharge is corrected.</summary>
    private static void Begin(
        Stay stay,
        EncounterView encounter,
        DischargeRoute route,
        DateOnly discharged,
        List<string> replaced,
        IntakeContext context,
        List<ResourceDraft> drafts,
        TaskDraft record
    )
    {
        var order = Order(stay, route, discharged, context) with { Replaces = [.. replaced] };
        if (context.Plans.FirstOrDefault(p => p.Plan.Key.Id == order.PlanId) is { } open)
        {
            Correct(open, order, context, drafts, record);
            return;
        }

        // One that people have ended stays so.
        if (context.Existing.Contains(new(ResourceTypes.CarePlan, order.PlanId)))
            return;
        var dischargedAt = encounter.Period.End is { Precision: >= DatePrecision.Minute } at
            ? at.Instant
            : (DateTimeOffset?)null;
        var later = Stays.After(discharged, dischargedAt, context.OtherStays, context.Policy.Calendar).ToArray();
        if (later.Any(l => l.Status == EncounterStatusCodes.Finished))
            return;
        var (plan, members) = TransitionPlans.Make(order, RulesOf(context), context.Command, context.Policy.Calendar);
        if (later.Length > 0)
            Rest(plan, members, later[0], context);
        drafts.Add(plan);
        drafts.AddRange(members);
        IntakeRecord.Made(record, "plan", plan.Reference);
        foreach (var member in members)
            IntakeRecord.Made(record, member is GoalDraft ? "goal" : "task", member.Reference);
        if (!context.HasEpisode)
            IntakeRecord.Made(record, "episode", $"{ResourceTypes.EpisodeOfCare}/{EpisodeId(context)}");
    }

    private static void Correct(
        OpenTransitionPlan open,
        TransitionPlanOrder order,
        IntakeContext context,
        List<ResourceDraft> drafts,
        TaskDraft record
    )
    {
        var known = new CarePlanDraft(open.Plan);
        drafts.AddRange(
            TransitionPlans.Correct(
                known,
                open.Members.Tasks,
                order,
                RulesOf(context),
                context.Command,
                context.Policy.Calendar
            )
        );
        drafts.Add(known);
        IntakeRecord.Made(record, "plan", known.Reference);
    }

    private static TransitionPlanOrder Order(Stay stay, DischargeRoute route, DateOnly day, IntakeContext context) =>
        new(context.Notice.Stay, stay.Generation, context.EncounterKey.ToString(), context.Patient!, route, day)
        {
            IsHighRisk = context.IsHighRisk,
            Diagnoses = context.Diagnoses,
            PendingResults = context.PendingResults,
            Manager = context.Manager,
            MedicationList = context.DischargeMedications.IsEmpty ? null : ListKey(context).ToString(),
        };

    private static TransitionRules RulesOf(IntakeContext context) =>
        context.Policy.RulesAt(context.Command.Now).Transitions;

    /// <summary>The patient is in hospital again already: what begins rests from the beginning.</summary>
    private static void Rest(
        CarePlanDraft plan,
        ImmutableArray<ResourceDraft> members,
        EncounterView later,
        IntakeContext context
    )
    {
        foreach (var goal in members.OfType<GoalDraft>())
        {
            goal.Move(GoalStatusCodes.OnHold, context.Command.Today, new Reason("Readmitted"));
            Held.Put(goal, plan.Reference, GoalStatusCodes.Active, context.Command.Now);
        }

        Held.PutAll(members.OfType<TaskDraft>(), plan.Reference, context.Command.Now);
        plan.Status = RequestStatusCodes.OnHold;
        plan.Edit.SupportingInfo.Add(References.To($"{ResourceTypes.Encounter}/{later.Id}"));
        plan.AddNote("On hold: the patient is in hospital again.", context.Command);
    }

    /// <summary>Nothing is planned any more, and one thing is left to do.</summary>
    private static void Last(
        DischargeRoute route,
        Stay stay,
        DateOnly day,
        IntakeContext context,
        List<ResourceDraft> drafts
    )
    {
        var code = route == DischargeRoute.Died ? TransitionWork.Bereavement : TransitionWork.HospiceHandover;
        if (context.Existing.Contains(TransitionPlans.LastTaskOf(context.Notice.Stay, stay.Generation)))
            return;
        if (context.Policy.Calendar.AddBusinessDays(day, RulesOf(context).ContactBusinessDays) is not { } due)
            return;
        drafts.Add(
            TransitionPlans.Task(
                Order(stay, route, day, context),
                new TransitionTask(TransitionPlans.Last, code, due),
                plan: null,
                context.Command,
                context.Policy.Calendar
            )
        );
    }

    private static string EpisodeId(IntakeContext context) => TransitionIds.Of("episode", context.Notice.Stay);

    private static ImmutableArray<ResourceWrite> EncounterWrite(JsonObject content, IntakeContext context)
    {
        if (context.Known is { } known)
        {
            var before = JsonNode.Parse(known.Utf8Json.Span)!.AsObject();
            var meta = before["meta"]?.DeepClone();
            before.Remove("meta");
            // What others wrote in it stays, as far as the stay says nothing of it.
            foreach (var (name, value) in before.Where(p => !content.ContainsKey(p.Key) && !IsOfTheEnd(p.Key)))
                content[name] = value?.DeepClone();
            if (JsonNode.DeepEquals(before, content))
                return [];
            if (meta is not null)
                content["meta"] = meta;
        }

        return [new(context.EncounterKey, context.Known?.Version ?? 0, Bytes(content))];
    }

    private static bool IsOfTheEnd(string name) => name is "hospitalization" or "length" or "period" or "statusHistory";

    private static Result<Decision> Finish(
        IntakeContext context,
        TaskDraft record,
        ImmutableArray<ResourceWrite> encounter,
        List<ResourceDraft> drafts,
        List<Decision> others
    )
    {
        foreach (var resource in context.Resources.Where(r => r.DecidedFrom == 0))
            IntakeRecord.Made(record, "resource", resource.Key.ToString());
        if (context.LeftOut.Length > 0)
            record.AddNote(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Kept in the message and not taken in: {string.Join(", ", context.LeftOut)}."
                ),
                context.Command.By,
                context.Command.Now
            );
        var decision = Drafts.Write(IntakeRecord.Code, record, drafts);
        var writes = decision
            .Writes.AddRange(Received(context.Notice))
            .AddRange(encounter)
            .AddRange(context.Resources)
            .AddRange(context.Risks)
            .AddRange(Medications(context));
        foreach (var risk in context.Risks)
            IntakeRecord.Made(record, "risk", risk.Key.ToString());
        if (Begins(context, drafts))
            writes = writes.Add(Episode(context));
        return With(decision with { Writes = [.. writes, .. others.SelectMany(o => o.Writes)] }, others);
    }

    private static ResourceKey ListKey(IntakeContext context) =>
        new(ResourceTypes.List, MedicationReconciliation.IdOf(context.Notice.Stay));

    /// <summary>What was taken before beside what was prescribed, for whoever reconciles them.</summary>
    private static ImmutableArray<ResourceWrite> Medications(IntakeContext context) =>
        context.DischargeMedications.IsEmpty || context.Patient is null
            ? []
            :
            [
                new(
                    ListKey(context),
                    context.MedicationListVersion,
                    MedicationReconciliation.ToList(
                        ListKey(context).Id,
                        context.Patient,
                        context.EncounterKey.ToString(),
                        context.Command.Now,
                        MedicationReconciliation.Compare(context.HomeMedications, context.DischargeMedications)
                    )
                ),
            ];

    /// <summary>By it the patient has somebody whose care it is, as soon as one is assigned.</summary>
    private static ResourceWrite Episode(IntakeContext context)
    {
        var id = EpisodeId(context);
        var episode = new EpisodeOfCareEditor
        {
            Id = id,
            Status = EpisodeOfCareStatusCodes.Active,
            Patient = References.To(context.Patient!),
            Type = { CodeableConceptEditor.Of(TransitionPlans.CategorySystem, TransitionPlans.TransitionalCare) },
        };
        episode.Period.Start = context.Command.Today;
        return new(new(ResourceTypes.EpisodeOfCare, id), 0, episode.ToUtf8Json());
    }

    /// <summary>The Bundle as it came, under the id of its record.</summary>
    private static ImmutableArray<ResourceWrite> Received(TransitionNotice notice)
    {
        if (notice.StoredAs is not null)
            return [];
        var bundle = JsonNode.Parse(notice.Bundle.Utf8.Span)!.AsObject();
        bundle["id"] = notice.RecordId;
        return [new(new(ResourceTypes.Bundle, notice.RecordId), 0, Bytes(bundle))];
    }

    private static byte[] Bytes(JsonObject resource) => Encoding.UTF8.GetBytes(resource.ToJsonString());
}
