using CareCoordination.Connectors.Exchanges;

namespace CareCoordination.Connectors;

/// <summary>How one partner does, as this node sees it.</summary>
/// <param name="QuietUntil">Until when nothing is sent: the breaker is open, or the partner asked to wait. Null: messages pass.</param>
/// <param name="FailuresInARow">Exchanges that failed since the last answer.</param>
/// <param name="LastProblem">A sentence; null where the last message was taken.</param>
public sealed record PartnerHealth(
    BreakerState Breaker,
    DateTimeOffset? QuietUntil,
    int FailuresInARow,
    DateTimeOffset? LastSuccessAt,
    DateTimeOffset? LastFailureAt,
    string? LastProblem
)
{
    /// <summary>How many exchanges may run at the same time now.</summary>
    public int Concurrency { get; init; }

    /// <summary>True where a message would be tried now: a partner that is quiet needs none claimed for it.</summary>
    public bool TakesMessages => QuietUntil is null;
}
