using CareCoordination.Server.Hosting;
using CareCoordination.TestKit;

namespace CareCoordination.Server.Tests.Client;

/// <summary>The client has the methods that the operation table has rows. Run with CARE_UPDATE_DOCS=1 to make them anew.</summary>
public sealed class ClientSourceTests
{
    private static readonly string Folder = Path.Combine(
        SharedMaterial.Repository,
        "src",
        "CareCoordination.Client",
        "Generated"
    );

    [Fact]
    public async Task The_client_has_a_method_for_each_operation_and_no_others()
    {
        var sources = Composition
            // What is asked of the server is for those who operate it.
            .Operations.All.Where(o => !o.IsOnSystem)
            .GroupBy(o => o.ResourceType, StringComparer.Ordinal)
            .ToDictionary(g => ClientSource.FileName(g.Key), g => ClientSource.Of(g.Key, g), StringComparer.Ordinal);
        if (Environment.GetEnvironmentVariable("CARE_UPDATE_DOCS") is not null)
        {
            Directory.CreateDirectory(Folder);
            foreach (var (name, source) in sources)
                await File.WriteAllTextAsync(Path.Combine(Folder, name), source);
        }

        Assert.Equal(
            sources.Keys.Order(StringComparer.Ordinal),
            Directory.GetFiles(Folder).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)
        );
        foreach (var (name, source) in sources)
            Assert.Equal(source, await File.ReadAllTextAsync(Path.Combine(Folder, name)));
    }
}
