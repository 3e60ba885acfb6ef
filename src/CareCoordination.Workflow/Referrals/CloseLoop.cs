using System.Collections.Immutable;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Referrals;

/// <summary>How somebody closes a loop.</summary>
/// <param name="Reports">What came of it, by reference: a DocumentReference, a Composition, a Procedure, an Observation.</param>
public sealed record LoopClosing(ImmutableArray<string> Reports)
{
    public Reason? Outcome { get; init; }

    public string? Note { get; init; }

    /// <summary>True: closed although nothing was received; the reason says why.</summary>
    public bool WaivesReport { get; init; }
}

/// <summary>
/// <c>ServiceRequest/$close-loop</c>: the request is fulfilled, and there is evidence. The loop is closed where the Task is
/// completed and an output is there or a report was received.
/// </summary>
public static class CloseLoop
{
    /// <summary>
    /// Completes the request, keeps the reports as outputs of the Task, and makes the Task that asks whether it helped. Answers the
    /// request. 422 <c>loop-open</c>, <c>evidence-missing</c>, <c>reason-required</c>, <c>illegal-transition</c>.
    /// </summary>
    /// <param name="attempts">Tasks that fulfil the request, of any status.</param>
    /// <param name="work">Open Tasks that the referral gave people here; those that this answers end.</param>
    public static Result<Decision> Close(
        Snapshot snapshot,
        IEnumerable<Snapshot> attempts,
        IEnumerable<Snapshot> work,
        LoopClosing closing,
        Reason? reason,
        ReferralContext context
    )
    {
        var request = new ServiceRequestDraft(snapshot);
        if (
            CommandGuard.Check(request, RequestStatusCodes.Completed, "close-loop", reason, By(request, context.By)) is
            { } failure
        )
            return failure;
        var tasks = attempts.Select(a => new TaskDraft(a)).Where(t => t.IsReferral()).ToArray();
        if (tasks.FirstOrDefault(t => !t.IsTerminal) is { } open)
            return RuleFailure.Of(
                "loop-open",
                $"{open.Reference} is {open.Status}: the partner still works on it. Wait, or call it off with $cancel.",
                "ServiceRequest.status"
            );
        var done = tasks.LastOrDefault(t => t.Status == TaskStatusCodes.Completed);
        if (WithoutEvidence(done, closing, reason) is { } unproven)
            return unproven;

        request.Status = RequestStatusCodes.Completed;
        if (closing.Note is { } note)
            request.Edit.Note.Add(Annotations.Of(note, context.By.Reference, context.Now));
        if (done is not null)
            Keep(done, closing, context);
        var answered = work.Select(w => new TaskDraft(w)).ToArray();
        ReferralWorkSteps.Finish(
            answered,
            context,
            ReferralWork.CloseLoop,
            ReferralWork.ObtainReport,
            ReferralWork.DecideOutcome
        );
        var ask = done is null
            ? ReferralWork.AskWhetherItHelped.For(request, context, AskAt(context))
            : AskLater(done, context);
        return Drafts.Write("close-loop", request, [ask, .. tasks, .. answered]);
    }

    /// <summary>Why the loop cannot be closed on what was received and named; null where it can.</summary>
    private static Failure? WithoutEvidence(TaskDraft? done, LoopClosing closing, Reason? reason)
    {
        if (!closing.Reports.IsEmpty || (done is not null && HasEvidence(done)))
            return null;
        if (!closing.WaivesReport)
            return done is null
                ? RuleFailure.Of(
                    "loop-open",
                    "Nobody has completed it: name what came of it with 'report', or send 'waive' as true with a reason.",
                    "ServiceRequest.status"
                )
                : RuleFailure.Of(
                    "evidence-missing",
                    "Completed without an output: name a report with 'report', or send 'waive' as true with a reason.",
                    "Task.output"
                );
        return reason is null
            ? RuleFailure.Of(
                "reason-required",
                "A loop that is closed without a report needs a reason; send the parameter 'reason'.",
                "Parameters.parameter"
            )
            : null;
    }

    /// <summary>The outputs of what was done: a Procedure, a document, a coded result.</summary>
    internal static bool HasEvidence(TaskDraft task) => task.Edit.Output.Count > 0;

    /// <summary>The Task that asks the patient whether it helped.</summary>
    internal static TaskDraft AskLater(TaskDraft task, ReferralContext context) =>
        ReferralWork.AskWhetherItHelped.For(task, context, AskAt(context));

    private static DateTimeOffset? AskAt(ReferralContext context) =>
        context.Calendar.DueInDays(context.Now, context.Numbers.AskAfterDays);

    private static void Keep(TaskDraft task, LoopClosing closing, ReferralContext context)
    {
        var known = task.Edit.Output.Select(o => o.ValueReference.Target()).ToHashSet();
        foreach (var report in closing.Reports.Where(known.Add))
            task.Edit.Output.Add(new() { Type = { Text = "Report" }, ValueReference = References.To(report) });
        if (closing.Outcome is { } outcome)
            task.Edit.Output.Add(
                new() { Type = { Text = "Outcome" }, ValueCodeableConcept = outcome.ToCodeableConcept() }
            );
        if (HasEvidence(task))
            task.Unflag(BusinessStatuses.ClosedWithoutReport);
        if (task.IsChanged)
            task.Touch(context.Now);
    }

    internal static ActorRelation? By(ServiceRequestDraft request, Agent by) =>
        by.RelationTo(request.Edit.Requester.Target(), request.Edit.Performer.Targets().FirstOrDefault());
}
