using CareCoordination.Connectors.Exchanges;
using CareCoordination.Connectors.Partners;

namespace CareCoordination.Connectors.Copies;

/// <summary>What it means that a partner speaks of a conflict.</summary>
internal static class Conflicts
{
    /// <summary>
    /// An update that was refused as a conflict. Where the copy is what we sent, an earlier attempt of ours is what changed it.
    /// </summary>
    /// <param name="version">That the update relied on.</param>
    public static async Task<SendOutcome> OfUpdateAsync(
        PartnerTasks tasks,
        string reference,
        string? version,
        ReadOnlyMemory<byte> sent,
        PartnerAnswer answer,
        CancellationToken cancel
    ) =>
        await tasks.ReadAsync(reference, cancel) switch
        {
            ReadOutcome.Found found when found.Task.Version is { } current && current == version => Elsewhere(answer),
            ReadOutcome.Found found when PartnerTasks.IsWhatWasSent(found.Task.Task, sent) => Creation.Delivered(
                found.Task
            ),
            ReadOutcome.Found found => new SendOutcome.ChangedThere(found.Task),
            ReadOutcome.Failed failed => failed.Why,
            _ => answer.ToOutcome(),
        };

    /// <summary>The Task is as we know it, so that the conflict is about something else.</summary>
    public static SendOutcome.Collided Elsewhere(PartnerAnswer answer) =>
        new SendOutcome.Collided(
            $"The partner speaks of a conflict ({answer.Status}), but not about this Task.",
            answer.Status,
            answer.Body
        );
}
