using CareCoordination.Fhir.Schema;

namespace SpecPack.Generation;

/// <summary>How an element's value looks in C#.</summary>
internal enum MemberKind
{
    Text,
    Boolean,
    Integer,
    Decimal,
    DateTime,
    Object,
}

/// <summary>One property of a view and an editor: an element, or one type of a choice.</summary>
internal sealed record Member(ElementDefinition Element, TypeDefinition Type)
{
    private static readonly string[] Taken =
    [
        "At",
        "Element",
        "Exists",
        "From",
        "IsEmpty",
        "Remove",
        "ResourceType",
        "SetJson",
        "ToDocument",
        "ToUtf8Json",
    ];

    public string JsonName => Element.JsonName(Type);

    public string Name =>
        CSharpNames.Capitalised(JsonName) is var name && !Taken.Contains(name)
            ? name
            : throw new NotSupportedException(
                $"{Element.Path} would hide the member {name} that all views or editors have."
            );

    public MemberKind Kind =>
        Type.Name switch
        {
            _ when !Type.IsPrimitive => MemberKind.Object,
            "boolean" => MemberKind.Boolean,
            "integer" or "positiveInt" or "unsignedInt" => MemberKind.Integer,
            "decimal" => MemberKind.Decimal,
            "date" or "dateTime" or "instant" => MemberKind.DateTime,
            _ => MemberKind.Text,
        };

    /// <summary>The C# type of a single value, for primitives.</summary>
    public string ValueType =>
        Kind switch
        {
            MemberKind.Boolean => "bool",
            MemberKind.Integer => "int",
            MemberKind.Decimal => "decimal",
            MemberKind.DateTime => "FhirDateTime",
            _ => "string",
        };

    public static IEnumerable<Member> Of(TypeDefinition type)
    {
        var members = type.Elements.SelectMany(e => e.Types.Select(t => new Member(e, t.Type))).ToArray();
        foreach (var choice in type.Elements.Where(e => e.IsChoice))
        {
            // Editors find the other types of a choice by its name and a capital letter.
            if (members.FirstOrDefault(m => m.Element != choice && IsLikeChoice(m.JsonName, choice.Name)) is { } other)
                throw new NotSupportedException($"{other.Element.Path} looks like a type of {choice.Path}.");
        }

        return members;
    }

    private static bool IsLikeChoice(string name, string choice) =>
        name.Length > choice.Length
        && name.StartsWith(choice, StringComparison.Ordinal)
        && char.IsAsciiLetterUpper(name[choice.Length]);
}
