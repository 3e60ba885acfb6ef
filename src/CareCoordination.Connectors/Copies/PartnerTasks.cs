using System.Collections.Immutable;
using System.Text.Json;
using CareCoordination.Connectors.Exchanges;
using CareCoordination.Connectors.Partners;
using CareCoordination.Connectors.Payloads;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Connectors.Copies;

/// <summary>Reads the copies of our Tasks that a partner keeps on its FHIR server.</summary>
internal sealed class PartnerTasks(PartnerFhirClient line)
{
    private readonly string _base = line.FhirBase + "/";

    public async Task<ReadOutcome> ReadAsync(string reference, CancellationToken cancel)
    {
        var answer = await line.AskAsync(PartnerRequest.Get("read", Relative(reference)), cancel);
        if (answer.Kind != AnswerKind.Accepted)
            return new ReadOutcome.Failed(answer.ToOutcome());
        return Copy(answer) is { } copy ? new ReadOutcome.Found(copy) : new ReadOutcome.Failed(NoTask(answer.Status));
    }

    /// <summary>Any resource that the partner has, of which a Task tells.</summary>
    public async Task<ResourceOutcome> ReadAsync(ResourceKey key, CancellationToken cancel)
    {
        var answer = await line.AskAsync(PartnerRequest.Get("read", key.ToString()), cancel);
        if (answer.Kind != AnswerKind.Accepted)
            return new ResourceOutcome(default, answer.ToOutcome());
        return
            ResourceDocument.Parse(answer.Body).TryGet(out var document, out _)
            && document.ResourceTypeUtf8.SequenceEqual(System.Text.Encoding.UTF8.GetBytes(key.Type))
            ? new ResourceOutcome(document.Utf8, null)
            : new ResourceOutcome(
                default,
                new SendOutcome.NeedsHuman(
                    $"The partner answered with something other than the {key.Type} that was asked for.",
                    answer.Status,
                    default
                )
            );
    }

    /// <summary>
    /// The copy, by its id; where it is not there any more, by the identifier that the Task was sent with. Absent is what the partner has
    /// deleted, and not what its server does not show just now.
    /// </summary>
    public async Task<ReadOutcome> ReadAgainAsync(string reference, OwnIdentifier identifier, CancellationToken cancel)
    {
        var read = await ReadAsync(reference, cancel);
        if (read is not ReadOutcome.Failed { Why: SendOutcome.NeedsHuman { Status: 404 or 410 } missing })
            return read;
        var (copies, failed) = await CopiesAsync(identifier, cancel);
        if (!copies.IsEmpty)
            return new ReadOutcome.Found(copies[0]);
        return failed is null || (missing.Status == 410 && failed.Why is SendOutcome.NeedsHuman)
            ? new ReadOutcome.Absent()
            : read;
    }

    /// <summary>
    /// The copy of this Task, found by the identifier it was sent with. Of several it is one whose status has moved, or the first.
    /// </summary>
    public async Task<ReadOutcome> FindAsync(ReferralPackage package, CancellationToken cancel)
    {
        var (copies, failed) = await CopiesAsync(IdentifierOf(package), cancel);
        if (failed is not null)
            return failed;
        if (copies.IsEmpty)
            return new ReadOutcome.Absent();
        var status = StatusOf(package.Task.Utf8Json);
        return new ReadOutcome.Found(copies.FirstOrDefault(c => StatusOf(c.Task) != status) ?? copies[0]);
    }

    /// <summary>The copies of this Task beside the one that is known; none where the partner does not let us look.</summary>
    public async Task<ImmutableArray<PartnerTask>> OthersAsync(
        ReferralPackage package,
        string known,
        CancellationToken cancel
    )
    {
        var (copies, _) = await CopiesAsync(IdentifierOf(package), cancel);
        return [.. copies.Where(c => c.Reference != known)];
    }

    private static OwnIdentifier IdentifierOf(ReferralPackage package) =>
        OwnIdentifier.Of(package.OwnBase, package.Task.Key);

    private async Task<(ImmutableArray<PartnerTask> Copies, ReadOutcome.Failed? Failed)> CopiesAsync(
        OwnIdentifier identifier,
        CancellationToken cancel
    )
    {
        var answer = await line.AskAsync(PartnerRequest.Get("read", $"Task?{identifier.Query}"), cancel);
        if (answer.Kind != AnswerKind.Accepted)
            return ([], new ReadOutcome.Failed(answer.ToOutcome()));
        if (!TryBundle(answer, out var bundle))
            return ([], new ReadOutcome.Failed(NoTask(answer.Status)));
        // A partner that passes over a parameter it does not know answers with Tasks of others.
        return ([.. Tasks(bundle).Where(t => IsCopyOf(t, identifier))], null);
    }

