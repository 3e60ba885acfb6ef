namespace CareCoordination.Storage.Connections;

public static class ConnectionOptions
{
    /// <summary>The connection string as the store uses it, or what is wrong with it.</summary>
    public static ConnectionReading ReadConnection(this StorageOptions options) =>
        options.Provider switch
        {
            StorageProvider.Sqlite => SqliteConnectionString.Read(options.ConnectionString),
            StorageProvider.PostgreSql => PostgreSqlConnectionString.Read(
                options.ConnectionString,
                options.CommandTimeout
            ),
            _ => SqlServerConnectionString.Read(options.ConnectionString, options.CommandTimeout),
        };
}
