using CareCoordination.Fhir.Schema;

namespace SpecPack.Generation;

/// <summary>Writes the readonly structs that read a resource by names of its own.</summary>
internal static class ViewSource
{
    public static string Write(IReadOnlyList<TypeDefinition> types)
    {
        var text = new SourceText().Namespace(
            "System.Collections.Immutable",
            "CareCoordination.Fhir.Json",
            "CareCoordination.Fhir.Primitives"
        );
        foreach (var type in types)
            Write(text, type);
        return text.ToString();
    }

    private static void Write(SourceText text, TypeDefinition type)
    {
        var view = $"{CSharpNames.OfType(type.Name)}View";
        text.Summary(type)
            .Line($"public readonly partial struct {view}(Element element) : IElementView<{view}>")
            .Line("{")
            .Line("    public Element Element { get; } = element;")
            .Line("    public bool Exists => Element.Exists;")
            .Line($"    public static {view} From(Element element) => new(element);");
        if (type is { IsResource: true, IsAbstract: false })
        {
            text.Line("    /// <summary>Does not exist where the document holds another type.</summary>")
                .Line(
                    $"    public static {view} From(ResourceDocument document) => new(document.RootOf(ResourceTypes.{type.Name}));"
                );
        }

        foreach (var member in Member.Of(type))
        {
            if (CodeSource.ConstantsFor(member.Element) is { } constants)
                text.Line($"    /// <summary>One of <see cref=\"{constants}\"/>.</summary>");
            text.Line($"    {Property(member)}");
        }

        if (type.Schema[type.Name.Split('.')[0]].IsResource)
            WriteExpressions(text, type);
        text.Line("}");
    }

    private static void WriteExpressions(SourceText text, TypeDefinition type)
    {
        text.Line("    /// <summary>Where elements are, as an issue's expression says it.</summary>")
            .Line("    public static class At")
            .Line("    {");
        foreach (var element in type.Elements)
            text.Line(
                $"        public const string {CSharpNames.Capitalised(element.Name)} = \"{type.Name}.{element.Name}\";"
            );
        text.Line("    }");
    }

    private static string Property(Member member)
    {
        var name = $"\"{member.Element.Name}\"";
        var choice = member.Element.IsChoice ? $"{name}, \"{member.Type.Name}\"" : name;
        if (member.Kind == MemberKind.Object)
        {
            var view = $"{CSharpNames.OfType(member.Type.Name)}View";
            return member.Element.IsArray
                ? $"public ElementViews<{view}> {member.Name} => new(Element, {name});"
                : $"public {view} {member.Name} => new(Element.{(member.Element.IsChoice ? "Choice" : "Child")}({choice}));";
        }

        return member.Element.IsArray
            ? $"public ImmutableArray<{member.ValueType}> {member.Name} => Element.Read{member.Kind}s({name});"
            : $"public {member.ValueType}? {member.Name} => Element.Read{member.Kind}({choice});";
    }
}
