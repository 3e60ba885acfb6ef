namespace SpecPack;

internal static class Repository
{
    /// <summary>The folder with the solution, at or above the working directory.</summary>
    public static string Root()
    {
        for (
            var folder = new DirectoryInfo(Directory.GetCurrentDirectory());
            folder is not null;
            folder = folder.Parent
        )
        {
            if (File.Exists(Path.Combine(folder.FullName, "CareCoordination.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException(
            "Run SpecPack inside the repository: no CareCoordination.sln at or above the working directory."
        );
    }
}
