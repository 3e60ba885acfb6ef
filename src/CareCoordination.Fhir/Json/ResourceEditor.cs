using System.Text.Json;

namespace CareCoordination.Fhir.Json;

/// <summary>
/// A resource that is being made, or changed by copy-on-write. The generated editors derive from it and read like FHIR:
/// <code>
/// var task = new TaskEditor(TaskView.From(document)) { Status = TaskStatusCodes.InProgress, Owner = { Reference = "PractitionerRole/7" } };
/// task.Output.Add(new() { Type = { Text = "minutes" }, ValueInteger = 20 });
/// byte[] utf8 = task.ToUtf8Json();
/// </code>
/// </summary>
public class ResourceEditor : ObjectEditor
{
    /// <summary>A resource of a type still to be said.</summary>
    public ResourceEditor() { }

    /// <summary>A new resource of this type.</summary>
    public ResourceEditor(string resourceType) => Write("resourceType", resourceType);

    /// <summary>Changes to a document, or its copy where nothing is changed.</summary>
    public ResourceEditor(ResourceDocument document) => StartFrom(document.Root);

    /// <summary>Changes to a resource that is part of a document, or its copy where nothing is changed.</summary>
    protected ResourceEditor(Element original)
        : base(original) { }

    public string? ResourceType => ReadText("resourceType");

    /// <summary>The resource as compact JSON; what was not touched has the bytes it was written with.</summary>
    public byte[] ToUtf8Json()
    {
        var output = new Utf8Output(Original.Exists ? Original.RawUtf8.Length + 128 : 512);
        Write(ref output);
        return output.ToArray();
    }

    /// <summary>The resource as a document. Throws where JSON set by hand (<see cref="ObjectEditor.SetJson"/>) is malformed.</summary>
    public ResourceDocument ToDocument() =>
        ResourceDocument.Parse(ToUtf8Json()).TryGet(out var document, out var failure)
            ? document
            : throw new JsonException(failure.Issues[0].Diagnostics);
}
