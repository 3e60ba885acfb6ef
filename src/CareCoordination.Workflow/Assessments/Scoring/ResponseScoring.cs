using System.Collections.Immutable;
using System.Text.Json.Nodes;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Lifecycles;

namespace CareCoordination.Workflow.Assessments.Scoring;

/// <summary>What is stored under an id: nothing at version 0; deleted where there is a version and no content.</summary>
public readonly record struct StoredNow(int Version, ReadOnlyMemory<byte> Utf8Json)
{
    public bool IsHere => !Utf8Json.IsEmpty;
}

/// <summary>
/// <c>QuestionnaireResponse/$score</c>: everything that a response gives, each with an id of its own that is made of the response. The same
/// response gives the same again; an amended one corrects what it gave before. What people have decided meanwhile stays as they decided.
/// </summary>
public static class ResponseScoring
{
    public const string Activity = "score";

    /// <summary>The resources, each once.</summary>
    public static ImmutableArray<(ResourceKey Key, ResourceEditor Editor)> Outputs(
        Assessment assessment,
        ScoringContext context
    ) =>
        Keyed(
            ScoredObservations
                .Of(assessment, context)
                .Concat<ResourceEditor>(ScoredProposals.Of(assessment, context))
                .Concat(ScoredWork.Of(assessment, context))
        );

    /// <summary>Those of the outputs that nobody may have to ask for: what an urgent answer raises.</summary>
    public static ImmutableArray<(ResourceKey Key, ResourceEditor Editor)> UrgentOutputs(
        Assessment assessment,
        ScoringContext context
    ) => Keyed(ScoredWork.Urgent(assessment, context));

    private static ImmutableArray<(ResourceKey Key, ResourceEditor Editor)> Keyed(
        IEnumerable<ResourceEditor> outputs
    ) => [.. outputs.Select(e => (Key: new ResourceKey(e.ResourceType!, IdOf(e)), Editor: e)).DistinctBy(e => e.Key)];

    /// <summary>Every id that something of a response can have had, whatever was answered then.</summary>
    public static IEnumerable<ResourceKey> EverOf(ResourceKey response)
    {
        var proposals = ScoredProposals.KeysOf(response);
        return ScoredObservations
            .KeysOf(response)
            .Concat(proposals.Keys)
            .Concat(proposals.Values.OfType<ResourceKey>())
            .Append(ScoredWork.NextKeyOf(response));
    }

    /// <summary>The problem and the request that are proposed together: by the request, what it is for.</summary>
    public static IEnumerable<ResourceKey> RequestsOf(ResourceKey response, IEnumerable<ResourceKey> conditions)
    {
        var proposals = ScoredProposals.KeysOf(response);
        return conditions.Select(c => proposals.GetValueOrDefault(c)).OfType<ResourceKey>();
    }

    public static ResourceKey NextTaskOf(ResourceKey response) => ScoredWork.NextKeyOf(response);

    /// <summary>The work that asks for what this response is, where it is whole: a total of PHQ-9. Null where nothing does.</summary>
    public static string? AskedBy(Assessment assessment) =>
        assessment.Instrument.Code == Instruments.Phq9.Code && assessment.Sums.Any(s => s.Total is not null)
            ? AssessmentWork.WholePhq9
            : null;

    /// <param name="stored">What there is now under the ids of the outputs, and of what an earlier version gave.</param>
    /// <param name="awaited">Open Tasks that this response is what they ask for.</param>
    public static Decision Decide(
        ScoringContext context,
        ImmutableArray<(ResourceKey Key, ResourceEditor Editor)> outputs,
        IReadOnlyDictionary<ResourceKey, StoredNow> stored,
        ImmutableArray<Snapshot> awaited
    )
    {
        var writes = ImmutableArray.CreateBuilder<ResourceWrite>();
        var wanted = outputs.Select(o => o.Key).ToHashSet();
        var hasDate = context.View.Authored is not null;
        foreach (var (key, editor) in outputs)
        {
            var now = stored.GetValueOrDefault(key);
            if (Rewritten(key, editor, now, hasDate) is { } json)
                writes.Add(new ResourceWrite(key, now.Version, json));
        }

        foreach (var (key, now) in stored)
        {
            if (
                !wanted.Contains(key)
                && now.IsHere
                && MayBeWithdrawn(key, context)
                && Withdrawal.Of(key, now.Utf8Json, context.Now) is { } json
            )
                writes.Add(new ResourceWrite(key, now.Version, json));
        }

        foreach (var task in awaited)
            writes.Add(ScoredWork.Done(task, context));
        return new Decision(context.Response.Key, writes.ToImmutable())
        {
            Activity = Activity,
            ReliedOn = context.Response.Version == 0 ? [] : [new(context.Response.Key, context.Response.Version)],
        };
    }

    /// <summary>Of the Tasks only the one that asks for the next instrument: what is urgent is a person's to end.</summary>
    private static bool MayBeWithdrawn(ResourceKey key, ScoringContext context) =>
        key.Type != ResourceTypes.Task || key == ScoredWork.NextKeyOf(context.Response.Key);

    /// <summary>What is to be stored; null where it is there already, or is somebody's to change.</summary>
    private static byte[]? Rewritten(ResourceKey key, ResourceEditor editor, StoredNow now, bool hasDate)
    {
        if (!now.IsHere)
            // What somebody has deleted stays away, but for what was measured.
            return now.Version == 0 || key.Type == ResourceTypes.Observation ? editor.ToUtf8Json() : null;
        var document = ResourceDocument.Parse(now.Utf8Json).Value;
        switch (key.Type)
        {
            case ResourceTypes.Observation:
                var observation = (ObservationEditor)editor;
                var status = ObservationView.From(document).Status;
                if (status != ObservationStatusCodes.EnteredInError && Same(editor, now.Utf8Json, hasDate))
                    return null;
                observation.Status = ObservationStatusCodes.Amended;
                return editor.ToUtf8Json();
            case ResourceTypes.Condition when Withdrawal.IsWithdrawn(ConditionView.From(document)):
            case ResourceTypes.ServiceRequest when Withdrawal.IsWithdrawn(ServiceRequestView.From(document)):
                return editor.ToUtf8Json();
            default:
                return null;
        }
    }

    private static bool Same(ResourceEditor editor, ReadOnlyMemory<byte> stored, bool hasDate) =>
        JsonNode.DeepEquals(Bare(editor.ToUtf8Json(), hasDate), Bare(stored, hasDate));

    private static JsonObject Bare(ReadOnlyMemory<byte> json, bool hasDate)
    {
        var bare = (JsonObject)JsonNode.Parse(json.Span)!;
        foreach (var name in (string[])["meta", "text", "status"])
            bare.Remove(name);
        if (!hasDate)
            bare.Remove("effectiveDateTime");
        return bare;
    }

    private static string IdOf(ResourceEditor editor) =>
        editor switch
        {
            ObservationEditor o => o.Id!,
            ConditionEditor c => c.Id!,
            ServiceRequestEditor r => r.Id!,
            TaskEditor t => t.Id!,
            _ => ((FlagEditor)editor).Id!,
        };
}
