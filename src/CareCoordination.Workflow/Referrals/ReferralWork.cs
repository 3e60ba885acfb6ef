using System.Collections.Immutable;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Tasks;

namespace CareCoordination.Workflow.Referrals;

/// <summary>A kind of Task that a referral gives people here: <c>Task.code</c> of <see cref="CareExtensions.ReferralWorkSystem"/>.</summary>
/// <param name="Meaning">What there is to do, without anything of the patient's.</param>
public sealed record ReferralWork(string Code, string Meaning)
{
    public static readonly ReferralWork Reroute = new(
        "reroute",
        "The partner does not do it: find another one ($redirect), or call the request off ($cancel)."
    );

    public static readonly ReferralWork ReviewPlan = new(
        "review-plan",
        "Several partners did not do it: review the plan before another attempt."
    );

    public static readonly ReferralWork ReachOut = new(
        "reach-out",
        "The patient did not come: call, ask what stood in the way (transport?), and have a new appointment made."
    );

    public static readonly ReferralWork ProposeToEnd = new(
        "propose-to-end",
        "The patient did not come again: decide whether the request ends ($cancel), and review the plan."
    );

    public static readonly ReferralWork ReviewWaitlist = new(
        "review-waitlist",
        "The partner has no place now: wait, or look for another one ($redirect)."
    );

    public static readonly ReferralWork CloseLoop = new(
        "close-loop",
        "The partner has completed it: read what came of it and close the request ($close-loop)."
    );

    public static readonly ReferralWork ObtainReport = new(
        "obtain-report",
        "Completed without an output: ask the partner for a report, then close the request ($close-loop)."
    );

    public static readonly ReferralWork AskWhetherItHelped = new(
        "ask-whether-it-helped",
        "Ask the patient whether the service helped, and what is still needed."
    );

    public static readonly ReferralWork ReadLateOutcome = new(
        "read-late-outcome",
        "An outcome came after the referral was called off: read it and decide about the request."
    );

    public static readonly ReferralWork DecideOutcome = new(
        "decide-outcome",
        "The partner had completed it before the cancellation reached it: decide about the request ($close-loop or $cancel)."
    );

    public static readonly ReferralWork CorrectData = new(
        "correct-data",
        "The partner refuses what was sent: correct it and replay the delivery."
    );

    public static readonly ReferralWork CallPartner = new(
        "call-partner",
        "The partner cannot be reached: call or fax, then replay or end the delivery."
    );

    public static readonly ReferralWork CopyGone = new(
        "copy-gone",
        "The partner has deleted its copy: ask what became of the referral and record it, or ask another partner ($redirect)."
    );

    public static readonly ReferralWork Chase = new("chase", "The partner has not answered in time: remind it.");

    public static readonly ReferralWork ChaseLead = new(
        "chase-lead",
        "The partner has not answered after a reminder: decide whether another one is asked ($redirect)."
    );

    public static readonly ReferralWork Stalled = new(
        "stalled",
        "Nothing has changed for long although the partner accepted: ask how it goes."
    );

    public static readonly ReferralWork StalledLead = new(
        "stalled-lead",
        "Still nothing has changed: decide whether another partner is asked ($redirect)."
    );

    public static readonly ReferralWork ConfirmCancel = new(
        "confirm-cancel",
        "The partner has not confirmed that it stops: call to make sure."
    );

    public static readonly ReferralWork Privacy = new(
        "privacy",
        "A referral was entered in error after it may have left: follow the procedure for disclosures."
    );

    /// <summary>Every kind, for the code system and the documentation.</summary>
    public static readonly ImmutableArray<ReferralWork> All =
    [
        Reroute,
        ReviewPlan,
        ReachOut,
        ProposeToEnd,
        ReviewWaitlist,
        CloseLoop,
        ObtainReport,
        AskWhetherItHelped,
        ReadLateOutcome,
        DecideOutcome,
        CorrectData,
        CallPartner,
        CopyGone,
        Chase,
        ChaseLead,
        Stalled,
        StalledLead,
        ConfirmCancel,
        Privacy,
    ];

    /// <summary>A Task of this kind. It is about the referral (focus) and based on the request.</summary>
    /// <param name="due">Null: within the days of the rules.</param>
    internal TaskDraft For(TaskDraft referral, ReferralContext context, DateTimeOffset? due = null, bool toLead = false)
    {
        var task = About(referral.Key, referral.Request(), context, due);
        task.Edit.For = TaskWords.Copy(referral.Edit.For);
        task.Edit.Priority = referral.Edit.Priority;
        // What is a lead's and names none is anyone's to claim.
        task.Owner = toLead ? context.Lead : context.CareManager ?? Person(referral.Requester);
        if (toLead)
            task.Edit.PerformerType.Add(CodeableConceptEditor.Of(CareExtensions.RoleSystem, CareExtensions.LeadRole));
        return task;
    }

    /// <summary>A Task of this kind about a request.</summary>
    internal TaskDraft For(ServiceRequestDraft request, ReferralContext context, DateTimeOffset? due = null)
    {
        var task = About(request.Key, request.Key, context, due);
        task.Edit.For = TaskWords.Copy(request.Edit.Subject);
        task.Edit.Priority = request.Edit.Priority;
        task.Owner = context.CareManager ?? Person(request.Edit.Requester.Target());
        return task;
    }

    private TaskDraft About(ResourceKey focus, ResourceKey? request, ReferralContext context, DateTimeOffset? due)
    {
        var task = new TaskDraft(context.NewId())
        {
            Edit =
            {
                Status = TaskStatusCodes.Requested,
                Intent = TaskIntentCodes.Order,
                Code = TaskWords.Code(CareExtensions.ReferralWorkSystem, Code, Code.Replace('-', ' ')),
                Description = Meaning,
                Focus = ReferenceEditor.To(focus),
                AuthoredOn = context.Now,
                Requester = References.To(context.By.Reference),
            },
            Due = due ?? context.Calendar.DueInBusinessDays(context.Now, context.Numbers.WorkWithin),
        };
        if (request is { } key)
            task.Edit.BasedOn.Add(ReferenceEditor.To(key));
        task.Touch(context.Now);
        return task;
    }

    /// <summary>An organisation or a device that asked does no work; null leaves the Task for anyone to claim.</summary>
    private static string? Person(string? reference) =>
        reference?.Split('/')[0] is ResourceTypes.Practitioner or ResourceTypes.PractitionerRole ? reference : null;
}
