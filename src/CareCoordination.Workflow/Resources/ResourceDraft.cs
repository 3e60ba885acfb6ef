using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Workflow.Resources;

/// <summary>
/// A resource while it is being decided about: the words of the care rules on top of its editor. It lives inside one decision and
/// is never shared.
/// </summary>
public abstract class ResourceDraft
{
    /// <summary>A draft of a resource that exists, or with version 0 one that is to be created.</summary>
    private protected ResourceDraft(ResourceKey key, int version)
    {
        Key = key;
        Version = version;
    }

    public ResourceKey Key { get; }

    /// <summary>0 for a new resource.</summary>
    public int Version { get; }

    public string Reference => Key.ToString();

    public bool IsNew => Version == 0;

    public abstract string Status { get; internal set; }

    /// <summary>True where what would be written is not what was read.</summary>
    public bool IsChanged =>
        Original is null || !ToUtf8Json().AsSpan().SequenceEqual(new ResourceEditor(Original).ToUtf8Json());

    internal abstract ResourceEditor Editor { get; }

    internal abstract ObjectListEditor<ExtensionEditor> Extensions { get; }

    /// <summary>What was read; null for a new resource.</summary>
    internal ResourceDocument? Original { get; private protected init; }

    public byte[] ToUtf8Json() => Editor.ToUtf8Json();

    /// <exception cref="ArgumentException">The snapshot is of another type, or no JSON: stored resources are.</exception>
    private protected static ResourceDocument Parse(string type, Snapshot snapshot) =>
        snapshot.Key.Type == type && ResourceDocument.Parse(snapshot.Utf8Json).TryGet(out var document, out _)
            ? document
            : throw new ArgumentException($"{snapshot.Key} is no {type}.", nameof(snapshot));
}
