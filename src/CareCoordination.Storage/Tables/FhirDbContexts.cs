using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Migrations;

namespace CareCoordination.Storage.Tables;

/// <summary>Makes the context of each engine, for migrations at run time and for dotnet-ef, which needs no database.</summary>
internal static class FhirDbContexts
{
    public static Type TypeOf(StorageProvider provider) =>
        provider switch
        {
            StorageProvider.Sqlite => typeof(SqliteFhirDbContext),
            StorageProvider.PostgreSql => typeof(PostgreSqlFhirDbContext),
            _ => typeof(SqlServerFhirDbContext),
        };

    public static FhirDbContext Create(
        StorageProvider provider,
        string connectionString,
        TimeSpan? commandTimeout = null
    )
    {
        var timeout = (int?)commandTimeout?.TotalSeconds;
        return provider switch
        {
            StorageProvider.Sqlite => new SqliteFhirDbContext(
                new DbContextOptionsBuilder<SqliteFhirDbContext>()
                    .UseSqlite(connectionString, o => o.CommandTimeout(timeout))
                    .ReplaceService<IMigrationsSqlGenerator, WithoutRowIdSqlGenerator>()
                    .Options
            ),
            StorageProvider.PostgreSql => new PostgreSqlFhirDbContext(
                new DbContextOptionsBuilder<PostgreSqlFhirDbContext>()
                    .UseNpgsql(connectionString, o => o.CommandTimeout(timeout))
                    .Options
            ),
            _ => new SqlServerFhirDbContext(
                new DbContextOptionsBuilder<SqlServerFhirDbContext>()
                    .UseSqlServer(connectionString, o => o.CommandTimeout(timeout))
                    .Options
            ),
        };
    }
}

internal sealed class SqliteDesignFactory : IDesignTimeDbContextFactory<SqliteFhirDbContext>
{
    public SqliteFhirDbContext CreateDbContext(string[] args) =>
        (SqliteFhirDbContext)FhirDbContexts.Create(StorageProvider.Sqlite, "Data Source=:memory:");
}

internal sealed class PostgreSqlDesignFactory : IDesignTimeDbContextFactory<PostgreSqlFhirDbContext>
{
    public PostgreSqlFhirDbContext CreateDbContext(string[] args) =>
        (PostgreSqlFhirDbContext)FhirDbContexts.Create(StorageProvider.PostgreSql, "Host=localhost");
}

internal sealed class SqlServerDesignFactory : IDesignTimeDbContextFactory<SqlServerFhirDbContext>
{
    public SqlServerFhirDbContext CreateDbContext(string[] args) =>
        (SqlServerFhirDbContext)FhirDbContexts.Create(StorageProvider.SqlServer, "Server=localhost");
}
