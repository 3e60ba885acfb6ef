using System.IO.Compression;
using System.Text;
using CareCoordination.Application.Import;
using CareCoordination.Fhir.Canonicals;

namespace CareCoordination.Server.Tests.Import;

/// <summary>What another server with the same base has written is imported as it is known here.</summary>
public sealed class RespelledImportTests : IDisposable
{
    private const string Chosen = "https://fhir.clinic.test/care";
    private const string Name = "StructureDefinition/held-from";

    private readonly string _folder = Directory.CreateTempSubdirectory("care-respelled-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("a.ndjson", true)]
    [InlineData("a.ndjson.gz", true)]
    [InlineData("a.ndjson", false)]
    public void A_file_is_read_as_it_is_known_here(string name, bool hasBase)
    {
        var lines = string.Join(
            '\n',
            Enumerable.Range(0, 3000).Select(i => $"{i} \"{Chosen}/{Name}\" {Chosen}/Task/{i}")
        );
        var file = Write(name, lines) with
        {
            Spelling = OwnCanonicals.Of(hasBase ? Chosen : OwnCanonical.Base, [Name]).Inside,
        };

        using var reader = new StreamReader(file.Open());

        Assert.Equal(
            hasBase
                ? lines.Replace($"{Chosen}/{Name}", $"{OwnCanonical.Base}/{Name}", StringComparison.Ordinal)
                : lines,
            reader.ReadToEnd()
        );
    }

    private ImportFile Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        using (Stream file = File.Create(path))
        using (
            var content = name.EndsWith(".gz", StringComparison.Ordinal)
                ? new GZipStream(file, CompressionMode.Compress)
                : file
        )
            content.Write(Encoding.UTF8.GetBytes(text));
        return Assert.Single(ImportFile.Find([path]));
    }
}
