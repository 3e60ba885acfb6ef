using CareCoordination.Fhir.Schema;

namespace SpecPack.Generation;

/// <summary>All generated files of CareCoordination.Fhir.R4.</summary>
public static class GeneratedSources
{
    /// <summary>The folder of the files, below the repository's root.</summary>
    public const string Folder = "src/CareCoordination.Fhir.R4/Generated";

    // Bindings to these are not required, but the workflows speak of their codes.
    private static readonly string[] FurtherCodeSets =
    [
        "http://hl7.org/fhir/ValueSet/condition-category",
        "http://hl7.org/fhir/ValueSet/goal-achievement",
        "http://hl7.org/fhir/ValueSet/goal-priority",
        "http://hl7.org/fhir/ValueSet/observation-category",
        "http://hl7.org/fhir/ValueSet/task-code",
    ];

    /// <summary>The text of each file by its path below <see cref="Folder"/>.</summary>
    public static SortedDictionary<string, string> All(FhirSchema schema, DefinitionsPackage package)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["ResourceTypes.cs"] = ResourceTypes(schema),
        };
        var groups = WorkflowTypes.Groups(schema);
        foreach (var group in groups)
        {
            files.Add($"Views/{group[0].Name}View.cs", ViewSource.Write(group));
            if (!group[0].IsResource || !group[0].IsAbstract)
                files.Add($"Editors/{group[0].Name}Editor.cs", EditorSource.Write(group));
        }

        var required = groups
            .SelectMany(g => g)
            .SelectMany(t => t.Elements)
            .Select(e => e.Binding?.Codes)
            .OfType<CodeSet>();
        var codeSets = new CodeSetCompiler(package);
        var further = FurtherCodeSets.Select(url =>
            codeSets.Find(url) ?? throw new InvalidDataException($"{url} cannot be enumerated.")
        );
        foreach (var set in required.Concat(further).Where(CodeSource.HasConstants).DistinctBy(s => s.Url))
            files.Add($"Codes/{CSharpNames.OfCodeSet(set.Url)}.cs", CodeSource.Write(set));
        return files;
    }

    private static string ResourceTypes(FhirSchema schema)
    {
        var text = new SourceText().Namespace();
        text.Line()
            .Line("/// <summary>The names of the resource types. https://hl7.org/fhir/R4/resourcelist.html</summary>");
        text.Line("public static class ResourceTypes").Line("{");
        foreach (var type in schema.Resources)
            text.Line($"    public const string {type.Name} = \"{type.Name}\";");
        text.Line("}").Line().Line("/// <summary>The numbers that stand for resource types in storage.</summary>");
        text.Line("public static class ResourceTypeIds").Line("{");
        foreach (var type in schema.Resources)
            text.Line($"    public const short {type.Name} = {type.ResourceTypeId};");
        return text.Line("}").ToString();
    }
}
