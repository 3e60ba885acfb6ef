using System.Text.Json.Nodes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Lifecycles;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Referrals;

/// <summary>Takes over what is new in a partner's copy of a Task.</summary>
internal static class PartnerNews
{
    /// <summary>Outputs, notes, the recipient's number, and what it says of the business; status codes that nobody knows are kept.</summary>
    /// <param name="shown">What the partner was shown of the status.</param>
    public static void Take(TaskDraft task, TaskView theirs, string partnerBase, ReferralState shown, bool takesStatus)
    {
        TakeOutputs(task, theirs, partnerBase);
        var known = task.Edit.Note.Select(n => n.Text).ToHashSet();
        foreach (var note in theirs.Note)
        {
            if (known.Add(note.Text))
                task.Edit.Note.Add(Absolute(new AnnotationEditor(note), partnerBase));
        }

        foreach (var identifier in theirs.Identifier)
        {
            if (
                identifier.Type.Has(DispatchReferral.IdentifierTypes, "FILL")
                && !task.Edit.Identifier.Any(i => i.System == identifier.System && i.Value == identifier.Value)
            )
                task.Edit.Identifier.Add(new IdentifierEditor(identifier));
        }

        if (takesStatus || (!task.IsTerminal && !IsAsShown(theirs.BusinessStatus, shown)))
            TakeBusinessStatus(task, theirs, takesStatus);
    }

    /// <summary>The partner moved it.</summary>
    public static void Move(TaskDraft task, TaskView theirs, ReferralState state, DateTimeOffset now)
    {
        task.Status = state.Status;
        Held.Clear(task);
        task.Edit.StatusReason = theirs.StatusReason.Exists ? new(theirs.StatusReason) : new();
        if (state.Status == TaskStatusCodes.InProgress || theirs.ExecutionPeriod.Start is not null)
            task.ExecutionStart ??= CareDate.Of(theirs.ExecutionPeriod.Start) ?? now;
        if (TaskLifecycle.Table.IsTerminal(state.Status))
        {
            // Days of the partner's stay days: only what ends before it begins, in whichever zone, is no period.
            var end = CareDate.Of(theirs.ExecutionPeriod.End) ?? now;
            task.ExecutionStart ??= CareDate.Of(theirs.ExecutionPeriod.Start) ?? end;
            task.ExecutionEnd = end.IsBefore(task.ExecutionStart.Value) ? task.ExecutionStart : end;
        }

        task.Unflag(BusinessStatuses.OverdueAnswer);
    }

    /// <summary>
    /// The patient is not registered at the partner yet, as some systems say it: nothing is to be sent again, only waited for.
    /// </summary>
    public static bool IsPending(TaskDraft task) =>
        task.Edit.BusinessStatus.Has(CareExtensions.ReferralStatusSystem, BusinessStatuses.PendingRegistration);

    private static void TakeBusinessStatus(TaskDraft task, TaskView theirs, bool takesStatus)
    {
        if (!theirs.BusinessStatus.Exists)
        {
            if (takesStatus)
                task.Edit.BusinessStatus = new();
            return;
        }

        var asked = task.IsAskedToCancel() && !takesStatus;
        var own = task
            .Edit.BusinessStatus.Coding.Where(c => c.System == CareExtensions.ReferralStatusSystem)
            .Select(c => c.Code!)
            .ToArray();
        // While a cancellation is asked for, the partner's earlier status does not take its place.
        if (asked)
            return;
        task.Edit.BusinessStatus = new(theirs.BusinessStatus);
        foreach (var code in own)
            task.Flag(code);
        if (SaysPending(theirs.BusinessStatus))
            task.Flag(BusinessStatuses.PendingRegistration);
        else
            task.Unflag(BusinessStatuses.PendingRegistration);
    }

    /// <summary>It says what we said ourselves.</summary>
    private static bool IsAsShown(CodeableConceptView status, ReferralState shown) =>
        status.Text is null && status.Coding.All(c => c.System == BusinessStatuses.System && c.Code == shown.Business);

    private static bool SaysPending(CodeableConceptView status) =>
        status.Coding.Any(c => c.Code == BusinessStatuses.PendingRegistration)
        || status.Text?.StartsWith("Pending: patient not found", StringComparison.OrdinalIgnoreCase) is true;

    private static void TakeOutputs(TaskDraft task, TaskView theirs, string partnerBase)
    {
        var known = TaskView.From(task.Edit.ToDocument()).Output.Select(Text).ToHashSet(StringComparer.Ordinal);
        foreach (var output in theirs.Output)
        {
            var copy = new TaskEditor { Output = { Absolute(new TaskOutputEditor(output), partnerBase) } };
            var added = TaskView.From(copy.ToDocument()).Output.First();
            if (known.Add(Text(added)))
                task.Edit.Output.Add(new(added));
        }
    }

    /// <summary>The same for outputs that differ in white space only, and for one that was taken over since it was told.</summary>
    private static string Text(TaskOutputView output)
    {
        var told = JsonNode.Parse(output.Element.Value.RawUtf8)!.AsObject();
        PartnerOutputs.AsTold(told);
        return told.ToJsonString();
    }

    /// <summary>A reference that is relative at the partner names something there.</summary>
    private static TaskOutputEditor Absolute(TaskOutputEditor output, string partnerBase)
    {
        if (output.ValueReference.Reference is { } reference)
            output.ValueReference.Reference = Absolute(reference, partnerBase);
        return output;
    }

    private static AnnotationEditor Absolute(AnnotationEditor note, string partnerBase)
    {
        if (note.AuthorReference.Reference is { } reference)
            note.AuthorReference.Reference = Absolute(reference, partnerBase);
        return note;
    }

    private static string Absolute(string reference, string partnerBase) =>
        LiteralReference.Parse(reference, R4Definitions.Schema.IsResourceType).Kind == ReferenceKind.Relative
            ? $"{partnerBase.TrimEnd('/')}/{reference}"
            : reference;
}
