using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace CareCoordination.Workflow.Transitions;

/// <summary>
/// What of all that was told of a stay has to be kept one by one, so that a message may still come in any order. An update that says
/// nothing but what a later message says too changes nothing, whatever comes between them: it need not be read any more.
/// </summary>
public static class StayHistory
{
    /// <summary>Messages of one stay that are kept one by one; a further one is for people.</summary>
    public const int MostKept = 500;

    /// <summary>Below it there is nothing to gain.</summary>
    public const int KeptAnyway = 16;

    /// <summary>
    /// The records of updates that say nothing any more. The first that was told stays: by it a discharge that is taken back is known to
    /// have been told. A transfer may be taken back with what it says, and makes nothing superfluous.
    /// </summary>
    public static ImmutableArray<string> Superfluous(IEnumerable<StayNotice> told)
    {
        var notices = Stay.InOrder(told);
        var superfluous = ImmutableArray.CreateBuilder<string>();
        var later = new List<HashSet<string>>();
        var first = notices.FirstOrDefault(n => !IsOfTransfer(n));
        for (var i = notices.Length - 1; i >= 0; i--)
        {
            var (notice, names) = (notices[i], NamesOf(notices[i].Encounter));
            if (notice.Event == TransitionEvent.Update && notice != first && later.Exists(l => l.IsSupersetOf(names)))
            {
                superfluous.Add(notice.Record);
                continue;
            }

            if (!IsOfTransfer(notice) && !later.Exists(l => l.IsSupersetOf(names)))
                later.Add(names);
        }

        return superfluous.ToImmutable();
    }

    private static bool IsOfTransfer(StayNotice notice) =>
        notice.Event is TransitionEvent.Transfer or TransitionEvent.CancelTransfer;

    /// <summary>What it says: elements, and parts of those that are put together of parts.</summary>
    private static HashSet<string> NamesOf(JsonObject encounter)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, value) in encounter.Where(p => p.Value is not null && !Stay.IsLeftOut(p.Key)))
        {
            if (Stay.IsOfParts(name) && value is JsonObject parts)
                names.UnionWith(parts.Select(p => $"{name}.{p.Key}"));
            else
                names.Add(name);
        }

        return names;
    }
}
