using System.Collections.Immutable;
using CareCoordination.Connectors.Copies;
using CareCoordination.Connectors.Exchanges;
using CareCoordination.Connectors.Partners;
using CareCoordination.Connectors.Payloads;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Connectors.Strategies.TransactionBundle;

/// <summary>
/// The whole referral in one transaction, for an EHR that files orders of its own. An update takes the partner's copies, puts our state
/// on them and writes them back in the versions that were read.
/// </summary>
internal sealed class TransactionBundleSender : IReferralSender
{
    private readonly PartnerFhirClient _line;
    private readonly PartnerTasks _tasks;
    private readonly CopyUpdates _updates;

    public TransactionBundleSender(PartnerFhirClient line, PartnerTasks tasks) =>
        (_line, _tasks, _updates) = (line, tasks, new CopyUpdates(tasks, UpdateAsync));

    public Task<SendOutcome> SendAsync(ReferralPackage package, CancellationToken cancel) =>
        package.PartnerReference is { } reference
            ? _updates.SendAsync(package, _tasks.Relative(reference), cancel)
            : CreateAsync(package, cancel);

    private async Task<SendOutcome> CreateAsync(ReferralPackage package, CancellationToken cancel)
    {
        var outcome = await Creation.OnceAsync(_tasks, package, token => PostNewAsync(package, token), cancel);
        return outcome is SendOutcome.Delivered { Reference: { } reference } delivered
            ? await WholeAsync(delivered, reference, cancel)
            : outcome;
    }

