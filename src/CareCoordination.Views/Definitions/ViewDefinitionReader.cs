using System.Collections.Immutable;
using System.Text.Json;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Views.Definitions;

/// <summary>
/// JSON to a <see cref="ViewDefinition"/>: its form only. What stands in it is judged when it is compiled. All faults are told at once.
/// </summary>
public sealed class ViewDefinitionReader
{
    private const int MaxDepth = 32;
    private const int MaxColumns = 2000;

    private static readonly string[] OfAnyElement = ["id", "extension", "modifierExtension"];
    private static readonly string[] OfSelect = ["column", "select", "forEach", "forEachOrNull", "repeat", "unionAll"];
    private static readonly string[] OfColumn = ["name", "path", "description", "collection", "type", "tag"];
    private static readonly string[] OfWhere = ["path", "description"];
    private static readonly string[] OfTag = ["name", "value"];

    private readonly List<Issue> _faults = [];
    private int _columns;

    private ViewDefinitionReader() { }

    /// <summary>
    /// 400 with an issue for each fault. <c>resourceType</c> may be missing, as in examples of the specification, or be that of the
    /// logical model of version 2.0.0.
    /// </summary>
    public static Result<ViewDefinition> Read(ResourceDocument document)
    {
        var reader = new ViewDefinitionReader();
        var view = reader.View(document.Root);
        return reader._faults.Count == 0 ? view : Failure.Invalid([.. reader._faults]);
    }

    private ViewDefinition View(JsonValue root)
    {
        const string At = ViewDefinition.TypeName;
        if (
            Text(root, "resourceType"u8, At) is { } type
            && type is not (ViewDefinition.TypeName or ViewDefinition.LogicalModel)
        )
            Fault(IssueCode.Invalid, At, $"This is a {type}, not a ViewDefinition.");
        var resource = Required(root, "resource"u8, At);
        var select = List(root, "select"u8, At, (value, location) => Select(value, location, 1));
        if (select.IsEmpty)
            Fault(IssueCode.Required, $"{At}.select", "A ViewDefinition has a select, which gives its columns.");
        return new ViewDefinition(resource, select)
        {
            Id = Text(root, "id"u8, At),
            Url = Text(root, "url"u8, At),
            Version = Text(root, "version"u8, At),
            Name = Text(root, "name"u8, At),
            Title = Text(root, "title"u8, At),
            Description = Text(root, "description"u8, At),
            Constants = [.. List(root, "constant"u8, At, Constant).OfType<ViewConstant>()],
            Where = List(root, "where"u8, At, Condition),
        };
    }

    private ViewSelect Select(JsonValue value, string location, int depth)
    {
        if (depth > MaxDepth)
        {
            Fault(IssueCode.TooCostly, location, $"Selects are nested more than {MaxDepth} levels deep.");
            return new ViewSelect(location);
        }

        OnlyKnown(value, location, OfSelect);
        return new ViewSelect(location)
        {
            Columns = List(value, "column"u8, location, Column),
            Select = List(value, "select"u8, location, (v, l) => Select(v, l, depth + 1)),
            UnionAll = List(value, "unionAll"u8, location, (v, l) => Select(v, l, depth + 1)),
            ForEach = Text(value, "forEach"u8, location),
            ForEachOrNull = Text(value, "forEachOrNull"u8, location),
            Repeat = Texts(value, location),
        };
    }

    private ViewColumnDefinition Column(JsonValue value, string location)
    {
        OnlyKnown(value, location, OfColumn);
        if (++_columns == MaxColumns + 1)
            Fault(IssueCode.TooCostly, location, $"A view has at most {MaxColumns} columns.");
        return new ViewColumnDefinition(
            location,
            Required(value, "name"u8, location),
            Required(value, "path"u8, location)
        )
        {
            Type = Text(value, "type"u8, location),
            IsCollection = Flag(value, location),
            AnsiType = List(value, "tag"u8, location, Tag).FirstOrDefault(t => t.Name == "ansi/type").Value,
            Description = Text(value, "description"u8, location),
        };
    }

    private (string Name, string Value) Tag(JsonValue value, string location)
    {
        OnlyKnown(value, location, OfTag);
        return (Required(value, "name"u8, location), Required(value, "value"u8, location));
    }

    private ViewCondition Condition(JsonValue value, string location)
    {
        OnlyKnown(value, location, OfWhere);
        return new ViewCondition(location, Required(value, "path"u8, location));
    }

