namespace CareCoordination.Server.Tests.Outcomes;

/// <summary>Where a server of a test keeps its tables of outcomes, until the test ends.</summary>
internal sealed class OutcomesFile : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("care-outcomes-").FullName;

    public string Path => System.IO.Path.Combine(_folder, "outcomes.duckdb");

    public string Setting => $"--Analytics:File={Path}";

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
