using System.Collections.Immutable;
using CareCoordination.Application.Reads;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Transitions;

namespace CareCoordination.Application.Transitions;

/// <summary>
/// The rules of reliable messaging: a Bundle's id is of one sending; what has the id of a message and says something else is a correction
/// where it was said later. https://hl7.org/fhir/R4/messaging.html#reliable
/// </summary>
internal static class MessageRules
{
    /// <summary>What was recorded of the message, its Bundle and its stay before; of the stay what is not superfluous.</summary>
    public static async Task<ImmutableArray<Snapshot>> RecordsAsync(
        TransitionNotice notice,
        CareReads reads,
        CancellationToken cancellationToken
    )
    {
        var found = await reads.SearchAsync(ResourceTypes.Task, IntakeRecord.Query(notice), cancellationToken);
        return
            !found.Any(r => r.Key.Id == notice.RecordId)
            && await reads.ReadAsync($"{ResourceTypes.Task}/{notice.RecordId}", cancellationToken) is { } retired
            ? found.Add(retired)
            : found;
    }

    /// <summary>True where a message with the id of the recorded one was said later.</summary>
    public static bool IsCorrected(Snapshot record, TransitionNotice notice, ImmutableArray<Snapshot> records)
    {
        var (message, said) = (IntakeRecord.MessageOf(record), IntakeRecord.SaidAt(record));
        return message is not null
            && (
                message == IntakeRecord.MessageKey(notice) && notice.At > said
                || records.Any(r =>
                    IntakeRecord.Has(r, IntakeRecord.MessageSystem, message) && IntakeRecord.SaidAt(r) > said
                )
            );
    }

    /// <param name="records">What was recorded of the message, its Bundle and its stay before.</param>
    public static Failure? Contradiction(TransitionNotice notice, ImmutableArray<Snapshot> records)
    {
        var message = IntakeRecord.MessageKey(notice);
        // What an operator corrects does not contradict its correction.
        var others = records.Where(r => r.Key.Id != notice.Replay?.Corrects).ToArray();
        var same = others.Where(r => IntakeRecord.Has(r, IntakeRecord.MessageSystem, message)).ToArray();
        if (
            IntakeRecord.BundleKey(notice) is { } bundle
            && others.Any(r => IntakeRecord.Has(r, IntakeRecord.BundleSystem, bundle) && !same.Contains(r))
        )
            return Failure.Invalid(
                IssueCode.Duplicate,
                "The Bundle has the id of another message: give every Bundle an id of its own.",
                "Bundle.id"
            );
        return same.Any(r => IntakeRecord.SaidAt(r) >= notice.At)
            ? Failure.Conflict(
                "The message has the id of one that said something else and was not made earlier: give what is new an id of its own, or as a correction a later timestamp.",
                "Bundle.timestamp"
            )
            : null;
    }
}