    private ViewConstant? Constant(JsonValue value, string location)
    {
        var name = Required(value, "name"u8, location);
        JsonValue found = default;
        foreach (var property in value)
        {
            if (!property.NameUtf8.StartsWith("value"u8))
            {
                if (property.Name != "name" && !IsOfAnyElement(property.Name))
                    Fault(IssueCode.Structure, location, $"A constant has no element '{property.Name}'.");
                continue;
            }

            if (found.Exists)
                Fault(IssueCode.Structure, location, $"The constant '{name}' has two values.");
            found = property;
        }

        if (!found.Exists)
        {
            Fault(IssueCode.Required, location, $"The constant '{name}' has no value: write one, as valueString.");
            return null;
        }

        var type = found.Name["value".Length..];
        if (type.Length == 0 || found.Kind is JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Null)
        {
            Fault(IssueCode.Value, location, $"The value of the constant '{name}' is not of a primitive type.");
            return null;
        }

        return new ViewConstant(location, name, char.ToLowerInvariant(type[0]) + type[1..], found.GetString());
    }

    private ImmutableArray<T> List<T>(
        JsonValue parent,
        ReadOnlySpan<byte> name,
        string location,
        Func<JsonValue, string, T> read
    )
    {
        if (!parent.TryGetProperty(name, out var list))
            return [];
        var at = $"{location}.{list.Name}";
        if (list.Kind != JsonValueKind.Array)
        {
            Fault(IssueCode.Structure, at, "This is a JSON array.");
            return [];
        }

        var items = ImmutableArray.CreateBuilder<T>();
        foreach (var item in list)
        {
            var itemAt = $"{at}[{items.Count}]";
            if (item.Kind != JsonValueKind.Object)
            {
                Fault(IssueCode.Structure, itemAt, "This is a JSON object.");
                break;
            }

            items.Add(read(item, itemAt));
        }

        return items.ToImmutable();
    }

    private ImmutableArray<string> Texts(JsonValue parent, string location)
    {
        if (!parent.TryGetProperty("repeat"u8, out var list))
            return [];
        var texts = ImmutableArray.CreateBuilder<string>();
        foreach (var item in list)
        {
            if (item.Kind == JsonValueKind.String)
                texts.Add(item.GetString());
            else
                Fault(IssueCode.Structure, $"{location}.repeat", "A path is a string.");
        }

        if (list.Kind != JsonValueKind.Array || texts.Count == 0)
            Fault(IssueCode.Structure, $"{location}.repeat", "This is a JSON array of paths.");
        return texts.ToImmutable();
    }

    private bool Flag(JsonValue column, string location)
    {
        if (!column.TryGetProperty("collection"u8, out var value))
            return false;
        if (value.Kind is not (JsonValueKind.True or JsonValueKind.False))
            Fault(IssueCode.Value, $"{location}.collection", "This is true or false.");
        return value.Kind == JsonValueKind.True;
    }

    private string Required(JsonValue parent, ReadOnlySpan<byte> name, string location)
    {
        if (Text(parent, name, location) is { Length: > 0 } text)
            return text;
        var element = System.Text.Encoding.UTF8.GetString(name);
        if (!parent.TryGetProperty(name, out var value) || value.Kind == JsonValueKind.String)
            Fault(IssueCode.Required, $"{location}.{element}", $"'{element}' is missing.");
        return "";
    }

    private string? Text(JsonValue parent, ReadOnlySpan<byte> name, string location)
    {
        if (!parent.TryGetProperty(name, out var value))
            return null;
        if (value.Kind == JsonValueKind.String)
            return value.GetString();
        Fault(IssueCode.Value, $"{location}.{value.Name}", "This is a string.");
        return null;
    }

    private void OnlyKnown(JsonValue value, string location, string[] known)
    {
        foreach (var property in value)
        {
            var name = property.Name;
            if (!known.Contains(name) && !IsOfAnyElement(name))
                Fault(
                    IssueCode.Structure,
                    location,
                    $"There is no element '{name}' here: known are {string.Join(", ", known)}."
                );
        }
    }

    private static bool IsOfAnyElement(string name) => name[0] == '_' || OfAnyElement.Contains(name);

    private void Fault(IssueCode code, string location, string sentence) =>
        _faults.Add(Issue.Error(code, sentence, location));
}
