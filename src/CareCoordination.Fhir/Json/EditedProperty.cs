namespace CareCoordination.Fhir.Json;

/// <summary>A property of an object in editing: as it was, new JSON text, or an editor of its own.</summary>
internal sealed class EditedProperty(string name, string? choice)
{
    private ReadOnlyMemory<byte> _json;

    public string Name { get; } = name;

    /// <summary>For one type of a choice the choice's name: <c>value</c>.</summary>
    public string? Choice { get; } = choice;

    public JsonValue Original { get; init; }

    public JsonEditor? Editor { get; set; }

    public ReadOnlyMemory<byte> Json
    {
        get => Original.Exists ? Original.Document.Utf8.Slice(Original.Start, Original.RawUtf8.Length) : _json;
        set => _json = value;
    }

    /// <summary>The value to start editing from.</summary>
    public JsonValue Value()
    {
        if (Original.Exists)
            return Original;
        return ResourceDocument.Parse(_json).TryGet(out var document, out _) ? document.Root : default;
    }
}
