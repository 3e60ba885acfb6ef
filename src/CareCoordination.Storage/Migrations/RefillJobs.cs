using Microsoft.EntityFrameworkCore.Migrations;

namespace CareCoordination.Storage.Migrations;

/// <summary>What a migration leaves to be done with the resources that are there: their kept rows are to be written anew.</summary>
internal static class RefillJobs
{
    /// <summary>Adds the job for all types that have a status: all rows of their resources are written.</summary>
    public static void AddForAll(MigrationBuilder migration, StorageProvider provider) => Add(migration, provider, "");

    /// <summary>Adds the job for every type there is: all rows of all resources are written.</summary>
    public static void AddForEveryType(MigrationBuilder migration, StorageProvider provider) =>
        Add(migration, provider, EveryType);

    /// <summary>What such a job has for the name of a type.</summary>
    public const string EveryType = "*";

    /// <summary>Adds the job for a type; a new database has no resources, and gets none.</summary>
    public static void Add(MigrationBuilder migration, StorageProvider provider, string resourceType)
    {
        var arguments = provider switch
        {
            StorageProvider.Sqlite => $"CAST('{resourceType}' AS BLOB)",
            StorageProvider.PostgreSql => $"convert_to('{resourceType}', 'UTF8')",
            _ => $"CAST('{resourceType}' AS varbinary(max))",
        };
        migration.Sql(
            """INSERT INTO "Job" ("JobId", "Kind", "Total", "CreatedAt", "EndedAt", "IsGivenUp", "Arguments") """
                + $"SELECT 'keep-rows-{NameOf(resourceType)}', 'keep-rows', 1, 0, 0, 0, {arguments} "
                + """WHERE EXISTS (SELECT 1 FROM "Resource");"""
        );
    }

    private static string NameOf(string resourceType) =>
        resourceType switch
        {
            "" => "all",
            EveryType => "every-type",
            _ => resourceType,
        };
}
