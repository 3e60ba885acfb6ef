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
        var decision = Recorded(notice, record, []);
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
        var decision = Recorded(notice, record, []);
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
        var follow = new PlansAfterStay(context, stay, view, route);
        follow.Decide();
        foreach (var (what, reference) in follow.Made)
            IntakeRecord.Made(record, what, reference);
        if (follow.Remark is { } remark)
            record.AddNote(remark, context.Command.By, context.Command.Now);
        return Finish(context, record, EncounterWrite(content, context), follow.Drafts, follow.Decisions);
    }

    /// <summary>
    /// What a stay that was written without a message means for plans: nothing to write where nothing follows now, and null where nothing can.
    /// </summary>
    public static Decision? Follow(IntakeContext context)
    {
        var stay = context.Stay!;
        var view = EncounterView.From(EncounterOf(stay, context.EncounterKey));
        DischargeRoute? route = null;
        if (TooEarly(view, context) is not null || (stay.IsFinished && !Route(view).TryGet(out route, out _)))
            return null;
        var follow = new PlansAfterStay(context, stay, view, route);
        follow.Decide();
        var (drafts, decisions) = (follow.Drafts, follow.Decisions);
        if (drafts.Count > 0)
            decisions.Add(Drafts.Write("update", drafts[0], drafts.Skip(1)));
        var writes = decisions.SelectMany(d => d.Writes);
        return With(new Decision(context.EncounterKey, [.. writes]) { Activity = "update" }, decisions);
    }

    /// <summary>The record with what was made; where the message was kept before, in the place of what was recorded then.</summary>
    private static Decision Recorded(TransitionNotice notice, TaskDraft record, IEnumerable<ResourceDraft> drafts)
    {
        var decision = Drafts.Write(IntakeRecord.Code, record, drafts);
        return decision with
        {
            Writes =
            [
                .. decision.Writes.Select(w => w.Key == record.Key ? w with { DecidedFrom = notice.RecordVersion } : w),
            ],
        };
    }

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
        var most = TimeSpan.FromMinutes(context.Policy.RulesAt(context.Command.Now).Transitions.MostMinutesAhead);
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
        foreach (var risk in context.Risks)
            IntakeRecord.Made(record, "risk", risk.Key.ToString());
        var decision = Recorded(context.Notice, record, drafts);
        var writes = decision
            .Writes.AddRange(Received(context.Notice))
            .AddRange(encounter)
            .AddRange(context.Resources)
            .AddRange(context.Risks)
            .AddRange(context.Retired)
            .AddRange(Medications(context));
        return With(decision with { Writes = [.. writes, .. others.SelectMany(o => o.Writes)] }, others);
    }

    /// <summary>What was taken before beside what was prescribed, for whoever reconciles them.</summary>
    private static ImmutableArray<ResourceWrite> Medications(IntakeContext context) =>
        context.DischargeMedications.IsEmpty || context.Patient is null || context.Stay is null
            ? []
            :
            [
                new(
                    PlansAfterStay.ListKey(context),
                    context.MedicationListVersion,
                    MedicationReconciliation.ToList(
                        PlansAfterStay.ListKey(context).Id,
                        context.Patient,
                        context.EncounterKey.ToString(),
                        context.Command.Now,
                        MedicationReconciliation.Compare(context.HomeMedications, context.DischargeMedications)
                    )
                ),
            ];

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
