using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;

namespace SpecPack;

/// <summary>The definition resources of an npm-style FHIR package, by resource type, in ordinal order of their file names.</summary>
public sealed class DefinitionsPackage
{
    private static readonly string[] Wanted =
    [
        "CodeSystem",
        "CompartmentDefinition",
        "SearchParameter",
        "StructureDefinition",
        "ValueSet",
    ];

    private readonly Dictionary<string, List<JsonElement>> _byType = Wanted.ToDictionary(
        t => t,
        _ => new List<JsonElement>()
    );

    private DefinitionsPackage() { }

    public IReadOnlyList<JsonElement> this[string resourceType] => _byType[resourceType];

    /// <summary>The types that are not of R4. Their numbers come after those of R4, which are in the databases of today.</summary>
    public IReadOnlySet<string> AdditionalTypes => _additional;

    private readonly HashSet<string> _additional = new(StringComparer.Ordinal);

    /// <summary>Reads the package, and what the repository adds to it. Throws where the file is no gzipped tar or holds no StructureDefinitions.</summary>
    public static DefinitionsPackage Open(string path)
    {
        var files = new SortedDictionary<string, (string Type, JsonElement Resource)>(StringComparer.Ordinal);
        using var gzip = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var tar = new TarReader(gzip);
        while (tar.GetNextEntry() is { } entry)
        {
            var name = Path.GetFileName(entry.Name);
            if (
                entry.DataStream is null
                || Array.Find(Wanted, t => name.StartsWith(t + "-", StringComparison.Ordinal)) is not { } type
            )
                continue;
            using var document = JsonDocument.Parse(entry.DataStream);
            files.Add(name, (type, document.RootElement.Clone()));
        }

        var package = new DefinitionsPackage();
        foreach (var (type, resource) in files.Values)
            package._byType[type].Add(resource);
        if (package["StructureDefinition"].Count > 0)
        {
            package.Add(AdditionalDefinitions.Read(Repository.Root(), package.Published).ToList());
            return package;
        }

        throw new InvalidDataException(
            $"{path} holds no StructureDefinitions; give the package hl7.fhir.r4.core-4.0.1.tgz."
        );
    }

    private JsonElement Published(string type) =>
        this["StructureDefinition"].First(d => d.Text("url") == $"http://hl7.org/fhir/StructureDefinition/{type}");

    private void Add(List<JsonElement> additional)
    {
        foreach (var resource in additional)
        {
            var type = resource.Required("resourceType");
            _byType[type].Add(resource);
            if (type == "StructureDefinition")
                _additional.Add(resource.Required("type"));
        }
    }
}
