namespace CareCoordination.Fhir.Json;

/// <summary>
/// An object or list that is being made or changed. What is not touched is copied from its document byte for byte, so that
/// decimals and unknown properties stay as they were written. Objects and lists without content are not written: FHIR has
/// no empty ones. https://hl7.org/fhir/R4/json.html
/// </summary>
public abstract class JsonEditor
{
    private JsonEditor? _parent;

    private protected JsonEditor() { }

    internal JsonValue Original { get; private set; }

    internal bool IsChanged { get; private set; }

    /// <summary>True where nothing would be written.</summary>
    public abstract bool IsEmpty { get; }

    /// <summary>Starts from a value of a document.</summary>
    internal void StartFrom(JsonValue original) => Original = original;

    /// <summary>Becomes a part of <paramref name="parent"/>. Throws where it is a part of another one already.</summary>
    internal void AttachTo(JsonEditor parent)
    {
        if (_parent is not null && !ReferenceEquals(_parent, parent))
            throw new InvalidOperationException(
                "This editor is a part of another object already; make a new one from a view of it."
            );
        _parent = parent;
    }

    internal void Write(ref Utf8Output output)
    {
        if (!IsChanged && Original.Exists)
            output.Value(Original);
        else
            WriteContent(ref output);
    }

    internal abstract void WriteContent(ref Utf8Output output);

    private protected void Change()
    {
        for (var editor = this; editor is not null; editor = editor._parent)
        {
            editor.IsChanged = true;
            editor._parent?.ChildChanged(editor);
        }
    }

    private protected virtual void ChildChanged(JsonEditor child) { }
}
