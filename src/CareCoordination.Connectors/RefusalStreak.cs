using CareCoordination.Connectors.Partners;
using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Connectors;

/// <summary>
/// Sees a partner that refuses one referral after the other, each of another content, in the same way: then it is not the content.
/// </summary>
internal sealed class RefusalStreak
{
    /// <summary>So many different referrals are no chance.</summary>
    private const int Many = 3;

    private readonly Lock _lock = new();
    private readonly HashSet<ResourceKey> _refused = [];
    private int? _status;

    /// <summary>The outcome, which says whether others were refused just before.</summary>
    public SendOutcome Note(ResourceKey task, SendOutcome outcome)
    {
        lock (_lock)
        {
            switch (outcome)
            {
                case SendOutcome.NeedsHuman { Status: >= 400 and < 500 } refused:
                    if (_status != refused.Status)
                        _refused.Clear();
                    _status = refused.Status;
                    // No more is kept than is needed to know that they are many.
                    if (_refused.Count < Many)
                        _refused.Add(task);
                    return _refused.Count < Many ? refused : refused with { IsWidespread = true };
                case SendOutcome.Delivered or SendOutcome.ChangedThere:
                    _refused.Clear();
                    return outcome;
                default:
                    return outcome;
            }
        }
    }
}
