using System.Security.Cryptography;
using System.Text;
using CareCoordination.Storage.Tables;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace CareCoordination.Storage.Tests;

/// <summary>
/// What a migration of a release does is never changed: databases have it behind them, and nobody would change them again. A new
/// migration is added after these.
/// </summary>
public sealed class ReleasedMigrationTests
{
    /// <summary>The migrations of the first release in their order.</summary>
    private static readonly (StorageProvider Provider, string[] Ids)[] First =
    [
        (
            StorageProvider.Sqlite,
            [
                "20261129011233_Initial",
                "20261129014137_Readings",
                "20261129015931_CommitIdAndRequiredIds",
                "20261129023141_PollProblem",
            ]
        ),
        (
            StorageProvider.PostgreSql,
            [
                "20261129011248_Initial",
                "20261129014139_Readings",
                "20261129015941_CommitIdAndRequiredIds",
                "20261129023147_PollProblem",
            ]
        ),
        (
            StorageProvider.SqlServer,
            [
                "20261129011301_Initial",
                "20261129014142_Readings",
                "20261129015952_CommitIdAndRequiredIds",
                "20261129023154_PollProblem",
            ]
        ),
    ];

    public static TheoryData<StorageProvider> All =>
        [StorageProvider.Sqlite, StorageProvider.PostgreSql, StorageProvider.SqlServer];

    [Theory, MemberData(nameof(All))]
    public void The_migrations_of_the_first_release_come_first_and_are_what_they_were(StorageProvider provider)
    {
        var ids = First.Single(f => f.Provider == provider).Ids;
        using var context = FhirDbContexts.Create(
            provider,
            provider == StorageProvider.Sqlite ? "Data Source=:memory:" : "Server=none"
        );

        Assert.Equal(ids, context.Database.GetMigrations().Take(ids.Length));
        // The release of EF Core stands in the script, and may change.
        var script = context
            .GetService<IMigrator>()
            .GenerateScript(Migration.InitialDatabase, ids[^1], MigrationsSqlGenerationOptions.NoTransactions)
            .ReplaceLineEndings("\n")
            .Replace(ProductInfo.GetVersion(), "", StringComparison.Ordinal);
        Snapshot.Matches(
            $"tests/CareCoordination.Storage.Tests/Snapshots/first-release.{provider}.txt",
            Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(script))) + "\n"
        );
    }
}
