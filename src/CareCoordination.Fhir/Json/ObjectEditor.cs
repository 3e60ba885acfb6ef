using System.Globalization;
using System.Text;
using System.Text.Json;
using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Fhir.Json;

/// <summary>
/// An object that is being made or changed. The generated editors give its properties types and names; here is what they
/// have in common. Of a choice (<c>value[x]</c>) only the type last written is kept.
/// </summary>
public class ObjectEditor : JsonEditor
{
    private List<EditedProperty>? _properties;

    /// <summary>Changes to an element of a document, or its copy where nothing is changed.</summary>
    protected ObjectEditor(Element original) => StartFrom(original.Exists ? original.Value : default);

    protected ObjectEditor() { }

    public override bool IsEmpty =>
        (IsChanged || !Original.Exists) && Properties.TrueForAll(p => p.Editor is { IsEmpty: true });

    private List<EditedProperty> Properties => _properties ??= ReadOriginal();

    /// <summary>Sets a property to JSON text, which is taken as it is.</summary>
    public void SetJson(string name, ReadOnlyMemory<byte> json) => Put(name, choice: null).Json = json;

    /// <summary>Takes the property and, for a primitive, its id and extensions away.</summary>
    public void Remove(string name)
    {
        if (Properties.RemoveAll(p => p.Name == name || IsShadow(p.Name, name)) > 0)
            Change();
    }

    protected string? ReadText(string name) => Find(name) is { } property ? JsonText.Read(property.Json.Span) : null;

    protected bool? ReadBoolean(string name) => bool.TryParse(ReadText(name), out var value) ? value : null;

    protected int? ReadInteger(string name) =>
        int.TryParse(ReadText(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;

    protected decimal? ReadDecimal(string name) =>
        decimal.TryParse(ReadText(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;

    protected FhirDateTime? ReadDateTime(string name) =>
        FhirDateTime.TryParse(ReadText(name), out var value) ? value : null;

    protected void Write(string name, string? value, string? choice = null)
    {
        if (value is null)
            Remove(name);
        else
            Put(name, choice).Json = JsonText.OfString(value);
    }

    protected void Write(string name, bool? value, string? choice = null) =>
        WriteBare(
            name,
            value is null ? null
                : value.Value ? "true"
                : "false",
            choice
        );

    protected void Write(string name, int? value, string? choice = null) =>
        WriteBare(name, value?.ToString(CultureInfo.InvariantCulture), choice);

    protected void Write(string name, decimal? value, string? choice = null) =>
        WriteBare(name, value?.ToString(CultureInfo.InvariantCulture), choice);

    protected void Write(string name, FhirDateTime? value, string? choice = null) =>
        Write(name, value?.ToString(), choice);

    /// <summary>The object under this name, to change or fill it.</summary>
    protected T Open<T>(string name, string? choice = null)
        where T : ObjectEditor, new() => Open(name, choice, static () => new T());

    /// <summary>The list of objects under this name, to change or fill it.</summary>
    protected ObjectListEditor<T> OpenList<T>(string name)
        where T : ObjectEditor, new() => Open(name, choice: null, static () => new ObjectListEditor<T>());

    /// <summary>The list of primitives under this name, to change or fill it.</summary>
    protected ValueListEditor OpenValues(string name) => Open(name, choice: null, static () => new ValueListEditor());

    protected void Assign(string name, ObjectEditor? value, string? choice = null)
    {
        if (value is null)
        {
            Remove(name);
            return;
        }

        value.AttachTo(this);
        Put(name, choice).Editor = value;
    }

    internal override void WriteContent(ref Utf8Output output)
    {
        output.Add((byte)'{');
        foreach (var property in Properties)
        {
            if (property.Editor is { IsEmpty: true })
                continue;
            output.Name(Encoding.UTF8.GetBytes(property.Name));
            if (property.Editor is { } editor)
                editor.Write(ref output);
            else if (property.Original.Exists)
                output.Value(property.Original);
            else
                output.Add(property.Json.Span);
        }

        output.Add((byte)'}');
    }

    private protected override void ChildChanged(JsonEditor child)
    {
        if (Properties.Find(p => ReferenceEquals(p.Editor, child)) is not { } property)
            return;
        if (property.Choice is { } choice)
            RemoveOthers(choice, property.Name);
        // Ids and extensions of primitives stand beside them by position.
        if (child is ValueListEditor { IsCleared: true })
            Properties.RemoveAll(p => IsShadow(p.Name, property.Name));
    }

    private List<EditedProperty> ReadOriginal()
    {
        var properties = new List<EditedProperty>();
        if (Original.Kind != JsonValueKind.Object)
            return properties;
        foreach (var property in Original)
            properties.Add(new EditedProperty(property.Name, choice: null) { Original = property });
        return properties;
    }

    private EditedProperty? Find(string name) => Properties.Find(p => p.Name == name);

    /// <summary>The property to write to, in its old place or at the end.</summary>
    private EditedProperty Put(string name, string? choice)
    {
        if (choice is not null)
            RemoveOthers(choice, name);
        var property = new EditedProperty(name, choice);
        var index = Properties.FindIndex(p => p.Name == name);
        if (index < 0)
            Properties.Add(property);
        else
            Properties[index] = property;
        Change();
        return property;
    }

    private void WriteBare(string name, string? value, string? choice)
    {
        if (value is null)
            Remove(name);
        else
            Put(name, choice).Json = Encoding.ASCII.GetBytes(value);
    }

    private T Open<T>(string name, string? choice, Func<T> make)
        where T : JsonEditor
    {
        var property = Find(name);
        if (property?.Editor is { } open)
        {
            return open as T
                ?? throw new InvalidOperationException($"'{name}' is being edited as {open.GetType().Name} already.");
        }

        var editor = make();
        if (property is null)
            Properties.Add(property = new EditedProperty(name, choice));
        else
            editor.StartFrom(property.Value());
        editor.AttachTo(this);
        property.Editor = editor;
        return editor;
    }

    private void RemoveOthers(string choice, string kept) =>
        Properties.RemoveAll(p => IsOfChoice(p.Name, choice) && p.Name != kept && !IsShadow(p.Name, kept));

    private static bool IsOfChoice(ReadOnlySpan<char> name, string choice)
    {
        name = name.TrimStart('_');
        return name.Length > choice.Length
            && name.StartsWith(choice, StringComparison.Ordinal)
            && char.IsAsciiLetterUpper(name[choice.Length]);
    }

    private static bool IsShadow(string name, string of) =>
        name.Length == of.Length + 1 && name[0] == '_' && name.EndsWith(of, StringComparison.Ordinal);
}
