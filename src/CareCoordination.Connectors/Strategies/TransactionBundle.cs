using CareCoordination.Connectors.Exchanges;
using CareCoordination.Connectors.Payloads;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Connectors.Strategies;

/// <summary>
/// The whole referral in one transaction, for an EHR that files orders of its own. An update takes the partner's copies, puts our state
/// on them and writes them back if nobody has changed them meanwhile.
/// </summary>
internal sealed class TransactionBundle(PartnerLine line, PartnerTasks tasks) : IReferralSender
{
    public Task<SendOutcome> SendAsync(ReferralPackage package, CancellationToken cancel) =>
        package.PartnerReference is { } reference
            ? UpdateAsync(package, tasks.Relative(reference), cancel)
            : CreateAsync(package, cancel);

    private async Task<SendOutcome> CreateAsync(ReferralPackage package, CancellationToken cancel)
    {
        var partner = line.Partner;
        var body = TransactionPayload.Create(package, partner.Address, partner.Options.PatientIdentifierSystem);
        var answer = await PostAsync(package, body, cancel);
        if (answer.Kind is not (AnswerKind.Accepted or AnswerKind.Conflict))
            return answer.ToOutcome();
        if (answer.Kind == AnswerKind.Conflict || TaskEntry(answer) is not { } entry)
            return await Repeats.LookAsync(tasks, package, answer, cancel);
        return entry.IsNew
            ? Repeats.Delivered(entry.Copy)
            : await Repeats.CompareAsync(tasks, package, entry.Copy, cancel);
    }

    private async Task<SendOutcome> UpdateAsync(ReferralPackage package, string reference, CancellationToken cancel)
    {
        var read = await tasks.ReadAsync(reference, cancel);
        if (read is ReadOutcome.Failed failed)
            return failed.Why;
        var copy = ((ReadOutcome.Found)read).Task;
        if (package.PartnerVersion is { } known && copy.Version is { } current && known != current)
            return new SendOutcome.ChangedThere(copy);
        var request = await RequestOfAsync(copy, cancel);
        var task = TransactionPayload.Updated(package, line.Partner.Address, copy);
        var body = TransactionPayload.Update(package, line.Partner.Address, copy with { Task = task }, request);
        var answer = await PostAsync(package, body, cancel);
        return answer.Kind switch
        {
            AnswerKind.Accepted => Repeats.Delivered(
                TaskEntry(answer)?.Copy ?? new PartnerTask(reference, answer.Version, default)
            ),
            AnswerKind.Conflict => await Repeats.ChangedAsync(tasks, package, reference, task, answer, cancel),
            _ => answer.ToOutcome(),
        };
    }

    /// <summary>The partner's copy of the ServiceRequest; null where its Task refers to ours, or it shows none.</summary>
    private async Task<PartnerTask?> RequestOfAsync(PartnerTask task, CancellationToken cancel)
    {
        var focus = ResourceDocument.Parse(task.Task).TryGet(out var document, out _)
            ? TaskView.From(document).Focus.Reference
            : null;
        if (focus is null || Addresses.Parse(tasks.Relative(focus)) is not { Type: ResourceTypes.ServiceRequest } there)
            return null;
        if (there.Kind != Fhir.Primitives.ReferenceKind.Relative)
            return null;
        var answer = await line.AskAsync(PartnerRequest.Get("read", there.Key.ToString()), cancel);
        return answer.Kind == AnswerKind.Accepted && !answer.Body.IsEmpty
            ? new PartnerTask(there.Key.ToString(), answer.Version, answer.Body)
            : null;
    }

    private ValueTask<PartnerAnswer> PostAsync(ReferralPackage package, byte[] body, CancellationToken cancel) =>
        line.AskAsync(
            new PartnerRequest("send", HttpMethod.Post, "") { Body = body, RequestId = package.DeliveryId },
            cancel
        );

    /// <summary>What became of the Task, which is the last entry; null where the answer does not tell.</summary>
    private TaskResult? TaskEntry(PartnerAnswer answer)
    {
        if (
            !ResourceDocument.Parse(answer.Body).TryGet(out var document, out _)
            || !document.ResourceTypeUtf8.SequenceEqual("Bundle"u8)
        )
            return null;
        BundleEntryView last = default;
        foreach (var entry in BundleView.From(document).Entry)
            last = entry;
        if (!last.Element.Exists || last.Response.Location is not { } location)
            return null;
        var body = last.Resource.Element.Exists
            ? document.Detach(last.Resource.Element.Value).Utf8
            : ReadOnlyMemory<byte>.Empty;
        var copy = tasks.Copy(
            new PartnerAnswer(AnswerKind.Accepted, answer.Status, "")
            {
                Location = location,
                Version = HttpAnswers.Version(last.Response.Etag),
                Body = body,
            }
        );
        return copy is null
            ? null
            : new TaskResult(copy, last.Response.Status?.StartsWith("201", StringComparison.Ordinal) == true);
    }

    private sealed record TaskResult(PartnerTask Copy, bool IsNew);
}
