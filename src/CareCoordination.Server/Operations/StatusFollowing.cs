using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Server.Interactions;
using CareCoordination.Storage;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Lifecycles;

namespace CareCoordination.Server.Operations;

/// <summary>
/// What a plain write of a status brings along, so that there is no way round the commands: a hold is remembered, children follow
/// their parent, and who did it is told.
/// </summary>
public sealed class StatusFollowing(
    CareReads reads,
    CommandRunner runner,
    FhirDefinitions definitions,
    TimeProvider time
)
{
    /// <summary>The commit of one resource with what follows from it; as it is where the status stays.</summary>
    public async Task<Commit> FollowAsync(
        Commit commit,
        StoredResource current,
        IncomingResource next,
        CancellationToken cancellationToken
    )
    {
        if (current.IsDeleted || !ResourceDocument.Parse(current.Utf8Json).TryGet(out var before, out _))
            return commit;
        var element = LifecycleTables.For(next.Type)!.StatusElement;
        var (from, to) = (Status(before, element), Status(next.Document, element));
        if (from == to)
            return commit;
        var now = time.GetUtcNow();
        var key = current.Key;
        var document = PlainStatusWrite.Complete(before, next.Document, now) ?? next.Document;
        var followers = ImmutableArray<ResourceWrite>.Empty;
        if (key.Type == "Task")
        {
            var parts = await reads.PartsOfAsync([key], cancellationToken);
            followers = PlainStatusWrite.Follow(key.ToString(), from, to, parts, now);
        }

        var decision = new Decision(key, followers) { Activity = "update" };
        var more = WorkflowCommit.Of(decision, definitions);
        var all = decision with { Writes = [new(key, current.Version, document.Utf8), .. followers] };
        more.Tell(all, "update", ServerAgent.Unknown, reason: null, now, runner.NewId);
        var (changes, preconditions) = more.Parts;
        return commit with
        {
            Changes = [(next with { Document = document }).Put(key.Id, definitions), .. changes],
            Preconditions = commit.Preconditions.AddRange(preconditions),
        };
    }

    private static string? Status(ResourceDocument document, string element)
    {
        foreach (var child in document.Root)
        {
            if (child.Name == element)
                return child.Kind == System.Text.Json.JsonValueKind.String ? child.GetString() : null;
        }

        return null;
    }
}
