using System.Text.Json;
using CareCoordination.Fhir.Canonicals;

namespace CareCoordination.Server.Tests.Definitions;

/// <summary>An extension of this server as it stands somewhere.</summary>
/// <param name="On">The element that has it, as <c>Task</c> or <c>Goal.target</c>.</param>
/// <param name="Values">The parts of it, or one without a name: the name and the property of the value.</param>
internal sealed record UsedExtension(string Url, string On, string Values);

/// <summary>A code with its system, or of an extension whose definition names its codes.</summary>
internal sealed record UsedCode(string System, string Code);

/// <summary>What of this server's own is in a heap of resources: extensions, codes, identifiers, and every other canonical.</summary>
internal sealed class OwnWords(string address)
{
    public HashSet<UsedExtension> Extensions { get; } = [];

    public HashSet<UsedCode> Codes { get; } = [];

    public HashSet<string> Identifiers { get; } = [];

    public HashSet<string> Canonicals { get; } = [];

    public void Add(JsonElement resource) => Add(resource, "");

    private void Add(JsonElement value, string path)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                    Add(item, path);
                break;
            case JsonValueKind.String when OwnCanonical.IsOwn(value.GetString()):
                Canonicals.Add(value.GetString()!.Split('|')[0]);
                break;
            case JsonValueKind.Object:
                AddObject(value, path);
                break;
        }
    }

    private void AddObject(JsonElement value, string path)
    {
        if (value.TryGetProperty("resourceType", out var type))
            path = type.GetString()!;
        if (Text(value, "url") is { } url && OwnCanonical.IsOwn(url) && IsExtension(value))
            Extensions.Add(new(url, path[..path.LastIndexOf('.')], ValuesOf(value)));
        if (Text(value, "system") is { } system)
        {
            if (OwnCanonical.IsOwn(system) && Text(value, "code") is { } code)
                Codes.Add(new(system, code));
            if (system.StartsWith(address + "/", StringComparison.Ordinal))
                Identifiers.Add(system);
        }

        foreach (var member in value.EnumerateObject())
            Add(member.Value, Under(path, member.Name));
    }

    /// <summary>What contains itself, as the actions of a definition, has one path.</summary>
    private static string Under(string path, string name) =>
        path.EndsWith($".{name}", StringComparison.Ordinal) ? path : $"{path}.{name}";

    private static bool IsExtension(JsonElement value) =>
        !value.TryGetProperty("resourceType", out _)
        && value.EnumerateObject().Any(m => m.Name == "extension" || IsValue(m.Name));

    private static bool IsValue(string name) => name.StartsWith("value", StringComparison.Ordinal);

    private static string ValuesOf(JsonElement extension) =>
        extension.TryGetProperty("extension", out var parts)
            ? string.Join(
                ' ',
                parts.EnumerateArray().Select(p => $"{Text(p, "url")}:{ValueOf(p)}").Order(StringComparer.Ordinal)
            )
            : $":{ValueOf(extension)}";

    private static string ValueOf(JsonElement extension) =>
        extension.EnumerateObject().Single(m => IsValue(m.Name)).Name["value".Length..];

    private static string? Text(JsonElement value, string name) =>
        value.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String
            ? member.GetString()
            : null;
}
