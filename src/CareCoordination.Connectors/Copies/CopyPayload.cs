using System.Text;
using System.Text.Json.Nodes;
using CareCoordination.Connectors.Partners;
using CareCoordination.Connectors.Payloads;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Connectors.Copies;

/// <summary>
/// A partner's own copy with our state put on. Everything else in it is the partner's, put there by its people or its server: extensions,
/// inputs, owner, location, and what its references are there. None of it is known here, and none of it may be lost.
/// </summary>
internal static class CopyPayload
{
    /// <summary>Goes with the status: where we say none any more, an earlier one does not stay beside a new status.</summary>
    private static readonly string[] WithStatus = ["statusReason", "businessStatus"];

    /// <summary>Set where we have them, and left where we have not.</summary>
    private static readonly string[] OfTask =
    [
        "status",
        "statusReason",
        "businessStatus",
        "priority",
        "description",
        "restriction",
        "executionPeriod",
        "lastModified",
    ];

    private static readonly string[] OfRequest = ["status", "priority"];

    /// <param name="without">Elements that stay here.</param>
    public static byte[] Task(
        ReferralPackage package,
        Uri partner,
        ReadOnlyMemory<byte> copy,
        params string[] without
    ) => PutOn(copy, Outgoing(package, partner, package.Task), OfTask, without);

    public static byte[] Request(ReferralPackage package, Uri partner, ReadOnlyMemory<byte> copy) =>
        PutOn(copy, Outgoing(package, partner, package.Request), OfRequest, []);

    private static byte[] PutOn(
        ReadOnlyMemory<byte> theirs,
        ReadOnlyMemory<byte> ours,
        string[] names,
        string[] without
    )
    {
        var (from, to) = (ResourceDocument.Parse(ours).Value, ResourceDocument.Parse(theirs).Value);
        var copy = new ResourceEditor(to);
        var isAnotherStatus = !Same(Raw(from, "status"), Raw(to, "status"));
        foreach (var name in names.Except(without))
        {
            if (Raw(from, name) is { } value)
                copy.SetJson(name, value);
            else if (isAnotherStatus && WithStatus.Contains(name))
                copy.Remove(name);
        }

        if (!without.Contains("note") && Notes(from, to) is { } notes)
            copy.SetJson("note", notes);
        return copy.ToUtf8Json();
    }

    /// <summary>Their notes, and after them those of ours that are not among them; null where there is none to add.</summary>
    private static byte[]? Notes(ResourceDocument ours, ResourceDocument theirs)
    {
        if (Raw(ours, "note") is not { } more)
            return null;
        var all = Raw(theirs, "note") is { } there ? JsonNode.Parse(there)!.AsArray() : [];
        var known = all.Select(NoteOf).ToHashSet(StringComparer.Ordinal);
        var added = false;
        foreach (var note in JsonNode.Parse(more)!.AsArray())
        {
            if (!known.Add(NoteOf(note)))
                continue;
            all.Add(note!.DeepClone());
            added = true;
        }

        return added ? Encoding.UTF8.GetBytes(all.ToJsonString()) : null;
    }

    /// <summary>What makes a note the same: who wrote it may be another reference there.</summary>
    private static string NoteOf(JsonNode? note) => $"{note?["time"]} {note?["text"]}";

    private static byte[]? Raw(ResourceDocument document, string name) =>
        document.Root.TryGetProperty(Encoding.UTF8.GetBytes(name), out var value) ? value.RawUtf8.ToArray() : null;

    private static bool Same(byte[]? one, byte[]? other) => one.AsSpan().SequenceEqual(other);

    private static byte[] Outgoing(ReferralPackage package, Uri partner, Snapshot ours) =>
        OutgoingResource.Write(ours, package.OwnBase, Addresses.Absolute(package.OwnBase, partner));
}
