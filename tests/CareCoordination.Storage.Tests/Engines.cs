namespace CareCoordination.Storage.Tests;

/// <summary>The engines every storage test runs on.</summary>
public static class Engines
{
    public static TheoryData<StorageProvider> All =>
        [StorageProvider.Sqlite, StorageProvider.PostgreSql, StorageProvider.SqlServer];

    /// <summary>Those whose exceptions can be made: SqlClient's have no constructor.</summary>
    public static TheoryData<StorageProvider> Faulty => [StorageProvider.Sqlite, StorageProvider.PostgreSql];
}
