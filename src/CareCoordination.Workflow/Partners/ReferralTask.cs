using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Partners;

/// <summary>The words of referrals on top of a Task.</summary>
public static class ReferralTask
{
    private const string TaskCodes = "http://hl7.org/fhir/CodeSystem/task-code";

    private const string EndpointPrefix = "Endpoint/";

    /// <summary>True where somebody is asked by it to fulfil a ServiceRequest.</summary>
    public static bool IsReferral(this TaskDraft task) =>
        task.Edit.Code.Has(TaskCodes, "fulfill") && task.Request() is not null;

    /// <summary>The ServiceRequest that it fulfils: <c>focus</c>.</summary>
    public static ResourceKey? Request(this TaskDraft task) =>
        task.Edit.Focus.Target()?.Split('/') is [ResourceTypes.ServiceRequest, { Length: > 0 } id]
            ? new ResourceKey(ResourceTypes.ServiceRequest, id)
            : null;

    /// <summary>The id of the Endpoint that it goes to; null where it goes nowhere.</summary>
    public static string? Partner(this TaskDraft task) =>
        task.Edit.Extension.With(CareExtensions.Partner)?.ValueReference.Target() is { } reference
        && reference.StartsWith(EndpointPrefix, StringComparison.Ordinal)
            ? reference[EndpointPrefix.Length..]
            : null;

    /// <summary>True for a Task that a partner works on: it is late by its own thresholds, not by those of tasks here.</summary>
    public static bool IsSent(TaskView task) => ExtensionView.Find(task.Extension, CareExtensions.Partner).Exists;

    /// <summary>Which attempt of its request it is.</summary>
    public static int Attempt(this TaskDraft task) =>
        task.Edit.Extension.With(CareExtensions.Attempt)?.ValuePositiveInt ?? 1;

    public static int NoShows(this TaskDraft task) =>
        task.Edit.Extension.With(CareExtensions.NoShows)?.ValuePositiveInt ?? 0;

    /// <summary>The Consent that let it go.</summary>
    public static string? RestsOn(this TaskDraft task) =>
        task.Edit.Extension.With(CareExtensions.RestsOn)?.ValueReference.Target();

    /// <summary>Since when it, or the request, is being called off; null where it is not.</summary>
    public static DateTimeOffset? CancelRequested(this ResourceDraft draft) =>
        draft.Extensions.With(CareExtensions.CancelRequested)?.ValueDateTime?.Instant;

    /// <summary>Whether the partner's answer to a cancellation request is awaited.</summary>
    public static bool IsAskedToCancel(this TaskDraft task) =>
        task.Status == TaskStatusCodes.InProgress
        && ReferralState.Of(task).Business == BusinessStatuses.CancellationRequested;

    /// <summary>
    /// The state before a plain write here set one that is the partner's to set; null where it is as the partner, or a command, left it.
    /// </summary>
    public static ReferralState? StateBefore(this TaskDraft task) =>
        task.Edit.Extension.With(CareExtensions.StateBefore)?.ValueString is { } text
            ? ReferralState.Parse(text)
            : null;

    /// <summary>Remembers it, where this is such a write; true where something changed.</summary>
    /// <param name="before">Of the version that is replaced.</param>
    internal static bool NoteStateBefore(this TaskDraft task, ReferralState before)
    {
        var now = ReferralState.Of(task);
        if (now == before)
            return false;
        if (IsOurs(now))
            return task.ForgetStateBefore();
        if (task.StateBefore() is not null)
            return false;
        task.Edit.Extension.Add(new() { Url = CareExtensions.StateBefore, ValueString = before.ToString() });
        return true;
    }

    /// <summary>The partner, or a command, says how it stands; true where something else was noted.</summary>
    internal static bool ForgetStateBefore(this TaskDraft task)
    {
        if (task.StateBefore() is null)
            return false;
        task.Edit.Extension.RemoveAll(e => e.Url == CareExtensions.StateBefore);
        return true;
    }

    /// <summary>What whoever refers says, whoever is referred to.</summary>
    private static bool IsOurs(ReferralState state) =>
        state
            is {
                    Status: TaskStatusCodes.Draft
                        or TaskStatusCodes.Requested
                        or TaskStatusCodes.Cancelled
                        or TaskStatusCodes.EnteredInError
                }
                or { Status: TaskStatusCodes.InProgress, Business: BusinessStatuses.CancellationRequested };

    internal static CodeableConceptEditor FulfillCode()
    {
        var code = CodeableConceptEditor.Of(TaskCodes, "fulfill", Fulfill);
        code.Text = Fulfill;
        return code;
    }

    /// <summary>As R4 has it. https://hl7.org/fhir/R4/codesystem-task-code.html</summary>
    private const string Fulfill = "Fulfill the focal request";

    /// <summary>Puts a business status in the place of those of its system; what others say stays.</summary>
    internal static void SetBusiness(this CodeableConceptEditor status, string? code)
    {
        status.Coding.RemoveAll(c => c.System == BusinessStatuses.System);
        if (code is not null)
            status.Coding.Add(
                new()
                {
                    System = BusinessStatuses.System,
                    Code = code,
                    Display = BusinessStatuses.All.GetValueOrDefault(code),
                }
            );
    }

    /// <summary>Adds a flag of this server to the business status.</summary>
    internal static void Flag(this TaskDraft task, string code)
    {
        if (!task.Edit.BusinessStatus.Has(CareExtensions.ReferralStatusSystem, code))
            task.Edit.BusinessStatus.Coding.Add(new() { System = CareExtensions.ReferralStatusSystem, Code = code });
    }

    internal static void Unflag(this TaskDraft task, string code) =>
        task.Edit.BusinessStatus.Coding.RemoveAll(c =>
            c.System == CareExtensions.ReferralStatusSystem && c.Code == code
        );

    internal static void MarkCancelRequested(this ResourceDraft draft, DateTimeOffset now)
    {
        if (draft.CancelRequested() is null)
            draft.Extensions.Put(new() { Url = CareExtensions.CancelRequested, ValueDateTime = now });
    }

    /// <summary>Cancels a Task, or asks its partner to.</summary>
    /// <param name="isKnownThere">False: it never left, so no partner has to be asked.</param>
    internal static void CallOff(this TaskDraft task, Reason reason, bool isKnownThere, DateTimeOffset now)
    {
        if (task.IsAskedToCancel())
            return;
        Held.Clear(task);
        task.SetReason(reason);
        task.MarkCancelRequested(now);
        if (isKnownThere && task.Partner() is not null && ReferralProfile.Of(task).CancelsByHandshake)
        {
            task.Status = TaskStatusCodes.InProgress;
            task.Edit.BusinessStatus.SetBusiness(BusinessStatuses.CancellationRequested);
            task.ExecutionStart ??= now;
        }
        else
        {
            task.Status = TaskStatusCodes.Cancelled;
            if (task.ExecutionStart is not null)
                task.ExecutionEnd = now;
        }

        task.Touch(now);
    }
}
