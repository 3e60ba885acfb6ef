using CareCoordination.Storage;
using CareCoordination.Storage.Connections;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace CareCoordination.SignIn.Tables;

/// <summary>Makes the context of each engine, for the server, for migrations and for dotnet-ef, which needs no database.</summary>
internal static class SignInDbContexts
{
    public static Type TypeOf(StorageProvider provider) =>
        provider switch
        {
            StorageProvider.Sqlite => typeof(SqliteSignInDbContext),
            StorageProvider.PostgreSql => typeof(PostgreSqlSignInDbContext),
            _ => typeof(SqlServerSignInDbContext),
        };

    public static void Add(IServiceCollection services, StorageOptions storage)
    {
        var (connection, timeout) = (storage.ReadConnection().Text, storage.CommandTimeout);
        if (storage.Provider == StorageProvider.Sqlite)
            Add<SqliteSignInDbContext>(services, o => UseSqlite(o, connection, timeout));
        else if (storage.Provider == StorageProvider.PostgreSql)
            Add<PostgreSqlSignInDbContext>(services, o => UsePostgreSql(o, connection, timeout));
        else
            Add<SqlServerSignInDbContext>(services, o => UseSqlServer(o, connection, timeout));
    }

    public static SignInDbContext Create(StorageProvider provider, string connection, TimeSpan timeout) =>
        provider switch
        {
            StorageProvider.Sqlite => new SqliteSignInDbContext(
                Options<SqliteSignInDbContext>(o => UseSqlite(o, connection, timeout))
            ),
            StorageProvider.PostgreSql => new PostgreSqlSignInDbContext(
                Options<PostgreSqlSignInDbContext>(o => UsePostgreSql(o, connection, timeout))
            ),
            _ => new SqlServerSignInDbContext(
                Options<SqlServerSignInDbContext>(o => UseSqlServer(o, connection, timeout))
            ),
        };

    private static void Add<T>(IServiceCollection services, Action<DbContextOptionsBuilder> use)
        where T : SignInDbContext
    {
        services.AddDbContext<T>(options =>
        {
            use(options);
            // A row that is there already is an answer here, of an assertion that was used before, and no error. What is one is thrown,
            // and logged by whoever it reaches.
            options.ConfigureWarnings(warnings =>
                warnings.Log(
                    (RelationalEventId.CommandError, LogLevel.Debug),
                    (CoreEventId.SaveChangesFailed, LogLevel.Debug)
                )
            );
        });
        services.AddScoped<SignInDbContext>(provider => provider.GetRequiredService<T>());
    }

    private static DbContextOptions<T> Options<T>(Action<DbContextOptionsBuilder> use)
        where T : DbContext
    {
        var builder = new DbContextOptionsBuilder<T>();
        use(builder);
        return builder.Options;
    }

    // The file is written by the store too. The driver waits for its turn as long as a command may take, and begins transactions that
    // write with the lock. https://learn.microsoft.com/dotnet/standard/data/sqlite/database-errors#locking-retries-and-timeouts
    private static void UseSqlite(DbContextOptionsBuilder options, string connection, TimeSpan timeout) =>
        options.UseSqlite(
            connection,
            o => o.CommandTimeout(Seconds(timeout)).MigrationsHistoryTable(SignInDbContext.History)
        );

    private static void UsePostgreSql(DbContextOptionsBuilder options, string connection, TimeSpan timeout) =>
        options.UseNpgsql(
            connection,
            o => o.CommandTimeout(Seconds(timeout)).MigrationsHistoryTable(SignInDbContext.History)
        );

    private static void UseSqlServer(DbContextOptionsBuilder options, string connection, TimeSpan timeout) =>
        options.UseSqlServer(
            connection,
            o => o.CommandTimeout(Seconds(timeout)).MigrationsHistoryTable(SignInDbContext.History)
        );

    private static int Seconds(TimeSpan timeout) => Math.Max(1, (int)timeout.TotalSeconds);
}

internal sealed class SqliteSignInDesign : IDesignTimeDbContextFactory<SqliteSignInDbContext>
{
    public SqliteSignInDbContext CreateDbContext(string[] args) =>
        (SqliteSignInDbContext)SignInDbContexts.Create(StorageProvider.Sqlite, "Data Source=:memory:", TimeSpan.Zero);
}

internal sealed class PostgreSqlSignInDesign : IDesignTimeDbContextFactory<PostgreSqlSignInDbContext>
{
    public PostgreSqlSignInDbContext CreateDbContext(string[] args) =>
        (PostgreSqlSignInDbContext)SignInDbContexts.Create(StorageProvider.PostgreSql, "Host=localhost", TimeSpan.Zero);
}

internal sealed class SqlServerSignInDesign : IDesignTimeDbContextFactory<SqlServerSignInDbContext>
{
    public SqlServerSignInDbContext CreateDbContext(string[] args) =>
        (SqlServerSignInDbContext)SignInDbContexts.Create(StorageProvider.SqlServer, "Server=localhost", TimeSpan.Zero);
}
