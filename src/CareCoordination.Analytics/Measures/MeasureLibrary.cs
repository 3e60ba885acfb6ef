using System.Collections.Immutable;
using System.Reflection;

namespace CareCoordination.Analytics.Measures;

/// <summary>The measures that come with the program.</summary>
public static class MeasureLibrary
{
    private const string Prefix = "measures/";

    /// <summary>By their ids.</summary>
    public static ImmutableArray<MeasureDefinition> All { get; } =
    [
        .. Assembly
            .GetExecutingAssembly()
            .GetManifestResourceNames()
            .Where(name =>
                name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(".sql", StringComparison.Ordinal)
            )
            .Order(StringComparer.Ordinal)
            .Select(Read)
            .Select(MeasureFile.Read),
    ];

    public static MeasureDefinition? Find(string id) => All.FirstOrDefault(measure => measure.Id == id);

    private static string Read(string name)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
