using CareCoordination.Fhir.Schema;

namespace SpecPack.Generation;

/// <summary>Writes the classes that make and change a resource by names of its own.</summary>
internal static class EditorSource
{
    public static string Write(IReadOnlyList<TypeDefinition> types)
    {
        var text = new SourceText().Namespace("CareCoordination.Fhir.Json", "CareCoordination.Fhir.Primitives");
        foreach (var type in types)
            Write(text, type);
        return text.ToString();
    }

    private static void Write(SourceText text, TypeDefinition type)
    {
        var name = CSharpNames.OfType(type.Name);
        text.Summary(type)
            .Line($"public sealed partial class {name}Editor : {(type.IsResource ? "ResourceEditor" : "ObjectEditor")}")
            .Line("{")
            .Line($"    public {name}Editor() {(type.IsResource ? $": base(ResourceTypes.{type.Name}) " : "")}{{ }}")
            .Line("    /// <summary>A copy of the original, to be changed.</summary>")
            .Line($"    public {name}Editor({name}View original) : base(original.Element) {{ }}");
        foreach (var member in Member.Of(type))
        {
            if (CodeSource.ConstantsFor(member.Element) is { } constants)
                text.Line($"    /// <summary>One of <see cref=\"{constants}\"/>.</summary>");
            text.Line($"    {Property(member)}");
        }

        text.Line("}");
    }

    private static string Property(Member member)
    {
        var name = $"\"{member.JsonName}\"";
        var choice = member.Element.IsChoice ? $", \"{member.Element.Name}\"" : "";
        if (member.Kind == MemberKind.Object)
        {
            var editor = $"{CSharpNames.OfType(member.Type.Name)}Editor";
            return member.Element.IsArray
                ? $"public ObjectListEditor<{editor}> {member.Name} => OpenList<{editor}>({name});"
                : $"public {editor} {member.Name} {{ get => Open<{editor}>({name}{choice}); set => Assign({name}, value{choice}); }}";
        }

        return member.Element.IsArray
            ? $"public ValueListEditor {member.Name} => OpenValues({name});"
            : $"public {member.ValueType}? {member.Name} {{ get => Read{member.Kind}({name}); set => Write({name}, value{choice}); }}";
    }
}
