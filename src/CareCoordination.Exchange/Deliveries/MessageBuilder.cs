using System.Collections.Immutable;
using CareCoordination.Application.Interactions;
using CareCoordination.Application.Reads;
using CareCoordination.Connectors;
using CareCoordination.Connectors.Partners;
using CareCoordination.Exchange.Partners;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Storage;
using CareCoordination.Storage.Stores;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Lifecycles;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Referrals;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Exchange.Deliveries;

/// <summary>What was read for a message that is about to leave, and what is to be done with it.</summary>
/// <param name="Task">Null where the Task is gone.</param>
/// <param name="Copy">What the partner has already.</param>
public sealed record PreparedMessage(Snapshot? Task, Snapshot? Request, PartnerCopy? Copy)
{
    /// <summary>What is to be sent; null where nothing is.</summary>
    public ReferralPackage? Package { get; init; }

    /// <summary>Why it may not leave.</summary>
    public DisclosureVerdict? Withheld { get; init; }

    /// <summary>Why there is nothing to send any more.</summary>
    public string? Obsolete { get; init; }
}

/// <summary>
/// Makes the content of a message at the moment when it leaves: the resources as they are now, as far as consents that are valid now
/// let this partner see them.
/// </summary>
public sealed class MessageBuilder(
    OutboxStore deliveries,
    CareReads reads,
    ReferralReads referrals,
    DecisionInputs inputs,
    OwnAddress own
)
{
    public async Task<PreparedMessage> PrepareAsync(
        OutboxMessage message,
        PartnerEntry entry,
        CancellationToken cancellationToken
    )
    {
        var prepared = await ReadAsync(message, cancellationToken);
        if (prepared is not { Task: { } read, Request: { } asked })
            return prepared with { Obsolete = "The Task or its request was deleted." };
        var draft = new TaskDraft(read);
        if (await ObsoleteAsync(message, draft, prepared.Copy, cancellationToken) is { } obsolete)
            return prepared with { Obsolete = obsolete };
        var to = Recipient.Of(read, entry.Endpoint!.Value, entry.Partner!.Options.NeedsConsent);
        var subject = ServiceRequestView.From(ResourceDocument.Parse(asked.Utf8Json).Value).Subject.Reference;
        var question = new Question(
            asked,
            to,
            subject is null ? [] : await referrals.ConsentsAsync(subject, cancellationToken),
            await inputs.PolicyAsync(read, cancellationToken),
            inputs.Now()
        );
        // That it is called off has to reach a partner that knows of it, whatever a consent says now.
        if (message.Kind != MessageKind.Cancel && question.OfReferral() is { MayGo: false } verdict)
            return prepared with { Withheld = verdict };
        var shown = PartnerView.Of(
            read,
            ReferralProfile.Of(draft),
            prepared.Copy?.Status is { } last && last != PartnerCopy.Gone ? ReferralState.Parse(last) : null
        );
        return prepared with
        {
            Package = new ReferralPackage(
                message.Id,
                KindOf(message.Kind),
                PartnerDisplays.Withhold(read with { Utf8Json = shown }, entry.Types),
                PartnerDisplays.Withhold(
                    PartnerOrder.Of(
                        asked,
                        read,
                        PartnerOrder.EndsWith(read) ? await referrals.AttemptsAsync(asked.Key, cancellationToken) : []
                    ),
                    entry.Types
                ),
                await AlongAsync(read, asked, entry, question, cancellationToken),
                own.Base
            )
            {
                PartnerReference = prepared.Copy?.Reference,
                PartnerVersion = prepared.Copy?.Version,
                WasTriedBefore = await WasTriedBeforeAsync(message, prepared.Copy, cancellationToken),
            },
        };
    }

    /// <summary>The resources, and what the partner has, as they are now.</summary>
    public async Task<PreparedMessage> ReadAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        var task = reads.ReadAsync(message.Subject.ToString(), cancellationToken);
        var request = reads.ReadAsync(message.About.ToString()!, cancellationToken);
        var copy = deliveries.CopyAsync(message.Destination, message.Subject, cancellationToken);
        return new PreparedMessage(await task, await request, await copy);
    }

    /// <summary>What has changed since, for what follows from a message that has left.</summary>
    public async Task<PreparedMessage> AgainAsync(
        OutboxMessage message,
        PreparedMessage prepared,
        CancellationToken cancellationToken
    ) => await ReadAsync(message, cancellationToken) with { Package = prepared.Package };

    public async Task<bool> IsCompletedAsync(OutboxMessage message) =>
        await reads.ReadAsync(message.Subject.ToString(), CancellationToken.None) is { } task
        && new TaskDraft(task).Status == TaskStatusCodes.Completed;

    /// <summary>Whether a message about the Task may have reached the partner before this one.</summary>
    public async Task<bool> IsKnownThereAsync(
        OutboxMessage message,
        PartnerCopy? copy,
        CancellationToken cancellationToken
    )
    {
        if (copy is not null || message.Attempts > 1)
            return true;
        return (await OthersAsync(message, cancellationToken)).Any(d => d.Attempts > 0);
    }

    /// <summary>
    /// Whether the partner may have a copy that is not known here, or more than one: an attempt was repeated, left no word of where the copy
    /// is, or is not remembered any more.
    /// </summary>
    private async Task<bool> WasTriedBeforeAsync(
        OutboxMessage message,
        PartnerCopy? copy,
        CancellationToken cancellationToken
    )
    {
        if (message.Attempts > 1)
            return true;
        var others = await OthersAsync(message, cancellationToken);
        return copy?.Reference is null
            ? copy is not null || others.Any(d => d.Attempts > 0)
            : others.Length == 0 || others.Any(d => d.Attempts > 1);
    }

    private async Task<OutboxMessage[]> OthersAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        var query = new OutboxQuery(MostMessages)
        {
            Topic = message.Topic,
            Subject = message.Subject,
            Destination = message.Destination,
        };
        var page = await deliveries.SearchAsync(query, cancellationToken);
        return [.. page.Messages.Where(d => d.Id != message.Id)];
    }

    // What has not been tried among so many was not tried before them either: each state of the Task supersedes the one before.
    private const int MostMessages = 50;

    private async ValueTask<string?> ObsoleteAsync(
        OutboxMessage message,
        TaskDraft task,
        PartnerCopy? copy,
        CancellationToken cancellationToken
    )
    {
        var isOver = TaskLifecycle.Table.IsTerminal(task.Status);
        if (copy is not null || message.Kind == MessageKind.Update || !isOver)
            return null;
        return await IsKnownThereAsync(message, copy, cancellationToken)
            ? null
            : $"The Task became {task.Status} before anything left.";
    }

    /// <summary>What goes along, for partners that do not read it from us.</summary>
    private async Task<ImmutableArray<Snapshot>> AlongAsync(
        Snapshot task,
        Snapshot request,
        PartnerEntry entry,
        Question question,
        CancellationToken cancellationToken
    )
    {
        if (!PartnerStrategies.Get(entry.Partner!.Options.Strategy).TakesSupporting)
            return [];
        var have = ImmutableArray.CreateBuilder<Snapshot>();
        var asked = new HashSet<string>(StringComparer.Ordinal);
        while (ReferralClosure.Next(task, request, have, asked, entry.Types) is { Length: > 0 } next)
        {
            asked.UnionWith(next);
            var found = await reads.ReadAllAsync(next, cancellationToken);
            have.AddRange(found.Where(question.MayGo));
        }

        return have.ToImmutable();
    }

    private static string KindOf(MessageKind kind) =>
        kind switch
        {
            MessageKind.Send => "send",
            MessageKind.Update => "update",
            _ => "cancel",
        };

    /// <summary>What is asked of the consents, for each resource alike.</summary>
    private sealed record Question(
        Snapshot Request,
        Recipient To,
        ImmutableArray<Snapshot> Consents,
        CarePolicy Policy,
        DateTimeOffset Now
    )
    {
        public DisclosureVerdict OfReferral() => Of(Request);

        public bool MayGo(Snapshot resource) => Of(resource).MayGo;

        private DisclosureVerdict Of(Snapshot resource) =>
            Disclosure.Of(resource, Request, To, Consents, Policy.RulesAt(Now), Now, Policy.TimeZone);
    }
}
