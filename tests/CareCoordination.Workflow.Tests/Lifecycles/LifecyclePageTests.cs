using CareCoordination.Workflow.Lifecycles;

namespace CareCoordination.Workflow.Tests.Lifecycles;

public sealed class LifecyclePageTests
{
    /// <summary>Run with CARE_UPDATE_DOCS=1 to print the page anew.</summary>
    [Fact]
    public void The_page_of_the_documentation_says_what_the_tables_say()
    {
        var file = Path.Combine(Root(), "docs", "lifecycles.md");
        var page = LifecycleDiagram.Page(LifecycleTables.All);
        if (Environment.GetEnvironmentVariable("CARE_UPDATE_DOCS") is not null)
            File.WriteAllText(file, page);

        Assert.Equal(page, File.ReadAllText(file));
    }

    internal static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CareCoordination.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside of the repository.");
        return folder.FullName;
    }
}
