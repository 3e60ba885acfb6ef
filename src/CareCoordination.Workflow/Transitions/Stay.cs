using System.Collections.Immutable;
using System.Text.Json.Nodes;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Workflow.Transitions;

/// <summary>
/// A stay as all that was told of it makes it: a function of the set of messages, whatever the order in which they came and however often.
/// </summary>
/// <param name="Status">Of the Encounter: in-progress, finished or cancelled.</param>
/// <param name="Encounter">Its content, without id and meta.</param>
/// <param name="Generation">How many discharges were taken back before the one that holds.</param>
public sealed record Stay(string Status, JsonObject Encounter, int Generation)
{
    public bool IsFinished => Status == EncounterStatusCodes.Finished;

    /// <summary>Elements that say that a stay has ended, and hold only while it has.</summary>
    private const string Hospitalization = "hospitalization";

    /// <summary>A stay that somebody wrote as it is.</summary>
    public static Stay AsWritten(Fhir.Json.ResourceDocument encounter, int generation)
    {
        var content = JsonNode.Parse(encounter.Utf8.Span)!.AsObject();
        var status = (string?)content["status"] switch
        {
            EncounterStatusCodes.Finished => EncounterStatusCodes.Finished,
            EncounterStatusCodes.Cancelled or EncounterStatusCodes.EnteredInError => EncounterStatusCodes.Cancelled,
            _ => EncounterStatusCodes.InProgress,
        };
        return new Stay(status, content, generation);
    }

    /// <summary>Null where nothing is told.</summary>
    public static Stay? Of(IEnumerable<StayNotice> notices)
    {
        var told = InOrder(notices);
        if (told.IsEmpty)
            return null;
        var isCancelled = false;
        var isDischarged = false;
        var generation = 0;
        var content = new List<StayNotice>();
        foreach (var notice in told)
        {
            switch (notice.Event)
            {
                case TransitionEvent.CancelAdmit:
                    isCancelled = true;
                    break;
                case TransitionEvent.CancelDischarge:
                    if (isDischarged || content.Count == 0)
                        generation++;
                    isDischarged = false;
                    break;
                case TransitionEvent.CancelTransfer when content.FindLastIndex(IsTransfer) is >= 0 and var last:
                    content.RemoveAt(last);
                    continue;
                case TransitionEvent.Discharge:
                    isDischarged = true;
                    isCancelled = false;
                    break;
                case TransitionEvent.Admit:
                    isCancelled = false;
                    break;
                default:
                    break;
            }

            content.Add(notice);
        }

        var status =
            isCancelled ? EncounterStatusCodes.Cancelled
            : isDischarged ? EncounterStatusCodes.Finished
            : EncounterStatusCodes.InProgress;
        return new Stay(status, Merge(content, told, isDischarged && !isCancelled, status), generation);
    }

    /// <summary>As they were said, whatever the order in which they came.</summary>
    internal static ImmutableArray<StayNotice> InOrder(IEnumerable<StayNotice> notices) =>
        [
            .. notices
                .Where(n => n.Event is not (TransitionEvent.Other or TransitionEvent.Merge))
                .DistinctBy(n => n.Record)
                .OrderBy(n => n.At)
                .ThenBy(n => Rank(n.Event))
                .ThenBy(n => n.Record, StringComparer.Ordinal),
        ];

    /// <summary>What a message says of itself, or the server of its versions.</summary>
    internal static bool IsLeftOut(string name) =>
        name is "id" or "meta" or "text" or "status" or "statusHistory" or "contained";

    /// <summary>Elements of which each part is as the latest has it that has it.</summary>
    internal static bool IsOfParts(string name) => name is "period" or Hospitalization;

    private static bool IsTransfer(StayNotice notice) => notice.Event == TransitionEvent.Transfer;

    /// <summary>Of what was said at one instant, what comes first: it cannot be taken back before it was.</summary>
    private static int Rank(TransitionEvent value) =>
        value switch
        {
            TransitionEvent.Admit => 0,
            TransitionEvent.Transfer => 1,
            TransitionEvent.Update => 2,
            TransitionEvent.Discharge => 3,
            TransitionEvent.CancelTransfer => 4,
            TransitionEvent.CancelDischarge => 5,
            _ => 6,
        };

    /// <summary>Each element as the latest has it that has it; of the stay's begin and end each by itself.</summary>
    private static JsonObject Merge(
        List<StayNotice> content,
        ImmutableArray<StayNotice> told,
        bool isFinished,
        string status
    )
    {
        var merged = new JsonObject();
        foreach (var notice in content.Count > 0 ? content : [.. told])
        {
            foreach (var (name, value) in notice.Encounter)
            {
                if (IsLeftOut(name) || value is null)
                    continue;
                if (IsOfParts(name) && merged[name] is JsonObject before && value is JsonObject after)
                {
                    foreach (var (part, inner) in after)
                        before[part] = inner?.DeepClone();
                }
                else
                    merged[name] = value.DeepClone();
            }
        }

        if (!isFinished)
            Reopen(merged);
        var ordered = new JsonObject { ["resourceType"] = ResourceTypes.Encounter, ["status"] = status };
        foreach (
            var (name, value) in merged.Where(p => p.Key != "resourceType").OrderBy(p => p.Key, StringComparer.Ordinal)
        )
            ordered[name] = value?.DeepClone();
        return ordered;
    }

    private static void Reopen(JsonObject encounter)
    {
        Drop(encounter, "period", "end");
        Drop(encounter, Hospitalization, "dischargeDisposition");
        Drop(encounter, Hospitalization, "destination");
        encounter.Remove("length");
    }

    private static void Drop(JsonObject encounter, string name, string part)
    {
        if (encounter[name] is not JsonObject parts)
            return;
        parts.Remove(part);
        if (parts.Count == 0)
            encounter.Remove(name);
    }
}
