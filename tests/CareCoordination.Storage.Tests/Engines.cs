namespace CareCoordination.Storage.Tests;

/// <summary>The engines every storage test runs on.</summary>
public static class Engines
{
    public static TheoryData<StorageProvider> All =>
        [StorageProvider.Sqlite, StorageProvider.PostgreSql, StorageProvider.SqlServer];
}
