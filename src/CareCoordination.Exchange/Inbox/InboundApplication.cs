using System.Security.Cryptography;
using CareCoordination.Application.Interactions;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Writes;
using CareCoordination.Connectors.Partners;
using CareCoordination.Exchange.Partners;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Storage;
using CareCoordination.Storage.Stores;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Referrals;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Exchange.Inbox;

/// <summary>
/// Takes what a partner says of a Task: each version of its copy once, however often and by whichever way it comes.
/// </summary>
public sealed class InboundApplication(
    CareSession session,
    OutboxStore deliveries,
    CareReads reads,
    DecisionInputs inputs,
    OwnAddress own
)
{
    /// <summary>What became of what a poll or a message brought; null where this version was taken before, or lost every race.</summary>
    /// <param name="again">True: an operator wants an unapplied version to be tried again.</param>
    public async Task<InboundUpdate?> ApplyAsync(
        Partner partner,
        PartnerTask received,
        bool again,
        CancellationToken cancellationToken
    )
    {
        var known = await KnownAsync(partner, received, cancellationToken);
        return known is not null && !(again && known.State == InboundState.Unapplied)
            ? null
            : await TakeAsync(partner, received, known, isAnswer: false, cancellationToken);
    }

    /// <summary>
    /// What became of the partner's answer to a write of ours. It is how the copy is now, whatever versions were seen before: the next
    /// write relies on it.
    /// </summary>
    public async Task<InboundUpdate?> ApplyAnswerAsync(
        Partner partner,
        PartnerTask received,
        CancellationToken cancellationToken
    )
    {
        var known = await KnownAsync(partner, received, cancellationToken);
        if (known is null)
            return await TakeAsync(partner, received, known, isAnswer: true, cancellationToken);
        if (await deliveries.CopyAtAsync(partner.Id, received.Reference, cancellationToken) is { } copy)
            await KeepAsync(
                DeliveryWrites.Of(
                    null,
                    new KeepCopy(copy with { Version = received.Version, UpdatedAt = UpdatedAt(received) })
                ),
                cancellationToken
            );
        return known;
    }

    private async Task<InboundUpdate?> KnownAsync(
        Partner partner,
        PartnerTask received,
        CancellationToken cancellationToken
    ) => await deliveries.InboundAsync(partner.Id, received.Reference, VersionOf(received), cancellationToken);

    private async Task<InboundUpdate?> TakeAsync(
        Partner partner,
        PartnerTask received,
        InboundUpdate? known,
        bool isAnswer,
        CancellationToken cancellationToken
    )
    {
        if (received.Reference.Length > PartnerCopy.MaxReferenceLength)
            return null;
        InboundUpdate? decided = null;
        var result = await session.WriteAsync(
            async token =>
            {
                (var writes, decided) = await DecideAsync(partner, received, known, isAnswer, token);
                return writes;
            },
            cancellationToken
        );
        if (result.TryGet(out _, out var answer))
            return decided;
        if (result.Failed is not null)
            return null;
        // What it would make of our resources is refused, as where it is not valid: ours stay as they are.
        var (kept, update) = Keep(
            decided! with
            {
                State = InboundState.Unapplied,
            },
            "refused",
            string.Join(
                " ",
                answer
                    .Issues.Select(i => i.Expression is null ? i.Diagnostics : $"{i.Expression}: {i.Diagnostics}")
                    .Take(MostIssues)
            ),
            received
        );
        return await KeepAsync(kept, cancellationToken) ? update : null;
    }

    // An operator reads the first, and corrects the partner by them.
    private const int MostIssues = 5;

    private async Task<bool> KeepAsync(WriteSet writes, CancellationToken cancellationToken) =>
        (await session.WriteAsync(_ => ValueTask.FromResult<WriteDecision>(writes), cancellationToken)).TryGet(
            out _,
            out _
        );

    private async Task<(WriteSet Writes, InboundUpdate Update)> DecideAsync(
        Partner partner,
        PartnerTask received,
        InboundUpdate? known,
        bool isAnswer,
        CancellationToken cancellationToken
    )
    {
        var copy = await deliveries.CopyAtAsync(partner.Id, received.Reference, cancellationToken);
        var task = copy?.Task ?? OwnTask(received.Task);
        // A repeat may have left another copy there. Its status counts where it has moved and that of the known copy has not.
        var status = PartnerUpdate.StatusOf(received.Task);
        var first =
            copy is null && task is { } own ? await deliveries.CopyAsync(partner.Id, own, cancellationToken) : null;
        var update = new InboundUpdate(
            partner.Id,
            received.Reference,
            VersionOf(received),
            task,
            InboundState.Unapplied,
            inputs.Now()
        )
        {
            Order = known?.Order ?? 0,
        };
        if (first is { Reference: not null } && (status == first.Status || status == TaskStatusCodes.Requested))
        {
            update = update with { State = InboundState.Echo };
            return (DeliveryWrites.Of(null, new KeepInbound(update)), update);
        }

        var seen =
            copy is null ? null
            : isAnswer ? new SeenCopy(null, copy.Status)
            : new SeenCopy(copy.Version, copy.Status) { LastUpdated = copy.UpdatedAt };
        return await DecideAsync(partner, received, seen, update, cancellationToken);
    }

    private async Task<(WriteSet Writes, InboundUpdate Update)> DecideAsync(
        Partner partner,
        PartnerTask received,
        SeenCopy? seen,
        InboundUpdate update,
        CancellationToken cancellationToken
    )
    {
        if (update.Task is not { } key || await reads.ReadAsync(key.ToString(), cancellationToken) is not { } task)
            return Keep(update, "unknown-task", "There is no Task here that it is a copy of.", received);
        var draft = new TaskDraft(task);
        if (draft.Partner() != partner.Id)
            return Keep(update, "other-partner", $"{key} is not with this partner.", received);
        var request = draft.Request() is { } asked ? await reads.ReadAsync(asked.ToString(), cancellationToken) : null;
        var verdict = PartnerUpdate.Decide(
            task,
            request,
            new PartnerTaskVersion(received.Version, received.Task, partner.Address.AbsoluteUri),
            seen,
            ReferralProfile.Of(draft),
            await inputs.OfAsync(task, cancellationToken)
        );
        var told = PartnerUpdate.StatusOf(received.Task);
        OutboxChange[] kept =
        [
            new KeepCopy(
                new PartnerCopy(partner.Id, key, received.Reference, received.Version, told, UpdatedAt(received))
            ),
            .. seen is not null && seen.Status != told
                ? [new AcknowledgeMessages(Outgoing.Topic, partner.Id, key)]
                : Array.Empty<OutboxChange>(),
        ];
        switch (verdict)
        {
            case PartnerVerdict.Applied applied:
                update = update with { State = InboundState.Applied };
                return (
                    DeliveryWrites.Of(
                        applied.Decision,
                        [.. kept, new KeepInbound(update), .. Fetches(partner, key, applied.Decision)]
                    ),
                    update
                );
            case PartnerVerdict.Echo:
                update = update with { State = InboundState.Echo };
                return (DeliveryWrites.Of(null, [.. kept, new KeepInbound(update)]), update);
            case PartnerVerdict.Unapplied unapplied:
                return Keep(update, unapplied.Code, unapplied.Sentence, received);
            default:
                update = update with { State = InboundState.Stale };
                return (DeliveryWrites.Of(null, new KeepInbound(update)), update);
        }
    }

    /// <summary>What the outputs refer to is fetched afterwards: the status does not wait for it.</summary>
    private static IEnumerable<OutboxChange> Fetches(Partner partner, ResourceKey task, Decision decision)
    {
        foreach (var write in decision.Writes.Where(w => w.Key == task))
        {
            var written = new Snapshot(task, 0, write.Utf8Json);
            if (!PartnerOutputs.Wanted(written, partner.Address.AbsoluteUri, partner.Options.Outputs).IsEmpty)
                yield return new EnqueueMessage(
                    Guid.CreateVersion7().ToString(),
                    PartnerOutputs.Topic,
                    partner.Id,
                    task,
                    MessageKind.Update
                );
        }
    }

    /// <summary>Somebody has to look at it.</summary>
    private static (WriteSet Writes, InboundUpdate Update) Keep(
        InboundUpdate update,
        string code,
        string sentence,
        PartnerTask received
    )
    {
        update = update with { Reason = $"{code}: {sentence}", Body = received.Task };
        return (DeliveryWrites.Of(null, new KeepInbound(update)), update);
    }

    /// <summary>By the partner's clock; null where it does not say.</summary>
    public static DateTimeOffset? UpdatedAt(PartnerTask received) =>
        ResourceDocument.Parse(received.Task).TryGet(out var document, out _)
            ? TaskView.From(document).Meta.LastUpdated?.Instant
            : null;

    /// <summary>Our Task by the identifier that it was sent with; null where there is none.</summary>
    public ResourceKey? OwnTask(ReadOnlyMemory<byte> partnerTask)
    {
        if (!ResourceDocument.Parse(partnerTask).TryGet(out var document, out _))
            return null;
        var system = $"{own.Base.AbsoluteUri.TrimEnd('/')}/{ResourceTypes.Task}";
        foreach (var identifier in TaskView.From(document).Identifier)
        {
            if (identifier.System == system && identifier.Value is { } id && FhirId.IsValid(id))
                return new ResourceKey(ResourceTypes.Task, id);
        }

        return null;
    }

    /// <summary>What was kept, as it came.</summary>
    public static PartnerTask ReceivedOf(InboundUpdate update) =>
        new(update.Reference, update.Version == HashOf(update.Body) ? null : update.Version, update.Body);

    /// <summary>Where the partner tells no version, the content is told apart by itself.</summary>
    private static string VersionOf(PartnerTask received) =>
        received.Version is { Length: > 0 and <= InboundUpdate.MaxVersionLength } version
            ? version
            : HashOf(received.Task);

    private static string HashOf(ReadOnlyMemory<byte> content) =>
        Convert.ToHexStringLower(SHA256.HashData(content.Span));
}