    /// <summary>
    /// In as many transactions as the partner's limits ask for, those that are known and those that it tells by its answer: one that is
    /// refused for its size had no effect.
    /// </summary>
    private async Task<Created> PostNewAsync(ReferralPackage package, CancellationToken cancel)
    {
        var parts = new Stack<ImmutableArray<Snapshot>>(
            TransactionParts.Of(TransactionPayload.Members(package), _line.Partner.Options.MaxEntries).Reverse()
        );
        var there = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var (number, isDivided) = (1, false); ; number++)
        {
            var part = parts.Pop();
            // What was refused and what is sent in its place are not the same request.
            var id = parts.Count == 0 && !isDivided ? package.DeliveryId : $"{package.DeliveryId}-{number}";
            var answer = await PostPartAsync(package, part, there, id, cancel);
            if (answer is null || (part.Length > 1 && TransactionAnswer.IsTooLarge(answer)))
            {
                var (first, then) = TransactionParts.Halves(part, package.Task.Key);
                parts.Push(then);
                parts.Push(first);
                isDivided = true;
                continue;
            }

            if (parts.Count == 0)
                return Last(answer, part);
            if (answer.Kind != AnswerKind.Accepted)
                return new Created(OfSize(answer, part), null, false);
            foreach (var (member, place) in part.Zip(TransactionAnswer.Places(answer)))
            {
                // A partner that does not say where it keeps something is referred to ours.
                if (place is not null && Addresses.Parse(_tasks.Relative(place)) is { HasKey: true } copy)
                    there[member.Key.ToString()] = copy.Key.ToString();
            }
        }
    }

    private Created Last(PartnerAnswer answer, ImmutableArray<Snapshot> part) =>
        answer.Kind == AnswerKind.Accepted && TransactionAnswer.Last(answer) is { } last
            ? new Created(answer, _tasks.Copy(last), last.Status == 201)
            : new Created(OfSize(answer, part), null, false);

    private static PartnerAnswer OfSize(PartnerAnswer answer, ImmutableArray<Snapshot> part) =>
        part is [var only] ? TransactionAnswer.OfSize(answer, only.Key.Type) : answer;

    /// <returns>Null where it has more bytes than the partner takes and can be divided: nothing was sent.</returns>
    private async Task<PartnerAnswer?> PostPartAsync(
        ReferralPackage package,
        ImmutableArray<Snapshot> members,
        Dictionary<string, string> there,
        string requestId,
        CancellationToken cancel
    )
    {
        var partner = _line.Partner;
        var system = partner.Options.PatientIdentifierSystem;
        var body = TransactionPayload.Create(package, partner.Address, system, members, there);
        if (partner.Options.MaxBytes is > 0 and var most && body.Length > most && members.Length > 1)
            return null;
        var types = members.Select(m => m.Key.Type);
        // Only of the Task is it known what a conflict is about, and it is in the last part.
        if (members[^1].Key != package.Task.Key)
            types = types.Append(ResourceTypes.Task);
        return TransactionAnswer.Judge(await PostAsync(requestId, body, isNew: true, cancel), [.. types]);
    }

    /// <summary>
    /// A partner that does not work transactions as a whole stores the Task with references to entries of our Bundle, which are nowhere.
    /// Where the answer does not show the Task it is looked at.
    /// </summary>
    private async Task<SendOutcome> WholeAsync(
        SendOutcome.Delivered delivered,
        string reference,
        CancellationToken cancel
    )
    {
        if (delivered.Task.IsEmpty)
        {
            var read = await _tasks.ReadAsync(reference, cancel);
            if (read is ReadOutcome.Failed { Why: var why })
                return why;
            delivered = Creation.Delivered(((ReadOutcome.Found)read).Task);
        }

        return TransactionAnswer.LeadsNowhere(delivered.Task)
            ? new SendOutcome.NeedsHuman(
                $"The partner stored {reference} with references to entries of our Bundle (urn:uuid), so that it does not work transactions as a whole: ask it to remove that Task, and choose another strategy.",
                null,
                default
            )
            : delivered;
    }

    private async Task<SendOutcome> UpdateAsync(ReferralPackage package, PartnerTask copy, CancellationToken cancel)
    {
        var request = await RequestOfAsync(copy, cancel);
        var partner = _line.Partner.Address;
        var ours = copy with { Task = CopyPayload.Task(package, partner, copy.Task) };
        if (request is not null)
            request = request with { Task = CopyPayload.Request(package, partner, request.Task) };
        var answer = await PutBothAsync(package, ours, request, cancel);
        return answer.Kind switch
        {
            AnswerKind.Accepted => Creation.Delivered(
                (TransactionAnswer.Last(answer) is { } last ? _tasks.Copy(last) : null)
                    ?? new PartnerTask(copy.Reference, answer.Version, default)
            ),
            AnswerKind.Conflict => await Conflicts.OfUpdateAsync(
                _tasks,
                copy.Reference,
                copy.Version,
                ours.Task,
                answer,
                cancel
            ),
            _ => answer.ToOutcome(),
        };
    }

    /// <summary>
    /// In one transaction; in two where the partner does not take both at once, the request first, so that whoever is told of the Task finds
    /// what it asks for as it is. What is refused inside of a transaction is no reason to divide it: something of it may have been done.
    /// </summary>
    private async Task<PartnerAnswer> PutBothAsync(
        ReferralPackage package,
        PartnerTask task,
        PartnerTask? request,
        CancellationToken cancel
    )
    {
        var id = package.DeliveryId;
        if (request is null)
            return await PutAsync(task, id, cancel);
        var body = TransactionPayload.Update(_line.Partner.Address, [request, task]);
        if (_line.Partner.Options.MaxBytes is not (> 0 and var most) || body.Length <= most)
        {
            var both = await PostAsync(id, body, isNew: false, cancel);
            if (!TransactionAnswer.IsTooLarge(both))
                return TransactionAnswer.Judge(both, [ResourceTypes.ServiceRequest, ResourceTypes.Task]);
        }

        var first = await PutAsync(request, $"{id}-1", cancel);
        return first.Kind == AnswerKind.Accepted ? await PutAsync(task, $"{id}-2", cancel) : first;
    }

    private async Task<PartnerAnswer> PutAsync(PartnerTask copy, string requestId, CancellationToken cancel)
    {
        var type = copy.Reference.Split('/')[0];
        var body = TransactionPayload.Update(_line.Partner.Address, [copy]);
        var answer = TransactionAnswer.Judge(await PostAsync(requestId, body, isNew: false, cancel), [type]);
        return TransactionAnswer.OfSize(answer, type);
    }

    /// <summary>The partner's copy of the ServiceRequest; null where its Task refers to ours, or it shows none.</summary>
    private async Task<PartnerTask?> RequestOfAsync(PartnerTask task, CancellationToken cancel)
    {
        var focus = ResourceDocument.Parse(task.Task).TryGet(out var document, out _)
            ? TaskView.From(document).Focus.Reference
            : null;
        if (
            focus is null
            || Addresses.Parse(_tasks.Relative(focus)) is not { Type: ResourceTypes.ServiceRequest } there
        )
            return null;
        if (there.Kind != Fhir.Primitives.ReferenceKind.Relative)
            return null;
        var answer = await _line.AskAsync(PartnerRequest.Get("read", there.Key.ToString()), cancel);
        return answer.Kind == AnswerKind.Accepted && !answer.Body.IsEmpty
            ? new PartnerTask(there.Key.ToString(), answer.Version, answer.Body)
            : null;
    }

    private ValueTask<PartnerAnswer> PostAsync(string requestId, byte[] body, bool isNew, CancellationToken cancel) =>
        _line.AskAsync(
            new PartnerRequest("send", HttpMethod.Post, "")
            {
                Body = body,
                RequestId = requestId,
                IsRepeatable = !isNew,
            },
            cancel
        );
}
