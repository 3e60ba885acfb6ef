using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using CareCoordination.Connectors.Exchanges;
using CareCoordination.Connectors.Payloads;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Connectors.Strategies;

/// <summary>Reads the copies of our Tasks that a partner keeps on its FHIR server.</summary>
internal sealed class PartnerTasks(PartnerLine line)
{
    private readonly string _base = line.FhirBase + "/";

    public async Task<ReadOutcome> ReadAsync(string reference, CancellationToken cancel)
    {
        var answer = await line.AskAsync(PartnerRequest.Get("read", Relative(reference)), cancel);
        if (answer.Kind != AnswerKind.Accepted)
            return new ReadOutcome.Failed(answer.ToOutcome());
        return Copy(answer) is { } copy ? new ReadOutcome.Found(copy) : new ReadOutcome.Failed(NoTask(answer.Status));
    }

    /// <summary>The copy of this Task, found by the identifier it was sent with.</summary>
    public async Task<ReadOutcome> FindAsync(OwnIdentifier identifier, CancellationToken cancel)
    {
        var answer = await line.AskAsync(PartnerRequest.Get("read", $"Task?{identifier.Query}"), cancel);
        if (answer.Kind != AnswerKind.Accepted)
            return new ReadOutcome.Failed(answer.ToOutcome());
        if (!TryBundle(answer, out var bundle))
            return new ReadOutcome.Failed(NoTask(answer.Status));
        var found = Tasks(bundle).Take(2).ToArray();
        return found.Length switch
        {
            0 => new ReadOutcome.Absent(),
            1 => new ReadOutcome.Found(found[0]),
            _ => new ReadOutcome.Failed(
                new SendOutcome.NeedsHuman(
                    "The partner has more than one Task with the identifier of this referral: ask it to remove the others.",
                    answer.Status,
                    default
                )
            ),
        };
    }

    /// <summary>What has changed since then, page by page, the oldest change first where the partner can sort.</summary>
    public async IAsyncEnumerable<PollPage> PollAsync(
        string query,
        DateTimeOffset since,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        var stamp = Uri.EscapeDataString(
            since.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)
        );
        var next = $"Task?{query}&_lastUpdated=ge{stamp}&_sort=_lastUpdated&_count=100";
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (next is not null && seen.Add(next))
        {
            var answer = await line.AskAsync(
                PartnerRequest.Get("poll", next) with
                {
                    MaxAnswerBytes = 32 * 1024 * 1024,
                },
                cancel
            );
            if (answer.Kind != AnswerKind.Accepted)
            {
                yield return new PollPage([], answer.ToOutcome());
                yield break;
            }

            if (!TryBundle(answer, out var bundle))
            {
                yield return new PollPage([], NoTask(answer.Status));
                yield break;
            }

            yield return new PollPage([.. Tasks(bundle)], null);
            next = Next(bundle);
        }
    }

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

    private static bool TryBundle(PartnerAnswer answer, out BundleView bundle)
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

    private static IEnumerable<PartnerTask> Tasks(BundleView bundle)
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

    private string? Next(BundleView bundle)
    {
        foreach (var link in bundle.Link)
        {
            // A page elsewhere is not followed: our token would go with the request.
            if (link is { Relation: "next", Url: { } url })
                return
                    Uri.TryCreate(new Uri(_base), url, out var next)
                    && next.AbsoluteUri.StartsWith(
                        new Uri(_base).GetLeftPart(UriPartial.Authority),
                        StringComparison.Ordinal
                    )
                    ? next.AbsoluteUri
                    : null;
        }

        return null;
    }

    private static SendOutcome.NeedsHuman NoTask(int? status) =>
        new("The partner answered with something other than the Task that was asked for.", status, default);
}
