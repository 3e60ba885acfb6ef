using SpecPack;
using SpecPack.Generation;

namespace CareCoordination.Fhir.R4.Tests;

public sealed class GeneratedSourceTests
{
    [Fact]
    public void The_committed_sources_are_what_SpecPack_makes_of_the_published_definitions()
    {
        var package = DefinitionsPackage.Open(Conformance.Definitions("hl7.fhir.r4.core-4.0.1.tgz"));
        var expected = GeneratedSources.All(SchemaCompiler.Compile(package), package);

        var folder = Path.Combine(Conformance.Repository, GeneratedSources.Folder);
        var committed = Directory
            .EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .ToDictionary(
                f => Path.GetRelativePath(folder, f).Replace('\\', '/'),
                f => File.ReadAllText(f).ReplaceLineEndings("\n")
            );

        Assert.Equal(expected.Keys, committed.Keys.Order(StringComparer.Ordinal));
        Assert.Empty(expected.Keys.Where(path => expected[path] != committed[path]));
    }
}
