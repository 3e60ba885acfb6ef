using System.Text;
using System.Text.Json;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Schema;

namespace CareCoordination.Fhir.Validation.Rules;

/// <summary>The contained resources of a resource by id, and the fragments (<c>#id</c>) that it names anywhere.</summary>
internal sealed class ContainedResources
{
    private readonly Dictionary<string, JsonValue> _byId = new(StringComparer.Ordinal);
    private readonly Lazy<HashSet<string>> _fragments;

    public ContainedResources(JsonValue container)
    {
        _fragments = new Lazy<HashSet<string>>(() => Fragments.In(container));
        if (!container.TryGetProperty("contained"u8, out var contained) || contained.Kind != JsonValueKind.Array)
            return;
        foreach (var resource in contained)
        {
            if (resource.TryGetProperty("id"u8, out var id))
                _byId.TryAdd(id.GetString(), resource);
        }
    }

    public bool Contains(ReadOnlySpan<byte> id) => _byId.ContainsKey(Encoding.UTF8.GetString(id));

    /// <summary>The type of a contained resource; null where there is none with this id.</summary>
    public TypeDefinition? TypeOf(ReadOnlySpan<byte> id, FhirSchema schema) =>
        _byId.TryGetValue(Encoding.UTF8.GetString(id), out var resource)
        && resource.TryGetProperty("resourceType"u8, out var name)
            ? schema.FindResource(name.StringUtf8)
            : null;

    /// <summary>True for the resource that its id names: of several with one id, the first.</summary>
    public bool IsFirst(string id, JsonValue resource) => _byId.TryGetValue(id, out var first) && first == resource;

    public bool IsReferenced(string id) => _fragments.Value.Contains("#" + id);

    /// <summary>True where something inside refers to the container: <c>#</c> alone.</summary>
    public static bool RefersToContainer(JsonValue resource) => Fragments.In(resource).Contains("#");
}
