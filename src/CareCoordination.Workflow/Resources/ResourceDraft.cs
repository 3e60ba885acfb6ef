using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Lifecycles;

namespace CareCoordination.Workflow.Resources;

/// <summary>
/// A resource while it is being decided about: the elements that the care rules touch by name, all others kept as they were
/// read. It lives inside one decision and is never shared.
/// </summary>
public abstract class ResourceDraft
{
    internal static readonly JsonSerializerOptions Relaxed = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly JsonObject? _original;

    /// <summary>A draft of a resource that exists.</summary>
    /// <exception cref="ArgumentException">The snapshot is of another type.</exception>
    protected ResourceDraft(string type, Snapshot snapshot)
    {
        Json = JsonNode.Parse(snapshot.Utf8Json.Span) as JsonObject ?? [];
        if (snapshot.Key.Type != type || Json.Text("resourceType") != type)
            throw new ArgumentException($"A {snapshot.Key.Type} is no {type}.", nameof(snapshot));
        Key = snapshot.Key;
        Version = snapshot.Version;
        _original = (JsonObject)Json.DeepClone();
    }

    /// <summary>A draft of a resource that is to be created.</summary>
    protected ResourceDraft(string type, string id)
    {
        Key = new ResourceKey(type, id);
        Json = new JsonObject { ["resourceType"] = type, ["id"] = id };
    }

    public ResourceKey Key { get; }

    /// <summary>0 for a new resource.</summary>
    public int Version { get; }

    public string Reference => Key.ToString();

    public JsonObject Json { get; }

    public bool IsNew => Version == 0;

    public bool IsChanged => _original is null || !JsonNode.DeepEquals(_original, Json);

    public string Status
    {
        get => Json.Text(StatusElement) ?? "";
        internal set => Json[StatusElement] = value;
    }

    private string StatusElement => LifecycleTables.For(Key.Type)?.StatusElement ?? "status";

    public byte[] ToUtf8Json()
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Writing))
            Json.WriteTo(writer);
        return buffer.WrittenSpan.ToArray();
    }
}
