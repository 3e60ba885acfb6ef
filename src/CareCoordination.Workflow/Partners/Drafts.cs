using System.Collections.Immutable;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Partners;

/// <summary>Makes decisions of drafts.</summary>
internal static class Drafts
{
    /// <summary>
    /// A decision that writes these drafts, those without changes left out. What partners have to be told of them follows here, for
    /// every decision alike.
    /// </summary>
    public static Decision Write(string activity, ResourceDraft answer, params IEnumerable<ResourceDraft> others)
    {
        var writes = ImmutableArray.CreateBuilder<ResourceWrite>();
        var relied = ImmutableArray.CreateBuilder<ReliedOn>();
        var outgoing = ImmutableArray.CreateBuilder<Outgoing>();
        foreach (var draft in others.Prepend(answer).DistinctBy(d => d.Key))
        {
            if (draft.IsChanged)
            {
                // A command, or what the partner says, takes the place of what was only written here.
                if (draft is TaskDraft { Original: { } original } task && task.Status != TaskView.From(original).Status)
                    task.ForgetStateBefore();
                var write = new ResourceWrite(draft.Key, draft.Version, draft.ToUtf8Json());
                writes.Add(write);
                if (ReferralMessages.Of(draft.Original, write) is { } message)
                    outgoing.Add(message);
            }
            else
                relied.Add(new ReliedOn(draft.Key, draft.Version));
        }

        return new Decision(answer.Key, writes.ToImmutable())
        {
            Activity = activity,
            ReliedOn = relied.ToImmutable(),
            Outgoing = outgoing.ToImmutable(),
        };
    }
}
