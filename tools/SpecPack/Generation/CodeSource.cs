using CareCoordination.Fhir.Schema;

namespace SpecPack.Generation;

/// <summary>Writes the codes of a value set as constants.</summary>
internal static class CodeSource
{
    /// <summary>Sets above this are lists of names (all types, all resource types), not codes one writes by hand.</summary>
    private const int MostConstants = 60;

    /// <summary>The class with the constants of an element's required binding, or null.</summary>
    public static string? ConstantsFor(ElementDefinition element) =>
        element.Binding?.Codes is { } set && HasConstants(set) ? CSharpNames.OfCodeSet(set.Url) : null;

    public static bool HasConstants(CodeSet set) => set.Codes.Length <= MostConstants;

    public static string Write(CodeSet set)
    {
        var text = new SourceText().Namespace();
        text.Line()
            .Line($"/// <summary>{set.Url}</summary>")
            .Line($"public static class {CSharpNames.OfCodeSet(set.Url)}")
            .Line("{");
        var systems = set.Codes.Select(c => c.System).Distinct().ToArray();
        if (systems is [var system])
            text.Line($"    public const string System = \"{system}\";");
        foreach (
            var codes in set
                .Codes.DistinctBy(c => c.Value)
                .GroupBy(c => CSharpNames.OfCode(c.Value, c.Display), StringComparer.Ordinal)
        )
        {
            if (codes.Count() > 1)
                throw new NotSupportedException($"The name {codes.Key} of a code in {set.Url} is taken.");
            text.Line($"    public const string {codes.Key} = \"{codes.Single().Value}\";");
        }

        return text.Line("}").ToString();
    }
}
