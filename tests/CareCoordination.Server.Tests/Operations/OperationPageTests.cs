using CareCoordination.Application;
using CareCoordination.Application.Operations;
using CareCoordination.Server.Hosting;
using CareCoordination.TestKit;

namespace CareCoordination.Server.Tests.Operations;

/// <summary>Every operation has its page. Run with CARE_UPDATE_DOCS=1 to print them anew; notes are kept.</summary>
public sealed class OperationPageTests
{
    private static readonly string Folder = Path.Combine(SharedMaterial.Repository, "docs", "operations");

    public static TheoryData<string> Ids => [.. Composition.Operations.All.Select(o => o.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task The_page_of_an_operation_says_what_the_table_says(string id)
    {
        var file = Path.Combine(Folder, $"{id}.md");
        var printed = OperationPage.Of(Composition.Operations.Find(id)!);
        if (Environment.GetEnvironmentVariable("CARE_UPDATE_DOCS") is not null)
            await File.WriteAllTextAsync(
                file,
                printed + (File.Exists(file) ? NotesOf(await File.ReadAllTextAsync(file)) : "")
            );

        Assert.True(
            File.Exists(file),
            "The operation has no page: run the tests with CARE_UPDATE_DOCS=1 and commit it."
        );
        var page = await File.ReadAllTextAsync(file);
        Assert.Equal(printed, page[..^NotesOf(page).Length]);
    }

    [Fact]
    public async Task The_table_of_contents_lists_them_and_there_are_no_others()
    {
        var file = Path.Combine(Folder, "README.md");
        var index = OperationPage.Index(Composition.Operations.All);
        if (Environment.GetEnvironmentVariable("CARE_UPDATE_DOCS") is not null)
            await File.WriteAllTextAsync(file, index);

        Assert.Equal(index, await File.ReadAllTextAsync(file));
        Assert.Equal(
            Composition.Operations.All.Select(o => o.Id).Append("README").Order(StringComparer.Ordinal),
            Directory.GetFiles(Folder).Select(f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal)
        );
    }

    private static string NotesOf(string page) =>
        page.IndexOf(OperationPage.Notes, StringComparison.Ordinal) is >= 0 and var at ? page[at..] : "";
}