    private static bool IsCopyOf(PartnerTask task, OwnIdentifier identifier) =>
        TaskIn(task.Task) is { } document
        && TaskView.From(document).Identifier.Any(i => i.System == identifier.System && i.Value == identifier.Value);

    /// <summary>
    /// The copy that a write or read was answered with, by its body, its <c>Location</c> and its <c>ETag</c>. Null where it tells of none.
    /// </summary>
    public PartnerTask? Copy(PartnerAnswer answer)
    {
        var task = TaskIn(answer.Body);
        var located = answer.Location is { } location ? Addresses.Parse(location) : default;
        var reference =
            located is { HasKey: true, Type: ResourceTypes.Task } ? located.Key.ToString()
            : task?.Id is { } id ? $"{ResourceTypes.Task}/{id}"
            : null;
        if (reference is null)
            return null;
        return new PartnerTask(
            reference,
            // What the resource says of itself comes first: an ETag may be that of something between us.
            (task is null ? null : TaskView.From(task).Meta.VersionId)
                ?? answer.Version
                ?? located.Version,
            task?.Utf8 ?? default
        );
    }

    /// <summary>The reference below the partner's base: <c>Task/7</c>.</summary>
    public string Relative(string reference) =>
        reference.StartsWith(_base, StringComparison.Ordinal) ? reference[_base.Length..] : reference;

    public static string IdOf(string reference) => Addresses.Parse(reference).Id;

    /// <summary>The status of a Task; null where these bytes are none.</summary>
    public static string? StatusOf(ReadOnlyMemory<byte> task) =>
        TaskIn(task) is { } document ? TaskView.From(document).Status : null;

    /// <summary>By the partner's clock; null where these bytes are no Task, or do not say.</summary>
    public static DateTimeOffset? UpdatedAt(ReadOnlyMemory<byte> task) =>
        TaskIn(task) is { } document ? TaskView.From(document).Meta.LastUpdated?.Instant : null;

    /// <summary>True where a copy holds just what was sent, but for what its server gives: id, meta and narrative.</summary>
    public static bool IsWhatWasSent(ReadOnlyMemory<byte> copy, ReadOnlyMemory<byte> sent)
    {
        if (TaskIn(copy) is null)
            return false;
        using var theirs = JsonDocument.Parse(copy);
        using var ours = JsonDocument.Parse(sent);
        return Contents(theirs).Count() == Contents(ours).Count()
            && Contents(ours)
                .All(p =>
                    theirs.RootElement.TryGetProperty(p.Name, out var there) && JsonElement.DeepEquals(there, p.Value)
                );
    }

    private static IEnumerable<JsonProperty> Contents(JsonDocument task) =>
        task.RootElement.EnumerateObject().Where(p => p.Name is not ("id" or "meta" or "text"));

    private static ResourceDocument? TaskIn(ReadOnlyMemory<byte> body) =>
        !body.IsEmpty
        && ResourceDocument.Parse(body).TryGet(out var document, out _)
        && document.ResourceTypeUtf8.SequenceEqual("Task"u8)
            ? document
            : null;

    public static bool TryBundle(PartnerAnswer answer, out BundleView bundle)
    {
        bundle = default;
        if (
            !ResourceDocument.Parse(answer.Body).TryGet(out var document, out _)
            || !document.ResourceTypeUtf8.SequenceEqual("Bundle"u8)
        )
            return false;
        bundle = BundleView.From(document);
        return true;
    }

    public static IEnumerable<PartnerTask> Tasks(BundleView bundle)
    {
        foreach (var entry in bundle.Entry)
        {
            if (entry.Search.Mode is "include" or "outcome" || !entry.Resource.Element.Exists)
                continue;
            var value = entry.Resource.Element.Value;
            if (!value.TryGetProperty("resourceType"u8, out var type) || !type.StringEquals("Task"u8))
                continue;
            var task = TaskView.From(value.Document.Detach(value));
            if (task.Id is not { } id || !FhirId.IsValid(id))
                continue;
            yield return new PartnerTask(
                $"{ResourceTypes.Task}/{id}",
                task.Meta.VersionId,
                value.Document.Detach(value).Utf8
            );
        }
    }

    public static SendOutcome.NeedsHuman NoTask(int? status) =>
        new("The partner answered with something other than the Task that was asked for.", status, default);
}
